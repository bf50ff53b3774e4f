using System.Collections.Immutable;

namespace GpuTty.Cli;

/// <summary>The other ways to run this program; Program.cs knows what is behind them.</summary>
internal sealed record HiddenCommands
{
    /// <summary>The full-screen program.</summary>
    public required Func<ScreenSettings, CancellationToken, Task<int>> Screen { get; init; }

    /// <summary>The full-screen program on a simulated machine.</summary>
    public required Func<string, ScreenSettings, CancellationToken, Task<int>> Demo { get; init; }

    /// <summary>The full-screen program on the machine of a report, which can be read.</summary>
    public required Func<string, ScreenSettings, CancellationToken, Task<int>> DemoFrom { get; init; }

    /// <summary>A function: building them plays a whole switch, and no other command needs that at its start.</summary>
    public required Func<ImmutableArray<NamedMachine>> Machines { get; init; }

    /// <summary>Everything that a command touches, on a simulated machine; null where there is none of that name.</summary>
    public Func<string, CommandContext?> Simulated { get; init; } = _ => null;

    /// <summary>Started by the switch service, never by people; each gets the rest of its command line.</summary>
    public required Func<IReadOnlyList<string>, CancellationToken, Task<int>> Worker { get; init; }
    public required Func<IReadOnlyList<string>, CancellationToken, Task<int>> Recover { get; init; }
    public required Func<IReadOnlyList<string>, CancellationToken, Task<int>> Supervise { get; init; }
    public required Func<IReadOnlyList<string>, CancellationToken, Task<int>> Console { get; init; }
    public required Func<IReadOnlyList<string>, CancellationToken, Task<int>> LeaveConsole { get; init; }
}

/// <param name="Name">What is typed.</param>
/// <param name="What">What it shows, in one line.</param>
internal sealed record NamedMachine(string Name, string What);

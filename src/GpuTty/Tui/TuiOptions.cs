using System.Collections.Immutable;
using GpuTty.Diagnosis;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Switching;

namespace GpuTty.Tui;

/// <summary>What the program is started with. What is null here cannot be done, and its key says so.</summary>
internal sealed record TuiOptions
{
    /// <summary>In the place of a simulated machine's name: somebody's real machine, out of his report.</summary>
    public const string OfReport = "of a report";

    /// <summary>The simulated machine's name.</summary>
    public string? Demo { get; init; }

    /// <summary>The card to begin with.</summary>
    public PciAddress? Card { get; init; }

    public Func<int, CancellationToken, Task>? ShowTerminal { get; init; }

    /// <summary>Starts the program on a free text console, with this card, and returns the console's number.</summary>
    public Func<PciAddress?, CancellationToken, Task<int>>? OpenConsole { get; init; }

    /// <summary>What is configured for whoever calls; read anew with each look.</summary>
    public Func<ConfiguredSwitch> Configured { get; init; } = () => ConfiguredSwitch.None;

    /// <summary>Runs a command of gputty's, and returns what it prints.</summary>
    public Func<ImmutableArray<string>, CancellationToken, Task<string>>? Command { get; init; }

    public IDoctor? Doctor { get; init; }

    /// <summary>Writes the report and returns its path.</summary>
    public Func<CancellationToken, Task<string>>? WriteReport { get; init; }

    /// <summary>Writes lines to a file of its own and returns its path.</summary>
    public Func<ImmutableArray<string>, CancellationToken, Task<string>>? SaveLog { get; init; }

    /// <summary>Writes lines to a new file of the user's, by the name that the user typed, and returns its path.</summary>
    public Func<string, ImmutableArray<string>, CancellationToken, Task<string>>? Copy { get; init; }

    /// <summary>Tells what the kernel says from now on, until cancelled; comes back earlier where that cannot be heard.</summary>
    public Func<Action<LogLine>, CancellationToken, Task>? ListenToKernel { get; init; }

    /// <summary>Why the journal cannot be read, in a sentence; null when it can.</summary>
    public Func<string?> JournalProblem { get; init; } = () => null;

    /// <summary>Drops what was typed and not read yet; on a screen the terminal's own
    /// session does it. Null where the answers do not come from a terminal.</summary>
    public Action? ForgetTyped { get; init; }

    /// <summary>Where lines are written, in columns; null where they are not broken, such as into a pipe.</summary>
    public int? Columns { get; init; }

    /// <summary>Calls back on every Ctrl+C, which then no longer ends the program,
    /// until disposed; null where a screen reads the key itself.</summary>
    public Func<Action, IDisposable>? OnInterrupt { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The machine is looked at when it changes, and at least this often: programs open a card without telling anybody.</summary>
    public TimeSpan LookAtLeastEvery { get; init; } = TimeSpan.FromSeconds(15);

    public Abilities Abilities =>
        (ShowTerminal is null ? 0 : Abilities.ShowTerminal)
        | (WriteReport is null ? 0 : Abilities.WriteReport)
        | (SaveLog is null ? 0 : Abilities.SaveLog)
        | (Command is null ? 0 : Abilities.Commands)
        | (Doctor is null ? 0 : Abilities.Doctor)
        | (Copy is null ? 0 : Abilities.Copy)
        | (OpenConsole is null ? 0 : Abilities.OpenConsole);
}

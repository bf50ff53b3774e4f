using GpuTty.Host;
using GpuTty.Switching;

namespace GpuTty.Cli;

/// <summary>Everything a command touches. Program.cs fills it with the real machine or a simulated one; a test with its own.</summary>
internal sealed record World
{
    /// <summary>A function, so that --help and --version look at nothing.</summary>
    public required Func<IHostReader> Reader { get; init; }
    public required Func<ISwitchDesk> Desk { get; init; }

    /// <summary>Data.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Errors, questions and remarks.</summary>
    public required TextWriter Error { get; init; }
    public required TextReader In { get; init; }

    /// <summary>A person sits at both ends and can be asked.</summary>
    public bool IsTerminal { get; init; }
    public bool UsesColour { get; init; }
    public bool IsRoot { get; init; }

    /// <summary>Calls back on every Ctrl+C, which then no longer ends the program, until disposed.</summary>
    public required Func<Action, IDisposable> OnInterrupt { get; init; }

    /// <summary>Where more can be read after a failure.</summary>
    public string LogFile { get; init; } = "/var/log/gputty/gputty.log";

    /// <summary>Why the journal cannot be read, in a sentence: written by another version, or torn; null when it can.</summary>
    public Func<string?> JournalProblem { get; init; } = () => null;

    public Page Page => new(Out, UsesColour);
    public Page Remarks => new(Error, false);

    public Task<HostSnapshot> ReadAsync(CancellationToken cancel) => Reader().ReadAsync(Facts.All, null, cancel);
}

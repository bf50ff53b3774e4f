using GpuTty.Cli.Output;
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

    /// <summary>Drops what was typed before a question could be read.</summary>
    public Action ForgetTyped { get; init; } = () => { };

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

    public Func<DateTimeOffset> Now { get; init; } = () => DateTimeOffset.Now;

    /// <summary>What a report holds besides the machine: versions, journal, logs.</summary>
    public Func<IEnumerable<ReportFile>> ReportFiles { get; init; } = () => [];

    /// <summary>Writes a new file that only its owner can read: where the user said, or, where he did not, under this name. Returns its path.</summary>
    public Func<string?, string, byte[], string> WriteReport { get; init; } = (_, _, _) => throw new HostException("No report can be written from here.", "Run: gputty report");

    /// <summary>A file of so many bytes at most; throws a <see cref="HostException"/> where it cannot be read.</summary>
    public Func<string, int, byte[]> ReadFile { get; init; } = (path, _) => throw new HostException($"{path} cannot be read from here.", "Run: gputty demo --from REPORT");

    /// <summary>Clears up after a worker that was killed, where nobody has: every command that changes something begins with it.</summary>
    public Func<Task> ClearUp { get; init; } = () => Task.CompletedTask;

    /// <summary>What the watch over the only card keeps, in case it is started again.</summary>
    public IWatchNotes Watch { get; init; } = new NoNotes();

    public TextPage Page => new(Out, UsesColour);
    public TextPage Remarks => new(Error, false);

    public Task<HostSnapshot> ReadAsync(CancellationToken cancel, Facts more = Facts.None) => Reader().ReadAsync(Facts.All | more, null, cancel);
}

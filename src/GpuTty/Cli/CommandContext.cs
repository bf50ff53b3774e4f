using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Host.Boot;
using GpuTty.Host.Guests;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Switching;

namespace GpuTty.Cli;

/// <summary>Everything a command touches. RealMachine fills it, DemoParts with a simulated machine, a test with its own.</summary>
internal sealed record CommandContext
{
    /// <summary>A function, so that --help and --version look at nothing.</summary>
    public required Func<IHostReader> Reader { get; init; }
    public required Func<ISwitchService> SwitchService { get; init; }

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

    /// <summary>Names that a report has other words for, besides those of who is seen on the machine.</summary>
    public Func<LocalNames> LocalNames { get; init; } = () => Host.LocalNames.None;

    /// <summary>The kernel's files about cards, each with its path; empty where there are none.</summary>
    public Func<CancellationToken, string> MachineFiles { get; init; } = _ => "";

    /// <summary>Writes a new file that only its owner can read: where the user
    /// said, or, where he did not, under this name. Returns its path.</summary>
    public Func<string?, string, byte[], string> WriteReport { get; init; } =
        (_, _, _) => throw new HostException("No report can be written from here.", "Run: gputty report");

    /// <summary>Writes a new file as whoever called, who may be another user than this program's. Returns its path.</summary>
    public Func<string, byte[], string> WriteForCaller { get; init; } =
        (_, _) => throw new HostException("No report can be written from here.", "Run: gputty report");

    /// <summary>Root acts for another user, to whom what it writes elsewhere does not belong.</summary>
    public Func<bool> IsForUser { get; init; } = () => false;

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public ILibvirt Libvirt { get; init; } = new NoLibvirt();

    /// <summary>What starts of guests have given away.</summary>
    public IGuestGrants Grants { get; init; } = new NoGrants();

    /// <summary>Takes out of the machine's settings what the doctor has found.</summary>
    public ICorrections Corrections { get; init; } = new NoCorrections();

    /// <summary>Which cards go to vfio-pci when the machine starts.</summary>
    public IBootSettings Boot { get; init; } = new NoBootSettings();

    /// <summary>Configuration of the system alone: nobody sits at what a guest starts.</summary>
    public Func<Configuration> ConfiguredForGuests { get; init; } = () => Configuration.Empty;

    /// <summary>How to start this program again: absolute path, and its own file first where it runs on a shared runtime.</summary>
    public Func<IReadOnlyList<string>> Program { get; init; } = () => ["/usr/local/bin/gputty"];

    /// <summary>Starts gputty with these arguments, in a unit of that name where there is systemd, and does not wait for it.</summary>
    public Func<string, IReadOnlyList<string>, Task> StartBeside { get; init; } =
        (_, _) => throw new HostException("Nothing can be started from here.", "Run it yourself.");

    /// <summary>Text of a guest's configuration on Proxmox VE, by its number; null where there is none.</summary>
    public Func<string, string?> ProxmoxConfig { get; init; } = _ => null;

    /// <summary>The cluster's names for devices, as this node has them.</summary>
    public Func<ProxmoxMappings> ProxmoxMappings { get; init; } = () => Host.Guests.ProxmoxMappings.None;

    /// <summary>Whether such a guest runs; null where it cannot be told.</summary>
    public Func<string, bool?> IsProxmoxGuestRunning { get; init; } = _ => null;

    /// <summary>Why an image of a card's firmware cannot be used; null where it can.</summary>
    public Func<string, (string Problem, string Remedy)?> RomProblem { get; init; } = _ => null;

    /// <summary>The firmware that a card shows through its memory window.</summary>
    public Func<PciAddress, CancellationToken, Task<byte[]>> CardRom { get; init; } =
        (_, _) => throw new HostException("No card can be read from here.", "Run: gputty rom save");

    /// <summary>What the machine's own firmware keeps of a card's; null where it has none. Throws where it cannot be read.</summary>
    public Func<PciDevice, byte[]?> FirmwareRom { get; init; } = _ => null;

    /// <summary>A user and a group (empty for none) as this machine knows them; null where neither is named.</summary>
    public Func<string, string, VfioOwner?> VfioOwner { get; init; } = (_, _) => null;

    /// <summary>The user that a command is run as (null: whoever called) as owner of vfio's nodes; null for root, who needs none.</summary>
    public Func<string?, VfioOwner?> CommandOwner { get; init; } = _ => null;

    /// <summary>Why no command can be run as this user (null: as whoever called); null where it can.</summary>
    public Func<string?, (string Problem, string Remedy)?> UserProblem { get; init; } = _ => null;

    /// <summary>Why that user (null: whoever called) cannot start this program; null where it can.</summary>
    public Func<string, string?, CancellationToken, Task<(string Problem, string Remedy)?>> ProgramProblem { get; init; } =
        (_, _, _) => Task.FromResult<(string, string)?>(null);

    /// <summary>Runs a command in the foreground as a user (null: as whoever called),
    /// and tells its exit code, 128 and the signal where one ended it.</summary>
    public Func<IReadOnlyList<string>, string?, Task<int>> RunForeground { get; init; } =
        (_, _) => throw new HostException("No command can be run from here.", "Run it yourself.");

    /// <summary>This process and its start time.</summary>
    public Func<(int Pid, long StartTime)> Self { get; init; } = () => (Environment.ProcessId, 0);

    /// <summary>Whether such a process lives.</summary>
    public Func<int, long, bool> IsAlive { get; init; } = (_, _) => false;

    /// <summary>What is configured for whoever calls: gputty.conf, with defaults.</summary>
    public Func<Configuration> Configured { get; init; } = () => Configuration.Empty;

    /// <summary>A file of so many bytes at most; throws a <see cref="HostException"/> where it cannot be read.</summary>
    public Func<string, int, byte[]> ReadFile { get; init; } =
        (path, _) => throw new HostException($"{path} cannot be read from here.", "Run: gputty demo --from REPORT");

    /// <summary>Clears up after a worker that was killed, where nobody has: every command that changes something begins with it.</summary>
    public Func<Task> ClearUp { get; init; } = () => Task.CompletedTask;

    /// <summary>What the watch over the only card keeps, in case it is started again.</summary>
    public IWatchNotes Watch { get; init; } = new NoNotes();

    /// <summary>Makes commands of gputty in a text those that work on this machine; null where they do.</summary>
    public Func<string, string>? Place { get; init; }

    public TextPage Page => new(Out, UsesColour, Place);

    /// <summary>For the text of files, word by word.</summary>
    public TextPage Verbatim => new(Out, UsesColour);
    public TextPage Remarks => new(Error, false, Place);

    /// <summary>The card that was typed, else the configured one, else the only one that can be meant.</summary>
    public CardChoice Choose(HostSnapshot host, string? typed) =>
        typed is null ? ConfiguredCard.Find(host, Configured().Usable()) : CardChoice.Find(host, typed);

    /// <summary>With what is configured about who may open vfio's nodes, and what the machine is set to meanwhile.</summary>
    public SwitchIntent WithGuestSettings(SwitchIntent intent) => WithGuestSettings(intent, Configured().Usable());

    public SwitchIntent WithGuestSettings(SwitchIntent intent, Configuration configured) =>
        ConfiguredIntent.WithGuestSettings(intent, configured, () => ConfiguredIntent.Owner(configured, VfioOwner));

    public Task<HostSnapshot> ReadAsync(CancellationToken cancel, SnapshotSections more = SnapshotSections.None) =>
        Reader().ReadAsync(SnapshotSections.All | more, null, cancel);
}

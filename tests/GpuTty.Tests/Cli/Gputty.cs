using System.Text.Json;
using GpuTty.Cli;
using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Host.Guests;
using GpuTty.Host.Settings;
using GpuTty.Simulation;
using GpuTty.Switching;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Cli;

/// <summary>What a command left: its exit code, and what it said where.</summary>
internal sealed record Said(int Code, string Out, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    /// <summary>The objects of a run, one a line.</summary>
    public List<JsonElement> JsonLines =>
        [.. Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
}

/// <summary>The program on a simulated machine, from the same entry as Program.cs, in no time.</summary>
internal sealed class Gputty
{
    private readonly FakeClock _clock;
    private TextWriter _data = TextWriter.Null, _errors = TextWriter.Null;

    public required SimulatedHost Host { get; init; }
    public SimulatedSwitchService SwitchService { get; private init; } = null!;

    /// <summary>Instead of <see cref="Host"/>.</summary>
    public IHostReader? Reader { get; init; }
    public string? JournalProblem { get; init; }
    public bool IsRoot { get; init; } = true;
    public bool IsTerminal { get; init; }
    public bool UsesColour { get; init; }

    /// <summary>Root by sudo.</summary>
    public bool IsForUser { get; set; }

    /// <summary>Where reports go that nobody named a file for.</summary>
    public string ReportsGoTo { get; init; } = "/nowhere";
    public IReadOnlyList<ReportFile> ReportFiles { get; init; } = [];
    public LocalNames LocalNames { get; init; } = LocalNames.None;

    /// <summary>The kernel's files, as a full report has them.</summary>
    public string MachineFiles { get; init; } = "";

    /// <summary>What the user answers.</summary>
    public string Types { get; init; } = "";

    /// <summary>Called with what the program wants to be told of a Ctrl+C.</summary>
    public Action<Action> OnInterruptible { get; init; } = _ => { };
    public IWatchNotes Watch { get; init; } = new NoNotes();
    public Configuration Configured { get; init; } = Configuration.Empty;
    public ILibvirt Libvirt { get; init; } = new NoLibvirt();
    public IGuestGrants Grants { get; init; } = new NoGrants();
    public ICorrections Corrections { get; init; } = new NoCorrections();
    public GpuTty.Host.Boot.IBootSettings Boot { get; init; } = new GpuTty.Host.Boot.NoBootSettings();

    /// <summary>What a command in the foreground does, and its exit code.</summary>
    public Func<IReadOnlyList<string>, string?, Task<int>> Foreground { get; init; } = (_, _) => Task.FromResult(0);

    /// <summary>A program that nobody can start.</summary>
    public string? NoProgram { get; init; }
    public Func<int, bool> IsAlive { get; init; } = _ => false;
    public string? ProxmoxConfig { get; init; }

    /// <summary>Text of the mappings of a cluster whose node this is, by the name of lab.</summary>
    public string ProxmoxMappings { get; init; } = "";
    public Func<string, bool?> IsProxmoxGuestRunning { get; init; } = _ => null;
    public bool NothingStartsBeside { get; init; }
    public Func<GpuTty.Host.Pci.PciAddress, byte[]>? CardRom { get; init; }
    public Func<GpuTty.Host.Pci.PciDevice, byte[]?> FirmwareRom { get; init; } = _ => null;

    /// <summary>The program's file was exchanged since it was started, as by an update.</summary>
    public bool IsReplaced { get; set; }

    /// <summary>What was started beside it: arguments of gputty.</summary>
    public List<string[]> Beside { get; init; } = [];
    public List<string> Entered { get; } = [];

    /// <summary>Users and groups.</summary>
    public Func<string, string, GpuTty.Host.Pci.VfioOwner?> Owners { get; init; } = (user, group) => user is "" && group is "" ? null
        : user == "nobody-here"
            ? throw new HostException(
                "There is no user nobody-here on this machine, who is to have vfio's nodes.",
                "Correct VFIO_USER in /etc/gputty.conf, or take it out.")
            : new(user is "" ? null : 1000, group is "" ? null : 108, $"{user} {group}".Trim());
    public DateTimeOffset Now => _clock.GetUtcNow();

    public static Gputty On(string machine, FaultPlan? drill = null) => On(Machines.Find(machine)!.Machine, [], drill);

    public static Gputty On(Interruption interruption) => On(interruption.Machine, [.. interruption.Journal]);

    public static Gputty On(HostSnapshot host) => On("desktop").With(host);

    public static Gputty On(Machine machine, RunEvent[] journal, FaultPlan? drill = null)
    {
        var clock = new FakeClock();
        var host = new SimulatedHost(machine, clock, drill);
        return new Gputty(clock) { Host = host, SwitchService = new SimulatedSwitchService(host, clock, [.. journal]) };
    }

    private Gputty(FakeClock clock) => _clock = clock;

    /// <summary>The same program with other circumstances.</summary>
    public Gputty With(
        HostSnapshot? sees = null,
        string? journalProblem = null,
        bool isRoot = true,
        bool isTerminal = false,
        bool usesColour = false,
        string types = "",
        Action<Action>? onInterruptible = null,
        IHostReader? reader = null,
        string reportsGoTo = "/nowhere",
        IReadOnlyList<ReportFile>? reportFiles = null,
        LocalNames? localNames = null,
        string machineFiles = "",
        IWatchNotes? watch = null,
        Configuration? configured = null,
        ILibvirt? libvirt = null,
        IGuestGrants? grants = null,
        GpuTty.Host.Boot.IBootSettings? boot = null,
        Func<IReadOnlyList<string>, string?, Task<int>>? foreground = null,
        Func<int, bool>? isAlive = null,
        string? noProgram = null,
        string? proxmoxConfig = null,
        string? proxmoxMappings = null,
        Func<string, bool?>? isProxmoxGuestRunning = null,
        bool nothingStartsBeside = false,
        Func<GpuTty.Host.Pci.PciAddress, byte[]>? cardRom = null,
        Func<GpuTty.Host.Pci.PciDevice, byte[]?>? firmwareRom = null,
        ICorrections? corrections = null) => new(_clock)
        {
            ReportsGoTo = reportsGoTo,
            ReportFiles = reportFiles ?? [],
            LocalNames = localNames ?? LocalNames,
            MachineFiles = machineFiles,
            Host = Host,
            SwitchService = SwitchService,
            Reader = reader ?? (sees is null ? Reader : new Fixed(sees)),
            JournalProblem = journalProblem,
            IsRoot = isRoot,
            IsTerminal = isTerminal,
            UsesColour = usesColour,
            Types = types,
            OnInterruptible = onInterruptible ?? (_ => { }),
            Watch = watch ?? Watch,
            Configured = configured ?? Configured,
            Libvirt = libvirt ?? Libvirt,
            Grants = grants ?? Grants,
            Boot = boot ?? Boot,
            Corrections = corrections ?? Corrections,
            Beside = Beside,
            Foreground = foreground ?? Foreground,
            IsAlive = isAlive ?? IsAlive,
            NoProgram = noProgram ?? NoProgram,
            ProxmoxConfig = proxmoxConfig ?? ProxmoxConfig,
            ProxmoxMappings = proxmoxMappings ?? ProxmoxMappings,
            IsProxmoxGuestRunning = isProxmoxGuestRunning ?? IsProxmoxGuestRunning,
            NothingStartsBeside = nothingStartsBeside,
            CardRom = cardRom ?? CardRom,
            FirmwareRom = firmwareRom ?? FirmwareRom,
        };

    /// <summary>A command line as the program reads it.</summary>
    public static System.CommandLine.ParseResult Parse(HostSnapshot host, params string[] args)
    {
        var gputty = On(host);
        return CommandLine.Parse(args, gputty.World(new StringWriter(), new StringWriter()), gputty.Entries());
    }

    public Said Run(params string[] args)
    {
        var said = new Said(-1, "", "");
        _clock.Run(async () => said = await RunAsync(args));
        return said;
    }

    public async Task<Said> RunAsync(params string[] args)
    {
        using StringWriter data = new(), errors = new();
        (_data, _errors) = (data, errors);
        var code = await CommandLine.RunAsync(args, World(data, errors), Entries());
        return new Said(code, data.ToString(), errors.ToString());
    }

    /// <summary>A command that is told to end.</summary>
    public async Task<int> RunCancelledAsync(CancellationToken cancel, params string[] args) =>
        await CommandLine.RunAsync(args, World(new StringWriter(), new StringWriter()), Entries(), cancel);

    /// <summary>Several commands at once, as from two consoles.</summary>
    public void Meanwhile(Func<Task> test) => _clock.Run(test);

    public CommandContext World(TextWriter data, TextWriter errors) => new()
    {
        Reader = () => Reader ?? Host,
        SwitchService = Once(() => IsReplaced ? throw new HostException("The program's own file has been replaced.", "") : SwitchService),
        Out = data,
        Error = errors,
        In = new StringReader(Types),
        IsRoot = IsRoot,
        IsTerminal = IsTerminal,
        UsesColour = UsesColour,
        JournalProblem = () => JournalProblem,
        MachineFiles = _ => MachineFiles,
        Watch = Watch,
        Configured = () => Configured,
        ConfiguredForGuests = () => Configured,
        Libvirt = Libvirt,
        Grants = Grants,
        Boot = Boot,
        Corrections = Corrections,
        Clock = _clock,
        RunForeground = Foreground,
        ProgramProblem = (program, _, _) => Task.FromResult<(string, string)?>(
            program == NoProgram ? ($"There is no program '{program}'.", "Name it with its whole path.") : null),
        Self = () => (4711, 99),
        IsAlive = (pid, start) => start == 99 && IsAlive(pid),
        ProxmoxConfig = vmid => vmid switch
        {
            "100" => ProxmoxConfig,
            "101" => throw new HostException("/etc/pve/qemu-server/101.conf cannot be read: Input/output error.", "See why."),
            _ => null,
        },
        ProxmoxMappings = () => GpuTty.Host.Guests.ProxmoxMappings.Parse(ProxmoxMappings, "lab.example.org"),
        IsProxmoxGuestRunning = IsProxmoxGuestRunning,
        VfioOwner = Owners,
        CommandOwner = user => user == "joe" ? new GpuTty.Host.Pci.VfioOwner(1000, null, "joe") : null,
        UserProblem = user =>
            user == "nobody-here"
                ? ("There is no user nobody-here on this machine.", "Name the user that the command is to run as: --as USER")
                : null,
        CardRom = (address, cancel) =>
        {
            var rom = CardRom!(address);
            cancel.ThrowIfCancellationRequested();
            return Task.FromResult(rom);
        },
        FirmwareRom = FirmwareRom,
        RomProblem = GpuTty.Linux.Guests.RomFile.ProblemOf,
        StartBeside = (_, arguments) =>
        {
            if (NothingStartsBeside) throw new HostException("systemd does not answer.", "See: systemctl status");
            Beside.Add([.. arguments]);
            return Task.CompletedTask;
        },
        Now = () => _clock.GetUtcNow(),
        ReportFiles = () => ReportFiles,
        LocalNames = () => LocalNames,
        ReadFile = (path, _) =>
            File.Exists(path)
                ? File.ReadAllBytes(path)
                : throw new HostException($"{path} cannot be read: there is no such file.", "Name another."),
        WriteForCaller = (path, content) => GpuTty.Linux.State.NewFile.Write(path, content),
        IsForUser = () => IsForUser,
        WriteReport = (path, name, content) => GpuTty.Linux.State.NewFile.Write(path ?? Path.Combine(ReportsGoTo, name), content),
        OnInterrupt = interrupted =>
        {
            OnInterruptible(interrupted);
            return new StringReader("");
        },
    };

    /// <summary>As RealMachine does: what comes of the first call is kept, a fault too.</summary>
    private static Func<SimulatedSwitchService> Once(Func<SimulatedSwitchService> find)
    {
        var found = new Lazy<SimulatedSwitchService>(find);
        return () => found.Value;
    }

    public HiddenCommands Entries() => new()
    {
        Screen = (settings, _) => Enter($"screen{Wished(settings)}"),
        Demo = (machine, settings, _) => Enter($"demo {machine}{Wished(settings)}"),
        DemoFrom = (report, settings, _) => Enter($"demo --from {report}{Wished(settings)}"),
        Machines = () => [.. Machines.All.Select(machine => new GpuTty.Cli.NamedMachine(machine.Name, machine.Description))],
        Simulated = name => Machines.Find(name) is { } machine ? OnSimulated(machine) : null,
        Worker = (rest, _) => Enter($"worker {string.Join(' ', rest)}".Trim()),
        Recover = (rest, _) => Enter($"recover {string.Join(' ', rest)}".Trim()),
        Supervise = (rest, _) => Enter($"supervise {string.Join(' ', rest)}".Trim()),
        Console = (rest, _) => Enter($"console {string.Join(' ', rest)}".Trim()),
        LeaveConsole = (rest, _) => Enter($"leave-console {string.Join(' ', rest)}".Trim()),
    };

    private CommandContext OnSimulated(DemoMachine machine)
    {
        var host = new SimulatedHost(machine.Machine, _clock, machine.FaultPlan);
        var service = new SimulatedSwitchService(host, _clock, machine.JournalAt(_clock.GetUtcNow()));
        return World(_data, _errors) with { Reader = () => host, SwitchService = () => service };
    }

    private static string Wished(ScreenSettings settings) =>
        string.Concat(settings.Arguments.Select(argument => $" {argument}")) + (settings.Plain ? " in lines" : "");

    private Task<int> Enter(string entry)
    {
        Entered.Add(entry);
        return Task.FromResult(ExitCodes.Done);
    }

    private sealed class Fixed(HostSnapshot host) : IHostReader
    {
        public Task<HostSnapshot> ReadAsync(SnapshotSections facts, HostSnapshot? before, CancellationToken cancel) =>
            Task.FromResult(host);
        public Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancel) => Task.CompletedTask;
    }
}

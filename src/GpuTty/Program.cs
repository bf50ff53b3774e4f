using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using GpuTty.Cli;
using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Host.Guests;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Interop;
using GpuTty.Linux;
using GpuTty.Linux.Boot;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Guests;
using GpuTty.Linux.Kernel;
using GpuTty.Linux.Pci;
using GpuTty.Linux.Processes;
using GpuTty.Linux.Settings;
using GpuTty.Linux.State;
using GpuTty.Linux.Systemd;
using GpuTty.Linux.Vt;
using GpuTty.Linux.Worker;
using GpuTty.Linux.Writes;
using GpuTty.Planning.Desktop;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Text;
using GpuTty.Tui;

namespace GpuTty;

/// <summary>The only place that knows every part: it picks the real or the simulated machine, once.</summary>
internal static class Program
{
    private static readonly CommandRunner s_tools = new();
    private static readonly Buses s_buses = new(FileSystemRoot.Live);
    private static readonly TransientUnits s_units = new(s_buses, s_tools);
    private static readonly TerminalOptions s_terminal = TerminalOptions.FromEnvironment with
    {
        ConsoleOf = device => ViewerFacts.OfThisMachine.ConsoleOf(device),
    };
    private static readonly StatePaths s_state = StatePaths.OfThisMachine;
    private static readonly Lazy<LinuxSwitchService> s_desk = new(() => LinuxSwitchService.OfThisMachine(s_units));
    private static readonly Lazy<LinuxHostReader> s_reader =
        new(() => new LinuxHostReader(FileSystemRoot.Live, s_tools, ReadMemory, ReadNotes, TimeProvider.System));

    public static Task<int> Main(string[] arguments)
    {
        ProcessStart.Prepare();
        // The rest of its command line is not ours to read.
        if (arguments is [UntypedProgram.Word, ..]) return Task.FromResult(UntypedProgram.Run(arguments.AsSpan(1)));
        if (CallerEnvironment.Refused(Environment.GetEnvironmentVariables(), Environment.IsPrivilegedProcess) is not { } variable)
            return RunAsync(arguments);
        RealWorld().Remarks.Problem(
            $"{Visible.Text(variable, 80)} is set in your environment and would affect a program running as root.",
            "Unset it, or run sudo without -E; see ENVIRONMENT in gputty(1).");
        return Task.FromResult(ExitCodes.Refused);
    }

    private static Task<int> RunAsync(string[] arguments) => CommandLine.RunAsync(arguments, RealWorld(), new HiddenCommands
    {
        Screen = (settings, cancel) => ShowAsync(settings, cancel, "screen"),
        Demo = (machine, settings, cancel) => ShowAsync(settings, cancel, "demo", machine),
        DemoFrom = (report, settings, cancel) => ShowAsync(settings, cancel, "demo", "--from", report),
        Machines = () => [.. Machines.All.Select(machine => new Cli.NamedMachine(machine.Name, machine.Description))],
        Simulated = name => Machines.Find(name) is { } machine ? Pretended(machine).World : null,
        Supervise = ScreenAsync,
        Console = (what, _) => Supervised(["console", .. what]),
        LeaveConsole = LeaveConsoleAsync,
        Worker = async (what, _) =>
            await SwitchWorker.OfThisMachine(s_reader.Value, s_tools, s_buses).RunAsync(what is [var request] ? request : "") is { } outcome
                ? ExitCodes.Of(outcome)
                : ExitCodes.Refused,
        Recover = async (_, _) =>
        {
            if (!RecoverCommand.IsNeedlessAfter(
                Environment.GetEnvironmentVariable("EXIT_CODE"), Environment.GetEnvironmentVariable("EXIT_STATUS")))
                await Recovery.RunAsync();
            return ExitCodes.Done;
        },
    });

    private static Cli.CommandContext RealWorld() => new()
    {
        Reader = () => s_reader.Value,
        SwitchService = () => s_desk.Value,
        Out = Writer(new StandardStream(1)),
        Error = Writer(new StandardStream(2)),
        In = new StreamReader(new StandardStream(0), new UTF8Encoding(false)),
        IsTerminal = !Console.IsInputRedirected && !Console.IsOutputRedirected,
        UsesColour = !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
        IsRoot = Environment.IsPrivilegedProcess,
        OnInterrupt = heard => PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            signal.Cancel = true;
            heard();
        }),
        ReportFiles =
            () => new ReportSources(s_state, CommandLine.Version).All().Select(file => new ReportFile(file.Name, file.About, file.Text)),
        WriteReport = WriteNew,
        ReadFile = ReadFile,
        ForgetTyped = Tty.ForgetTypedOnInput,
        JournalProblem = () => s_desk.Value.JournalProblem(),
        ClearUp = Recovery.RunAsync,
        Watch = new WatchNotes(s_state.Run),
        Configured = Configured,
        ConfiguredForGuests = () => new ConfigurationFiles(FileSystemRoot.Live).Read(null, new Dictionary<string, string>()),
        Libvirt = new LibvirtFiles(FileSystemRoot.Live, s_tools),
        Boot = new BootSettings(FileSystemRoot.Live, s_state.Lib, s_tools, OwnProgram.Find),
        Corrections = new Corrections(FileSystemRoot.Live, s_state.Lib, () => SwitchLock.Take(s_state.Run)),
        Grants = Environment.IsPrivilegedProcess ? new GrantStore(s_state.Run) : new NoGrants(),
        ProxmoxConfig = vmid => SysFiles.Text(FileSystemRoot.Live.Etc($"pve/qemu-server/{vmid}.conf"), DomainXml.Longest),
        RomProblem = RomFile.ProblemOf,
        CardRom = ReadRomAsync,
        FirmwareRom =
            card => Environment.IsPrivilegedProcess && File.Exists(VfctFile) ? VfctTable.Find(File.ReadAllBytes(VfctFile), card) : null,
        VfioOwner = (user, group) => VfioOwners.Of(FileSystemRoot.Live, user, group),
        CommandOwner = user =>
            CommandUser.Of(FileSystemRoot.Live, user, Caller()) is { Uid: not 0 } who ? new VfioOwner((int)who.Uid, null, who.Name) : null,
        UserProblem = user =>
        {
            try
            {
                _ = CommandUser.Of(FileSystemRoot.Live, user, Caller());
                return null;
            }
            catch (HostException unknown)
            {
                return (unknown.Message, unknown.Remedy);
            }
        },
        RunForeground = (command, user) => Task.Run(() =>
        {
            var who = CommandUser.Of(FileSystemRoot.Live, user, Caller());
            // A guest with a card has all its memory pinned, and users may pin little of it. Where that is refused, QEMU says so.
            _ = Libc.LockAnyMemory();
            return ForegroundChild.Run(
                UntypedProgram.Command(OwnProgram.Find().Command, who.Command(s_tools.Find("setpriv"), command)),
                who.Environment(Environment.GetEnvironmentVariables(), SysFiles.Exists));
        }),
        Self = () => (Environment.ProcessId, ProcessStat.Read(Environment.ProcessId)?.StartTime ?? 0),
        IsAlive = ProcessStat.Lives,
        Program = () => OwnProgram.Find().Command,
        StartBeside = (unit, arguments) => new UnitBeside(s_units, OwnProgram.Find()).StartAsync(unit, arguments),
    };

    private const string VfctFile = "/sys/firmware/acpi/tables/VFCT";

    /// <summary>No switch meanwhile: both would write to the card.</summary>
    private static async Task<byte[]> ReadRomAsync(PciAddress card, CancellationToken cancel)
    {
        using var mine = SwitchLock.Take(s_state.Run);
        var write = new SupervisedWrite(s_state.Run, s_tools, TimeProvider.System, _ => { });
        return await new RomReader(FileSystemRoot.Live, s_tools, write, TimeProvider.System).ReadAsync(card, s_state.Run.Path, cancel);
    }

    private static CallingUser Caller() => CallingUser.Of(FileSystemRoot.Live, Native.EffectiveUser(), Environment.GetEnvironmentVariable);

    private static Configuration Configured()
    {
        var environment = Environment.GetEnvironmentVariables()
            .Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(pair => (string)pair.Key, pair => pair.Value as string ?? "");
        return new ConfigurationFiles(FileSystemRoot.Live).Read(Caller(), environment);
    }

    /// <summary>Lines need nobody who gives the screen back.</summary>
    private static Task<int> ShowAsync(ScreenSettings settings, CancellationToken cancel, params string[] what) =>
        settings.Plain ? Plain(Parts(what)).RunAsync(cancel) : Supervised([.. what, .. settings.Arguments]);

    private static Task<int> Supervised(params string[] what) =>
        Task.FromResult(Supervisor.Run(["supervise", .. what], s_terminal).ExitCode);

    /// <summary>The supervisor's child: the one that draws, or, on a terminal that cannot show a screen, asks line by line.</summary>
    private static async Task<int> ScreenAsync(IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        Supervisor.FollowParent();
        var (settings, what) = ScreenSettings.From(arguments);
        var parts = Parts(what);
        var look = s_terminal;
        using var session = TerminalSession.Open(
            look with { Ascii = look.Ascii || settings.IsAscii, WithoutColor = look.WithoutColor || settings.IsWithoutColor },
            out _);
        // Only now: who does not see it come up stays where he is.
        if (session is not null && what is ["console", var vt, ..]) VirtualTerminal.Show(int.Parse(vt, CultureInfo.InvariantCulture));
        return session is null
            ? await Plain(parts).RunAsync(cancel)
            : await TuiLoop.RunAsync(parts.Reader, parts.SwitchService, session, parts.Options, cancel);
    }

    private static PlainMode Plain((IHostReader Reader, ISwitchService SwitchService, TuiOptions Options) parts) =>
        new(
            parts.Reader,
            parts.SwitchService,
            new StreamReader(new StandardStream(0), new UTF8Encoding(false)),
            Writer(new StandardStream(1)),
            parts.Options);

    private static (IHostReader Reader, ISwitchService SwitchService, TuiOptions Options) Parts(IReadOnlyList<string> what)
    {
        if (what is not ["demo", ..]) ClearUpBeside();
        if (what is ["demo", "--from", var report]) return Recorded(ReportArchive.Read(ReadFile(report, ReportArchive.Longest), report));
        if (what is ["demo", var name] && Machines.Find(name) is { } machine && Pretended(machine) is var pretended)
            return (pretended.World.Reader(), pretended.World.SwitchService(), pretended.Options);
        var options = RealOptions();
        return (
            s_reader.Value,
            s_desk.Value,
            what is ["console", _, var card] && PciAddress.TryParse(card, out var address) ? options with { Card = address } : options);
    }

    /// <summary>The last act of a program on a console of its own; whatever comes is a number, or we did not write it.</summary>
    private static async Task<int> LeaveConsoleAsync(IReadOnlyList<string> numbers, CancellationToken cancel)
    {
        if (numbers is not [var own, var former]
            || !int.TryParse(own, CultureInfo.InvariantCulture, out var from)
            || !int.TryParse(former, CultureInfo.InvariantCulture, out var back))
            return ExitCodes.Usage;
        var host = await s_reader.Value.ReadAsync(SnapshotSections.Desktop | SnapshotSections.Console, null, cancel);
        if (ConsoleOffer.Afterwards(host, from, back) is { } vt) VirtualTerminal.Show(vt);
        return ExitCodes.Done;
    }

    private static RecoverCommand Recovery => RecoverCommand.OfThisMachine(s_reader.Value, s_tools, s_buses);

    /// <summary>Where nobody has cleared up after a killed worker: in a process of its own, which the screen does not wait for.</summary>
    private static void ClearUpBeside()
    {
        if (!Environment.IsPrivilegedProcess || !Recovery.IsNeeded) return;
        var program = OwnProgram.Find();
        Spawn.Start([.. program.Command, "recover"], program.Environment);
    }

    /// <summary>Nothing of the real machine but its terminal: what a command touches besides refuses.</summary>
    private static (Cli.CommandContext World, TuiOptions Options) Pretended(Simulation.DemoMachine machine)
    {
        var host = new SimulatedHost(machine.Machine, TimeProvider.System, machine.FaultPlan);
        var service = new SimulatedSwitchService(host, TimeProvider.System, machine.JournalAt(TimeProvider.System.GetUtcNow()));
        var view = new SimulatedView(host);
        var real = RealWorld();
        var world = new Cli.CommandContext
        {
            Reader = () => view,
            SwitchService = () => service,
            Out = real.Out,
            Error = real.Error,
            In = real.In,
            IsTerminal = real.IsTerminal,
            UsesColour = real.UsesColour,
            IsRoot = true,
            OnInterrupt = real.OnInterrupt,
            ForgetTyped = real.ForgetTyped,
            ReadFile = ReadFile,
            ReportFiles = () =>
                [new ReportFile(
                    "demo.txt", "what this is", $"The simulated machine '{machine.Name}' of gputty demo. Nothing here is real.")],
            WriteReport = (path, name, content) => NewFile.Write(path ?? Path.Combine(Path.GetTempPath(), $"demo-{name}"), content),
        };
        return (world, new TuiOptions
        {
            Demo = machine.Name,
            Doctor = new Doctor(world),
            Command = (words, cancel) => ScreenCommands.RunAsync(world, words, cancel),
            Configured = () => ConfiguredSwitch.None with { NewFiles = "/root" },
            OnInterrupt = world.OnInterrupt,
            ShowTerminal = host.ShowTerminalAsync,
            OpenConsole = (_, cancel) => host.OpenConsoleAsync(cancel),
            WriteReport = cancel => ReportAsync(world, cancel),
            SaveLog = (lines, _) =>
                Task.Run(() => NewFile.Write(Path.Combine(Path.GetTempPath(), $"demo-{LogName}"), Text(lines)), CancellationToken.None),
        });
    }

    /// <summary>Neither a console nor a report of it: the machine is elsewhere.</summary>
    private static (IHostReader, ISwitchService, TuiOptions) Recorded(Cli.Json.ReportedMachine machine) => (
        new RecordedHost(machine.Machine), new RecordedSwitchService(machine.LastRun, machine.LastBegun, machine.Unfinished),
        new TuiOptions
        {
            Demo = TuiOptions.OfReport,
            JournalProblem = () => machine.JournalProblem,
            Doctor = new Doctor(new Cli.CommandContext
            {
                Reader = () => new RecordedHost(machine.Machine),
                SwitchService = () => new RecordedSwitchService([], [], []),
                Out = TextWriter.Null,
                Error = TextWriter.Null,
                In = TextReader.Null,
                OnInterrupt = RealWorld().OnInterrupt,
            }, machine.FindingsThere()),
        });

    private static byte[] ReadFile(string path, int limit) =>
        SysFiles.Bytes(path, limit, out var error)
        ?? throw new HostException(
            $"{Visible.Text(path, 200)} cannot be read: {error ?? "there is no such file"}.",
            "Name a file that gputty report has written.");

    private static TuiOptions RealOptions() => new()
    {
        OnInterrupt = RealWorld().OnInterrupt,
        ForgetTyped = Console.IsInputRedirected ? null : Tty.ForgetTypedOnInput,
        JournalProblem = () => s_desk.Value.JournalProblem(),
        ListenToKernel = (heard, cancel) => new KernelLog(TimeProvider.System, heard).PumpAsync(cancel),
        OpenConsole = (card, cancel) => TextConsole.OpenAsync(s_units, card, VirtualConsole.Active ?? 1, cancel),
        ShowTerminal = (vt, _) => Task.Run(() => VirtualTerminal.Show(vt), CancellationToken.None),
        WriteReport = cancel => ReportAsync(RealWorld(), cancel),
        Doctor = new Doctor(RealWorld()),
        Command = (words, cancel) => ScreenCommands.RunAsync(RealWorld(), words, cancel),
        Configured = () => ConfiguredSwitch.Of(Configured(), (user, group) => VfioOwners.Of(FileSystemRoot.Live, user, group)) with
        {
            NewFiles = Environment.CurrentDirectory,
        },
        SaveLog = (lines, _) => Task.Run(() => WriteNew(null, LogName, Text(lines)), CancellationToken.None),
    };

    private static async Task<string> ReportAsync(Cli.CommandContext world, CancellationToken cancel)
    {
        var files = await Report.CollectAsync(world, cancel);
        return world.WriteReport(null, Report.NameAt(world.Now()), Report.Pack(files, world.Now()));
    }

    private static string LogName => $"gputty-screen-{DateTime.Now:yyyyMMdd-HHmmss}.log";

    private static byte[] Text(ImmutableArray<string> lines) => Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");

    /// <summary>Where nobody said otherwise: root's files beside the log, everybody else's where they are.</summary>
    private static string WriteNew(string? path, string name, byte[] content)
    {
        if (path is not null || !Environment.IsPrivilegedProcess) return NewFile.Write(path ?? name, content);
        return NewFile.Write(s_state.Log, name, content);
    }

    private static OriginalState ReadMemory() => new OriginalStateStore(s_state.Run).Read();
    private static KernelIncidents ReadNotes() => KernelIncidents.Read(s_state.Run);

    private static StreamWriter Writer(Stream stream) => new(stream, new UTF8Encoding(false)) { AutoFlush = true };
}

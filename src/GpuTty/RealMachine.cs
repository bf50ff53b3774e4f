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
using GpuTty.Linux.Worker;
using GpuTty.Linux.Writes;
using GpuTty.Planning.Plans;
using GpuTty.Terminal;
using GpuTty.Text;

namespace GpuTty;

/// <summary>The parts that act on the machine this runs on, and what the commands get of them.</summary>
internal static class RealMachine
{
    public static CommandRunner Tools { get; } = new();
    public static Buses Buses { get; } = new(FileSystemRoot.Live);
    public static TransientUnits Units { get; } = new(Buses, Tools);
    public static StatePaths State { get; } = StatePaths.OfThisMachine;

    private static readonly AccountDatabase s_accounts = new(Tools);
    private static readonly Lazy<LinuxSwitchService> s_service = new(() => LinuxSwitchService.OfThisMachine(Units));
    private static readonly Lazy<LinuxHostReader> s_reader =
        new(() => new LinuxHostReader(FileSystemRoot.Live, Tools, ReadMemory, ReadNotes, TimeProvider.System));

    public static LinuxHostReader Reader => s_reader.Value;
    public static LinuxSwitchService SwitchService => s_service.Value;
    public static SwitchWorker Worker => SwitchWorker.OfThisMachine(Reader, Tools, Buses);
    public static RecoverCommand Recovery => RecoverCommand.OfThisMachine(Reader, Tools, Buses);

    public static CommandContext Context() => new()
    {
        Reader = () => Reader,
        SwitchService = () => SwitchService,
        Out = Writer(new StandardStream(1)),
        Error = Writer(new StandardStream(2)),
        In = new StreamReader(new StandardStream(0), new UTF8Encoding(false)),
        IsTerminal = !Console.IsInputRedirected && !Console.IsOutputRedirected,
        UsesColour = !Console.IsOutputRedirected && TerminalTraits.UsesColor(isConsole: false, TerminalOptions.FromEnvironment),
        IsRoot = Environment.IsPrivilegedProcess,
        OnInterrupt = heard => PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            signal.Cancel = true;
            heard();
        }),
        ReportFiles =
            () => new ReportSources(State, CommandLine.Version).All().Select(file => new ReportFile(file.Name, file.About, file.Text)),
        LocalNames = () => LocalNamesReader.Read(FileSystemRoot.Live, Environment.GetEnvironmentVariable),
        MachineFiles = cancel => new MachineFiles(FileSystemRoot.Live).Text(cancel),
        WriteReport = WriteNew,
        WriteForCaller = (path, content) => NewFile.WriteAs(Caller(), path, content),
        IsForUser = () => Environment.IsPrivilegedProcess && Caller().Uid != 0,
        ReadFile = ReadFile,
        ForgetTyped = Tty.ForgetTypedOnInput,
        JournalProblem = () => SwitchService.JournalProblem(),
        ClearUp = () => Recovery.RunAsync(),
        Watch = new WatchNotes(State.Run),
        Configured = Configured,
        ConfiguredForGuests = () => new ConfigurationFiles(FileSystemRoot.Live).Read(null, new Dictionary<string, string>()),
        Libvirt = new LibvirtFiles(FileSystemRoot.Live, Tools),
        Boot = new BootSettings(FileSystemRoot.Live, State.Lib, Tools, OwnProgram.Find, () => SwitchLock.Take(State.Run)),
        Corrections = new Corrections(FileSystemRoot.Live, State.Lib, () => SwitchLock.Take(State.Run)),
        Grants = Environment.IsPrivilegedProcess ? new GrantStore(State.Run) : new NoGrants(),
        ProxmoxConfig = vmid => ProxmoxFile.Read(FileSystemRoot.Live, vmid),
        ProxmoxMappings = () => ProxmoxFile.Mappings(FileSystemRoot.Live),
        IsProxmoxGuestRunning = vmid => ProxmoxFile.IsRunning(FileSystemRoot.Live, vmid),
        RomProblem = RomFile.ProblemOf,
        CardRom = ReadRomAsync,
        FirmwareRom = card => Environment.IsPrivilegedProcess ? FirmwareImages.Of(FileSystemRoot.Live, card) : null,
        VfioOwner = VfioOwner,
        CommandOwner = user =>
            CommandUser.Of(FileSystemRoot.Live, user, Caller(), OtherUser) is { Uid: not 0 } who
                ? new VfioOwner((int)who.Uid, null, who.Name)
                : null,
        UserProblem = user =>
        {
            try
            {
                _ = CommandUser.Of(FileSystemRoot.Live, user, Caller(), OtherUser);
                return null;
            }
            catch (HostException unknown)
            {
                return (unknown.Message, unknown.Remedy);
            }
        },
        ProgramProblem = (program, user, cancel) =>
            CommandUser.Of(FileSystemRoot.Live, user, Caller(), OtherUser)
                .ProblemOfAsync(Tools, program, Environment.CurrentDirectory, SysFiles.Exists, cancel),
        RunForeground = (command, user) => Task.Run(() =>
        {
            var who = CommandUser.Of(FileSystemRoot.Live, user, Caller(), OtherUser);
            // A guest with a card has all its memory pinned, and users may pin little of it. Where that is refused, QEMU says so.
            _ = Libc.LockAnyMemory();
            return ForegroundChild.Run(
                UntypedProgram.Command(OwnProgram.Find().Command, who.Command(Tools.Find("setpriv"), command)),
                who.Environment(Environment.GetEnvironmentVariables(), SysFiles.Exists));
        }),
        Self = () => (Environment.ProcessId, ProcessStat.Read(Environment.ProcessId)?.StartTime ?? 0),
        IsAlive = ProcessStat.Lives,
        Program = () => OwnProgram.Find().Command,
        StartBeside = (unit, arguments) => new UnitBeside(Units, OwnProgram.Find()).StartAsync(unit, arguments),
    };

    /// <summary>No switch meanwhile: both would write to the card.</summary>
    private static async Task<byte[]> ReadRomAsync(PciAddress card, CancellationToken cancel)
    {
        using var mine = SwitchLock.Take(State.Run);
        var write = new SupervisedWrite(State.Run, Tools, TimeProvider.System, _ => { });
        return await new RomReader(FileSystemRoot.Live, Tools, write, TimeProvider.System).ReadAsync(card, State.Run.Path, cancel);
    }

    public static CallingUser Caller() => CallingUser.Of(
        FileSystemRoot.Live, Native.EffectiveUser(), Environment.GetEnvironmentVariable, OtherUser);

    private static string[]? OtherUser(string key) => s_accounts.Find(AccountFile.Users, key);

    private static Configuration Configured()
    {
        var environment = Environment.GetEnvironmentVariables()
            .Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(pair => (string)pair.Key, pair => pair.Value as string ?? "");
        return new ConfigurationFiles(FileSystemRoot.Live).Read(Caller(), environment);
    }

    private static VfioOwner? VfioOwner(string user, string group) =>
        VfioOwners.Of(FileSystemRoot.Live, user, group, s_accounts.Find);

    public static ConfiguredSwitch SwitchConfiguration() =>
        ConfiguredSwitch.Of(Configured(), VfioOwner) with
        {
            NewFiles = Environment.CurrentDirectory,
        };

    public static byte[] ReadFile(string path, int limit) =>
        SysFiles.Bytes(path, limit, out var error)
        ?? throw new HostException(
            $"{Visible.Text(path, 200)} cannot be read: {error ?? "there is no such file"}.",
            Environment.IsPrivilegedProcess || error != Marshal.GetPInvokeErrorMessage(Native.EACCES)
                ? "Name a file that gputty report has written."
                : "Run it with sudo.");

    /// <summary>Where nobody said otherwise: root's files beside the log, everybody else's where they are.</summary>
    public static string WriteNew(string? path, string name, byte[] content)
    {
        if (path is not null || !Environment.IsPrivilegedProcess) return NewFile.Write(path ?? name, content);
        return NewFile.Write(State.Log, name, content);
    }

    private static OriginalState ReadMemory() => new OriginalStateStore(State.Run).Read();
    private static KernelIncidents ReadNotes() => KernelIncidents.Read(State.Run);

    private static StreamWriter Writer(Stream stream) => new(stream, new UTF8Encoding(false)) { AutoFlush = true };
}

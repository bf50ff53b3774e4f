using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using GpuTty.Cli;
using GpuTty.Host;
using GpuTty.Linux;
using GpuTty.Simulation;
using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tui;

namespace GpuTty;

/// <summary>The only place that knows every part: it picks the real or the simulated machine, once.</summary>
internal static class Program
{
    private static readonly CommandRunner s_tools = new();
    private static readonly StatePaths s_state = StatePaths.OfThisMachine;
    private static readonly Lazy<LinuxSwitchDesk> s_desk = new(() => LinuxSwitchDesk.OfThisMachine(s_tools));
    private static readonly Lazy<LinuxHostReader> s_reader = new(() => new LinuxHostReader(MachineRoot.Live, s_tools, ReadMemory, ReadStuck, TimeProvider.System));

    public static Task<int> Main(string[] arguments) => CommandLine.RunAsync(arguments, RealWorld(), new Entries
    {
        Screen = _ => Supervised("screen"),
        Demo = (machine, _) => Supervised("demo", machine),
        Machines = [.. Machines.All.Select(machine => new Cli.DemoMachine(machine.Name, machine.Description))],
        Supervise = ScreenAsync,
        Worker = async (_, _) => await Worker.OfThisMachine(s_reader.Value, s_tools).RunAsync() is { } outcome ? ExitCodes.Of(outcome) : ExitCodes.Refused,
        Recover = async (_, _) =>
        {
            await RecoverAfterWorker.OfThisMachine(s_reader.Value, s_tools).RunAsync();
            return ExitCodes.Done;
        },
    });

    private static Cli.World RealWorld() => new()
    {
        Reader = () => s_reader.Value,
        Desk = () => s_desk.Value,
        Out = Writer(Console.OpenStandardOutput()),
        Error = Writer(Console.OpenStandardError()),
        In = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false)),
        IsTerminal = !Console.IsInputRedirected && !Console.IsOutputRedirected,
        UsesColour = !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
        IsRoot = Environment.IsPrivilegedProcess,
        OnInterrupt = heard => PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            signal.Cancel = true;
            heard();
        }),
        JournalProblem = () => s_desk.Value.JournalProblem(),
    };

    private static Task<int> Supervised(params string[] what) =>
        Task.FromResult(Supervisor.Run(["supervise", .. what], TerminalOptions.FromEnvironment).ExitCode);

    /// <summary>The supervisor's child: the one that draws, or, on a terminal that cannot show a screen, asks line by line.</summary>
    private static async Task<int> ScreenAsync(IReadOnlyList<string> what, CancellationToken cancel)
    {
        Supervisor.FollowParent();
        var (reader, desk, options) = what is ["demo", var name] && Machines.Find(name) is { } machine ? Pretended(machine) : (s_reader.Value, s_desk.Value, RealOptions());
        using var session = TerminalSession.Open(TerminalOptions.FromEnvironment, out _);
        return session is null
            ? await new PlainMode(reader, desk, Console.In, Writer(Console.OpenStandardOutput()), options).RunAsync(cancel)
            : await TuiLoop.RunAsync(reader, desk, session, options, cancel);
    }

    private static (IHostReader, ISwitchDesk, TuiOptions) Pretended(Simulation.DemoMachine machine)
    {
        var host = new SimulatedHost(machine.Machine, TimeProvider.System, machine.Drill);
        return (host, new SimulatedDesk(host, TimeProvider.System, machine.Journal), new TuiOptions { Demo = machine.Name, ShowTerminal = host.ShowTerminalAsync });
    }

    private static TuiOptions RealOptions() => new()
    {
        ShowTerminal = (vt, _) => Task.Run(() => VirtualTerminal.Show(vt), CancellationToken.None),
        SaveLog = (lines, _) => Task.Run(() => SaveLog(lines), CancellationToken.None),
    };

    private static string SaveLog(ImmutableArray<string> lines)
    {
        s_state.Log.Ensure();
        var name = $"screen-{DateTime.Now:yyyyMMdd-HHmmss}.log";
        using var file = s_state.Log.CreateNew(name);
        RandomAccess.Write(file, Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"), 0);
        return s_state.Log.PathOf(name);
    }

    // Without root our directories cannot be looked into; the rest of the machine can.
    private static HomeMemory ReadMemory() => Environment.IsPrivilegedProcess ? new HomeStore(s_state.Run).Read() : HomeMemory.Nothing;
    private static StuckWrite? ReadStuck() => Environment.IsPrivilegedProcess ? WriteInFlight.FindStuck(s_state.Run) : null;

    private static StreamWriter Writer(Stream stream) => new(stream, new UTF8Encoding(false)) { AutoFlush = true };
}

using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using GpuTty.Cli;
using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux.Kernel;
using GpuTty.Linux.Processes;
using GpuTty.Linux.State;
using GpuTty.Linux.Vt;
using GpuTty.Linux.Worker;
using GpuTty.Planning.Desktop;
using GpuTty.Simulation;
using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tui;

namespace GpuTty;

/// <summary>The full-screen program, or questions and answers in lines, on the real or on a simulated machine.</summary>
internal static class ScreenProgram
{
    private static readonly TerminalOptions s_terminal = TerminalOptions.FromEnvironment with
    {
        ConsoleOf = device => CallerLocationReader.OfThisMachine.ConsoleOf(device),
    };

    /// <summary>Lines need nobody who gives the screen back.</summary>
    public static Task<int> ShowAsync(ScreenSettings settings, CancellationToken cancel, params string[] what) =>
        settings.Plain ? Plain(Parts(what)).RunAsync(cancel) : Supervised([.. what, .. settings.Arguments]);

    public static Task<int> Supervised(params string[] what) =>
        Task.FromResult(Supervisor.Run(["supervise", .. what], s_terminal).ExitCode);

    /// <summary>The supervisor's child: the one that draws, or, on a terminal that cannot show a screen, asks line by line.</summary>
    public static async Task<int> ScreenAsync(IReadOnlyList<string> arguments, CancellationToken cancel)
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
            new StreamWriter(new StandardStream(1), new UTF8Encoding(false)) { AutoFlush = true },
            parts.Options);

    private static (IHostReader Reader, ISwitchService SwitchService, TuiOptions Options) Parts(IReadOnlyList<string> what)
    {
        if (what is not ["demo", ..]) ClearUpBeside();
        if (what is ["demo", "--from", var report])
            return DemoParts.Recorded(ReportArchive.Read(RealMachine.ReadFile(report, ReportArchive.Longest), report));
        if (what is ["demo", var name] && Machines.Find(name) is { } machine && DemoParts.Pretended(machine) is var pretended)
            return (pretended.World.Reader(), pretended.World.SwitchService(), pretended.Options);
        var options = RealOptions();
        return (
            RealMachine.Reader,
            RealMachine.SwitchService,
            what is ["console", _, var card] && PciAddress.TryParse(card, out var address) ? options with { Card = address } : options);
    }

    /// <summary>The last act of a program on a console of its own; whatever comes is a number, or we did not write it.</summary>
    public static async Task<int> LeaveConsoleAsync(IReadOnlyList<string> numbers, CancellationToken cancel)
    {
        if (numbers is not [var own, var former]
            || !int.TryParse(own, CultureInfo.InvariantCulture, out var from)
            || !int.TryParse(former, CultureInfo.InvariantCulture, out var back))
            return ExitCodes.Usage;
        var host = await RealMachine.Reader.ReadAsync(SnapshotSections.Desktop | SnapshotSections.Console, null, cancel);
        if (ConsoleOffer.Afterwards(host, from, back) is { } vt) VirtualTerminal.Show(vt);
        return ExitCodes.Done;
    }

    /// <summary>Where nobody has cleared up after a killed worker: in a process of its own, which the screen does not wait for.</summary>
    private static void ClearUpBeside()
    {
        if (!Environment.IsPrivilegedProcess || !RealMachine.Recovery.IsNeeded) return;
        var program = OwnProgram.Find();
        Spawn.Start([.. program.Command, "recover"], program.Environment);
    }

    private static TuiOptions RealOptions()
    {
        var world = RealMachine.Context();
        return new()
        {
            OnInterrupt = world.OnInterrupt,
            ForgetTyped = ForgetTyped,
            Columns = Tty.OutputWidth,
            JournalProblem = () => RealMachine.SwitchService.JournalProblem(),
            ListenToKernel = (heard, cancel) => new KernelLog(TimeProvider.System, heard).PumpAsync(cancel),
            OpenConsole = (card, cancel) => TextConsole.OpenAsync(RealMachine.Units, card, VirtualConsole.Active ?? 1, cancel),
            ShowTerminal = (vt, _) => Task.Run(() => VirtualTerminal.Show(vt), CancellationToken.None),
            WriteReport = cancel => ReportAsync(world, cancel),
            Doctor = new Doctor(world),
            Command = (words, cancel) => ScreenCommands.RunAsync(world, words, cancel),
            Configured = RealMachine.SwitchConfiguration,
            SaveLog = (lines, _) => Task.Run(() => RealMachine.WriteNew(null, LogName, Text(lines)), CancellationToken.None),
            Copy = CopyAsync,
        };
    }

    /// <summary>What is not typed was meant.</summary>
    public static Action? ForgetTyped => Console.IsInputRedirected ? null : Tty.ForgetTypedOnInput;

    public static Task<string> CopyAsync(string path, ImmutableArray<string> lines, CancellationToken cancel) =>
        Task.Run(() => NewFile.WriteAs(RealMachine.Caller(), path, Text(lines)), CancellationToken.None);

    public static async Task<string> ReportAsync(CommandContext world, CancellationToken cancel)
    {
        var files = await Report.CollectAsync(world, cancel);
        return world.WriteReport(null, Report.NameAt(world.Now()), Report.Pack(files, world.Now()));
    }

    public static string LogName => $"gputty-screen-{DateTime.Now:yyyyMMdd-HHmmss}.log";

    public static byte[] Text(ImmutableArray<string> lines) => Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");
}

using GpuTty.Linux.Processes;
using GpuTty.Simulation;
using GpuTty.Terminal;
using GpuTty.Tui;

namespace GpuTty.Tests.Terminal;

/// <summary>
/// A full-screen program for the tests to start, type at, and kill in real terminals. It shows its size and the keys it got;
/// some keys end it in bad ways.
/// </summary>
internal static class TrialProgram
{
    private static readonly TerminalOptions s_options = TerminalOptions.FromEnvironment with
    {
        ConsoleOf = CallerLocationReader.OfThisMachine.ConsoleOf,
    };

    public static int Run(string[] arguments)
    {
        if (arguments is ["supervised"])
        {
            var end = Supervisor.Run(["screen", "follow"], s_options);
            Console.Error.WriteLine($"child: code {end.ExitCode} signal {end.Signal}");
            return end.ExitCode;
        }
        if (arguments is ["views"]) return ShowViewsAsync().GetAwaiter().GetResult();
        if (arguments is [_, "follow"]) Supervisor.FollowParent();
        return Show();
    }

    /// <summary>The program itself on a simulated machine, made of Terminal.Gui's views.</summary>
    private static async Task<int> ShowViewsAsync()
    {
        using var session = TerminalSession.Open(TerminalOptions.FromEnvironment, out _)!;
        var machine = Machines.Find("desktop")!;
        var host = new SimulatedHost(machine.Machine, TimeProvider.System, machine.FaultPlan);
        var terminal = TuiTerminal.Of(session);
        return await TuiLoop.RunAsync(
            host,
            new SimulatedSwitchService(host, TimeProvider.System, machine.Journal),
            terminal,
            new TuiOptions { Demo = machine.Name },
            CancellationToken.None);
    }

    private static int Show()
    {
        using var session = TerminalSession.Open(s_options, out var problem);
        if (session is null)
        {
            Console.Error.WriteLine(problem);
            return 2;
        }
        var seen = new List<string>();
        while (true)
        {
            Draw(session, seen);
            foreach (var input in session.Read(TimeSpan.FromSeconds(60)))
            {
                if (input is TerminalInput.KeyPressed { Key: var key } && End(session, key) is { } code) return code;
                if (input is TerminalInput.TerminalGone) return 4;
                seen.Add(input is TerminalInput.KeyPressed pressed ? pressed.Key.ToString() : input.ToString());
            }
        }
    }

    private static void Draw(TerminalSession session, List<string> seen)
    {
        var frame = new Surface(session.Size.Width, session.Size.Height);
        frame.Box(frame.Bounds());
        frame.Text(2, 1, $"trial {Environment.ProcessId} size {frame.Width}x{frame.Height} console {session.Console?.Number}");
        for (var i = 0; i < seen.Count; i++) frame.Text(2, 2 + i, seen[i], Style.Of(Color.Green));
        frame.PlaceCursor(2, 2 + seen.Count);
        session.Show(frame);
    }

    private static int? End(TerminalSession session, Key key)
    {
        if (key.Is('q')) return 7;
        if (key.Is('f')) Environment.FailFast("trial fail-fast");
        if (key.Is('x')) throw new InvalidOperationException("trial exception");
        if (key.Is('t')) new Thread(() => throw new InvalidOperationException("trial thread exception")).Start();
        if (key.Is('e')) Environment.Exit(9);
        return null;
    }
}

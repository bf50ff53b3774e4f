using System.Collections.Concurrent;
using System.Diagnostics;
using GpuTty.Host;
using GpuTty.Simulation;
using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tests.Terminal;
using GpuTty.Tui;

namespace GpuTty.Tests.Tui;

/// <summary>Somebody in front of the running program: sees frames, presses keys, waits.</summary>
internal sealed class Person : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly BlockingCollection<TerminalInput?> typed = [];
    private readonly CancellationTokenSource stop = new();
    private readonly Task<int> program;
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private volatile string screen = "";
    private int frames;

    public Person(string machine, Drill? drill = null, double pace = 20)
        : this(Host(machine, drill, new FastClock(pace)), null, new FastClock(pace), Machines.Find(machine)!)
    {
    }

    /// <summary>In front of a machine that is not among those of the demo.</summary>
    public Person(SimulatedHost host, TimeProvider clock)
        : this(host, new SimulatedDesk(host, clock, []), clock, null)
    {
    }

    public Person(IHostReader reader, ISwitchDesk desk)
        : this(reader, desk, TimeProvider.System, null)
    {
    }

    /// <summary>On a machine whose kernel can be heard.</summary>
    public Person(SimulatedHost host, Func<Action<LogLine>, CancellationToken, Task> kernel)
        : this(host, new SimulatedDesk(host, TimeProvider.System, []), TimeProvider.System, null, kernel)
    {
    }

    private Person(IHostReader reader, ISwitchDesk? desk, TimeProvider clock, DemoMachine? machine, Func<Action<LogLine>, CancellationToken, Task>? kernel = null)
    {
        var terminal = new TuiTerminal(Read, () => typed.Add(null), Show, () => { }, Discard, () => (120, 40)) { Frames = (_, _) => new OnViews.Shared() };
        desk ??= new SimulatedDesk((SimulatedHost)reader, clock, machine!.Journal);
        program = TuiLoop.RunAsync(reader, desk, terminal, new TuiOptions { Clock = clock, ListenToKernel = kernel, OpenConsole = reader is SimulatedHost host ? (_, cancel) => host.OpenConsoleAsync(cancel) : null }, stop.Token);
    }

    public string Screen => screen;
    public int Frames => frames;
    public TimeSpan Lived => watch.Elapsed;

    /// <summary>Presses keys, and waits until the screen answers.</summary>
    public async Task Types(string keys, string answer = "")
    {
        foreach (var key in keys) typed.Add(new TerminalInput.KeyPressed(key switch { '\n' => Key.Enter, '\e' => Key.Escape, _ => Key.Of(key) }));
        if (answer.Length == 0) return;
        await Sees(answer);
        // Nobody answers a question in the moment it appears, and the program would not believe it.
        await Task.Delay(200);
    }

    /// <summary>Presses the mouse where these words stand.</summary>
    public void Points(string words, int times = 1)
    {
        var rows = screen.Split('\n');
        var y = Array.FindIndex(rows, row => row.Contains(words, StringComparison.Ordinal));
        var at = new TerminalInput.Pointed(rows[y].IndexOf(words, StringComparison.Ordinal), y, MouseAct.Press);
        for (var time = 0; time < times; time++) typed.Add(at);
    }

    public async Task Sees(params string[] texts)
    {
        var until = watch.Elapsed + Patience;
        while (!texts.All(text => screen.Contains(text, StringComparison.Ordinal)))
        {
            if (program.IsFaulted) await program;
            Assert.True(watch.Elapsed < until, $"'{string.Join("', '", texts)}' does not appear on:\n{screen}");
            await Task.Delay(10);
        }
    }

    public void HangsUp() => typed.Add(new TerminalInput.TerminalGone());

    public Task<int> Leaves() => program.WaitAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAny(program, Task.Delay(Patience));
        stop.Dispose();
    }

    private static SimulatedHost Host(string machine, Drill? drill, TimeProvider clock)
    {
        var found = Machines.Find(machine)!;
        return new SimulatedHost(found.Machine, clock, drill ?? found.Drill);
    }

    private List<TerminalInput> Read(TimeSpan longest)
    {
        if (!typed.TryTake(out var first, longest)) return [];
        var all = new List<TerminalInput>();
        if (first is not null) all.Add(first);
        while (typed.TryTake(out var next)) if (next is not null) all.Add(next);
        return all;
    }

    private void Show(Surface frame)
    {
        Interlocked.Increment(ref frames);
        screen = frame.ToText();
    }

    private void Discard()
    {
        while (typed.TryTake(out _)) { }
    }
}

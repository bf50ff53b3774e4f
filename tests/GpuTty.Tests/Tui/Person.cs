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
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly BlockingCollection<TerminalInput?> _typed = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task<int> _program;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private volatile string _screen = "";
    private int _frames;

    public Person(string machine, FaultPlan? drill = null, double pace = 20)
        : this(Host(machine, drill, new FastClock(pace)), null, new FastClock(pace), Machines.Find(machine)!)
    {
    }

    /// <summary>In front of a machine that is not among those of the demo.</summary>
    public Person(SimulatedHost host, TimeProvider clock)
        : this(host, new SimulatedSwitchService(host, clock, []), clock, null)
    {
    }

    public Person(IHostReader reader, ISwitchService service)
        : this(reader, service, TimeProvider.System, null)
    {
    }

    /// <summary>On a machine whose kernel can be heard.</summary>
    public Person(SimulatedHost host, Func<Action<LogLine>, CancellationToken, Task> kernel)
        : this(host, new SimulatedSwitchService(host, TimeProvider.System, []), TimeProvider.System, null, kernel)
    {
    }

    private Person(
        IHostReader reader,
        ISwitchService? service,
        TimeProvider clock,
        DemoMachine? machine,
        Func<Action<LogLine>, CancellationToken, Task>? kernel = null)
    {
        var terminal = new TuiTerminal(Read, () => _typed.Add(null), Show, () => { }, Discard, () => (120, 40))
        {
            Frames = (_, _) => new OnViews.Shared(),
        };
        service ??= new SimulatedSwitchService((SimulatedHost)reader, clock, machine!.Journal);
        _program = TuiLoop.RunAsync(
            reader,
            service,
            terminal,
            new TuiOptions
            {
                Clock = clock,
                ListenToKernel = kernel,
                OpenConsole = reader is SimulatedHost host ? (_, cancel) => host.OpenConsoleAsync(cancel) : null,
            },
            _stop.Token);
    }

    public string Screen => _screen;
    public int Frames => _frames;
    public TimeSpan Lived => _watch.Elapsed;

    /// <summary>Presses keys, and waits until the screen answers.</summary>
    public async Task Types(string keys, string answer = "")
    {
        foreach (var key in keys)
            _typed.Add(new TerminalInput.KeyPressed(key switch { '\n' => Key.Enter, '\e' => Key.Escape, _ => Key.Of(key) }));
        if (answer.Length == 0) return;
        await Sees(answer);
        // Nobody answers a question in the moment it appears, and the program would not believe it.
        await Task.Delay(200);
    }

    /// <summary>Presses the mouse where these words stand.</summary>
    public void Points(string words, int times = 1)
    {
        var rows = _screen.Split('\n');
        var y = Array.FindIndex(rows, row => row.Contains(words, StringComparison.Ordinal));
        var at = new TerminalInput.Pointed(rows[y].IndexOf(words, StringComparison.Ordinal), y, MouseAct.Press);
        for (var time = 0; time < times; time++) _typed.Add(at);
    }

    public async Task Sees(params string[] texts)
    {
        var until = _watch.Elapsed + s_patience;
        while (!texts.All(text => _screen.Contains(text, StringComparison.Ordinal)))
        {
            if (_program.IsFaulted) await _program;
            Assert.True(_watch.Elapsed < until, $"'{string.Join("', '", texts)}' does not appear on:\n{_screen}");
            await Task.Delay(10);
        }
    }

    public void HangsUp() => _typed.Add(new TerminalInput.TerminalGone());

    public Task<int> Leaves() => _program.WaitAsync(s_patience);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAny(_program, Task.Delay(s_patience));
        _stop.Dispose();
    }

    private static SimulatedHost Host(string machine, FaultPlan? drill, TimeProvider clock)
    {
        var found = Machines.Find(machine)!;
        return new SimulatedHost(found.Machine, clock, drill ?? found.FaultPlan);
    }

    private List<TerminalInput> Read(TimeSpan longest)
    {
        if (!_typed.TryTake(out var first, longest)) return [];
        var all = new List<TerminalInput>();
        if (first is not null) all.Add(first);
        while (_typed.TryTake(out var next)) if (next is not null) all.Add(next);
        return all;
    }

    private void Show(Surface frame)
    {
        Interlocked.Increment(ref _frames);
        _screen = frame.ToText();
    }

    private void Discard()
    {
        while (_typed.TryTake(out _)) { }
    }
}

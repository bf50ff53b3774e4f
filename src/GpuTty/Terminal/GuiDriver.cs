using System.Collections.Concurrent;
using Terminal.Gui.App;
using Terminal.Gui.Drivers;
using Terminal.Gui.Time;
using Terminal.Gui.ViewBase;

namespace GpuTty.Terminal;

/// <summary>
/// Terminal.Gui's way to a terminal, cut down to its drawing: keys, sizes and time come from <see cref="TerminalSession"/>,
/// whose thread waits for all of them at once, so the library has neither a thread that polls nor a loop that wakes.
/// </summary>
internal sealed class GuiDriver(GuiOutput output) : IComponentFactory<char>
{
    public AppModel AppModel { get; set; }

    public string GetDriverName() => "gputty";

    public IOutput CreateOutput() => output;

    public IInput<char> CreateInput() => new NoInput();

    public IInputProcessor CreateInputProcessor(ConcurrentQueue<char> inputQueue, ITimeProvider? timeProvider = null) =>
        new AnsiInputProcessor(inputQueue, timeProvider);

    public ISizeMonitor CreateSizeMonitor(IOutput consoleOutput, IOutputBuffer outputBuffer) => new NoSizes();

    /// <summary>The library keeps a thread in here; it sleeps until the end.</summary>
    private sealed class NoInput : IInput<char>
    {
        public CancellationTokenSource? ExternalCancellationTokenSource { get; set; }

        public void Initialize(ConcurrentQueue<char> inputQueue)
        {
        }

        public void Run(CancellationToken runCancellationToken) => runCancellationToken.WaitHandle.WaitOne();

        public void Dispose()
        {
        }
    }

    /// <summary>The size is told, never asked for.</summary>
    private sealed class NoSizes : ISizeMonitor
    {
        public event EventHandler<SizeChangedEventArgs>? SizeChanged
        {
            add { }
            remove { }
        }

        public bool Poll() => false;
    }
}

using System.Collections.Concurrent;
using Terminal.Gui.Drivers;
using Terminal.Gui.Time;

namespace GpuTty.Terminal;

/// <summary>
/// Terminal.Gui's way to a terminal, cut down to its drawing: keys, sizes and time come from <see cref="TerminalSession"/>,
/// whose thread waits for all of them at once, so the library has neither a thread that polls nor a loop that wakes.
/// </summary>
internal sealed class GuiDriver(GuiOutput output) : ComponentFactoryImpl<char>
{
    public override string GetDriverName() => "gputty";

    public override IOutput CreateOutput() => output;

    public override IInput<char> CreateInput() => new NoInput();

    public override IInputProcessor CreateInputProcessor(ConcurrentQueue<char> inputBuffer, ITimeProvider? timeProvider = null) =>
        new AnsiInputProcessor(inputBuffer, timeProvider);

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
}

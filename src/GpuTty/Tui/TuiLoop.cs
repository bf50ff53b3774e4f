using System.Collections.Concurrent;
using GpuTty.Host;
using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tui.Screens;

namespace GpuTty.Tui;

/// <summary>
/// The one place where the screens meet the world. Messages come into one inbox from the keyboard, the reader and the desk; one
/// thread takes them out, asks <see cref="Update"/>, starts what is wanted and shows the frame. It never waits for anything but news.
/// </summary>
internal sealed class TuiLoop
{
    private static readonly TimeSpan LeastBetweenFrames = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(500);
    // As long as a key repeats, and too short to have read a question.
    private static readonly TimeSpan Deafness = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan DoubleClick = TimeSpan.FromMilliseconds(400);

    private readonly TuiTerminal terminal;
    private readonly TuiOptions options;
    private readonly ConcurrentQueue<Msg> inbox = new();
    private readonly Errands errands;
    private readonly ClockWatch watch;
    private readonly IFrames frames;
    private Model model;
    private int? exitCode;
    private bool isDirty = true;
    private bool isUrgent = true;
    private bool isLit;
    private long lastFrame;
    private long lastTick;
    private long deafSince;
    private TerminalInput.Pointed? lastPressed;
    private long lastPressedAt;

    private TuiLoop(IHostReader reader, ISwitchDesk desk, TuiTerminal terminal, TuiOptions options)
    {
        (this.terminal, this.options) = (terminal, options);
        watch = new ClockWatch(options.Clock);
        errands = new Errands(reader, desk, options, Post);
        var (width, height) = terminal.Size();
        model = Start.With(desk, options, width, height);
        frames = terminal.Frames(width, height);
    }

    /// <summary>Runs until the user quits, the terminal is gone, or the token is cancelled; a running switch goes on.</summary>
    /// <returns>The exit code of the program.</returns>
    public static Task<int> RunAsync(IHostReader reader, ISwitchDesk desk, TerminalSession session, TuiOptions options, CancellationToken cancel) =>
        RunAsync(reader, desk, TuiTerminal.Of(session), options, cancel);

    public static Task<int> RunAsync(IHostReader reader, ISwitchDesk desk, TuiTerminal terminal, TuiOptions options, CancellationToken cancel) =>
        Task.Factory.StartNew(() => new TuiLoop(reader, desk, terminal, options).Run(cancel), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private int Run(CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var woken = cancel.Register(terminal.Wake);
        errands.Begin(isRunning: model.IsRunning, model.Needs, stop.Token);
        try
        {
            while (exitCode is null && !cancel.IsCancellationRequested)
            {
                errands.ThrowIfBroken();
                ShowIfDue();
                foreach (var input in terminal.Read(UntilNext())) Take(input);
                if (!inbox.IsEmpty && watch.WasSetBack()) Handle(new Msg.ClockSetBack());
                while (inbox.TryDequeue(out var msg)) Handle(msg);
                TickIfDue();
            }
        }
        finally
        {
            stop.Cancel();
            frames.Dispose();
        }
        return exitCode ?? 0;
    }

    private void Post(Msg msg)
    {
        inbox.Enqueue(msg);
        terminal.Wake();
    }

    private void Take(TerminalInput input)
    {
        switch (input)
        {
            case TerminalInput.KeyPressed when IsDeaf: break;
            case TerminalInput.KeyPressed pressed:
                isUrgent = true;
                Handle(new Msg.KeyPressed(pressed.Key));
                break;
            case TerminalInput.Pointed when IsDeaf: break;
            case TerminalInput.Pointed pointed:
                isUrgent = true;
                Handle(new Msg.Pointed(pointed.X, pointed.Y, pointed.Act, IsDouble(pointed)));
                break;
            case TerminalInput.Pasted when IsDeaf: break;
            case TerminalInput.Pasted pasted: Handle(new Msg.Pasted(pasted.Text)); break;
            case TerminalInput.Resized size: Handle(new Msg.Resized(size.Width, size.Height)); break;
            case TerminalInput.ScreenReturned: Handle(new Msg.ScreenReturned()); break;
            case TerminalInput.TerminalGone: exitCode = 0; break;
        }
    }

    private bool IsDouble(TerminalInput.Pointed pointed)
    {
        var isDouble = pointed.Act == MouseAct.Press && pointed == lastPressed && options.Clock.GetElapsedTime(lastPressedAt) < DoubleClick;
        // A third press is the first of a new pair.
        (lastPressed, lastPressedAt) = (isDouble ? null : pointed, options.Clock.GetTimestamp());
        return isDouble;
    }

    private void Handle(Msg msg)
    {
        var next = Update.Step(model, msg);
        // A person watches a switch without touching a key.
        if (next.Model.IsRunning != isLit) terminal.StayLit(isLit = next.Model.IsRunning);
        model = next.Model;
        isDirty = true;
        errands.Want(model.Needs);
        foreach (var effect in next.Effects) Perform(effect);
    }

    private void Perform(Effect effect)
    {
        switch (effect)
        {
            case Effect.Quit quit: exitCode = quit.ExitCode; break;
            case Effect.Repaint: terminal.Repaint(); break;
            case Effect.ForgetTyped:
                terminal.DiscardTypeahead();
                deafSince = options.Clock.GetTimestamp();
                break;
            default: errands.Perform(effect); break;
        }
    }

    private bool IsDeaf => deafSince != 0 && options.Clock.GetElapsedTime(deafSince) < Deafness;

    private bool Ticks => model.IsRunning && model.Screens.Any(screen => screen is RunningScreen);

    /// <summary>A key is answered at once; what comes in bursts, such as a log, is shown twenty times a second.</summary>
    private void ShowIfDue()
    {
        if (!isDirty || (!isUrgent && options.Clock.GetElapsedTime(lastFrame) < LeastBetweenFrames)) return;
        terminal.Show(frames.Draw(model));
        (isDirty, isUrgent, lastFrame) = (false, false, options.Clock.GetTimestamp());
    }

    private void TickIfDue()
    {
        if (!Ticks || options.Clock.GetElapsedTime(lastTick) < TickEvery) return;
        lastTick = options.Clock.GetTimestamp();
        Handle(new Msg.Tick(options.Clock.GetUtcNow()));
    }

    /// <summary>At rest there is nothing to wake up for.</summary>
    private TimeSpan UntilNext() =>
        isDirty ? LeastBetweenFrames : Ticks ? TickEvery : TimeSpan.FromHours(1);
}

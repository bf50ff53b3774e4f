using System.Collections.Concurrent;
using GpuTty.Host;
using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tui.Screens;

namespace GpuTty.Tui;

/// <summary>
/// The one place where the screens meet the world. Messages come into one inbox from the keyboard, the reader and the switch service; one
/// thread takes them out, asks <see cref="Update"/>, starts what is wanted and shows the frame. It never waits for anything but news.
/// </summary>
internal sealed class TuiLoop
{
    private static readonly TimeSpan s_leastBetweenFrames = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_tickEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_doubleClick = TimeSpan.FromMilliseconds(400);

    private readonly TuiTerminal _terminal;
    private readonly TuiOptions _options;
    private readonly ConcurrentQueue<Msg> _inbox = new();
    private readonly EffectRunner _effects;
    private readonly ClockWatch _watch;
    private readonly Silence _silence;
    private readonly IFrames _frames;
    private Model _model;
    private int? _exitCode;
    private bool _isDirty = true;
    private bool _isUrgent = true;
    private bool _isLit;
    private long _lastFrame;
    private long _lastTick;
    private TerminalInput.Pointed? _lastPressed;
    private long _lastPressedAt;

    private TuiLoop(IHostReader reader, ISwitchService service, TuiTerminal terminal, TuiOptions options)
    {
        (this._terminal, this._options) = (terminal, options);
        _watch = new ClockWatch(options.Clock);
        _silence = new Silence(options.Clock);
        _effects = new EffectRunner(reader, service, options, Post);
        var (width, height) = terminal.Size();
        _model = Start.With(service, options, width, height);
        _frames = terminal.Frames(width, height);
    }

    /// <summary>Runs until the user quits, the terminal is gone, or the token is cancelled; a running switch goes on.</summary>
    /// <returns>The exit code of the program.</returns>
    public static Task<int> RunAsync(
        IHostReader reader, ISwitchService service, TerminalSession session, TuiOptions options, CancellationToken cancel) =>
        RunAsync(reader, service, TuiTerminal.Of(session), options, cancel);

    public static Task<int> RunAsync(
        IHostReader reader, ISwitchService service, TuiTerminal terminal, TuiOptions options, CancellationToken cancel) =>
        Task.Factory.StartNew(
            () => new TuiLoop(reader, service, terminal, options).Run(cancel),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

    private int Run(CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var woken = cancel.Register(_terminal.Wake);
        _effects.Begin(isRunning: _model.IsRunning, _model.Needs, stop.Token);
        try
        {
            while (_exitCode is null && !cancel.IsCancellationRequested)
            {
                _effects.ThrowIfBroken();
                ShowIfDue();
                foreach (var input in _terminal.Read(UntilNext())) Take(input);
                if (!_inbox.IsEmpty && _watch.WasSetBack()) Handle(new Msg.ClockSetBack());
                while (_inbox.TryDequeue(out var msg)) Handle(msg);
                TickIfDue();
            }
        }
        finally
        {
            stop.Cancel();
            _frames.Dispose();
        }
        return _exitCode ?? 0;
    }

    private void Post(Msg msg)
    {
        _inbox.Enqueue(msg);
        _terminal.Wake();
    }

    private void Take(TerminalInput input)
    {
        switch (input)
        {
            case TerminalInput.KeyPressed or TerminalInput.Pointed or TerminalInput.Pasted when _silence.Drops(): break;
            case TerminalInput.KeyPressed pressed:
                _isUrgent = true;
                Handle(new Msg.KeyPressed(pressed.Key));
                break;
            case TerminalInput.Pointed pointed:
                _isUrgent = true;
                Handle(new Msg.Pointed(pointed.X, pointed.Y, pointed.Act, IsDouble(pointed)));
                break;
            case TerminalInput.Pasted pasted: Handle(new Msg.Pasted(pasted.Text)); break;
            case TerminalInput.Resized size: Handle(new Msg.Resized(size.Width, size.Height)); break;
            case TerminalInput.ScreenReturned: Handle(new Msg.ScreenReturned()); break;
            case TerminalInput.TerminalGone: _exitCode = 0; break;
        }
    }

    private bool IsDouble(TerminalInput.Pointed pointed)
    {
        var isDouble = pointed.Act == MouseAct.Press
            && pointed == _lastPressed
            && _options.Clock.GetElapsedTime(_lastPressedAt) < s_doubleClick;
        // A third press is the first of a new pair.
        (_lastPressed, _lastPressedAt) = (isDouble ? null : pointed, _options.Clock.GetTimestamp());
        return isDouble;
    }

    private void Handle(Msg msg)
    {
        var next = Update.Step(_model, msg);
        // A person watches a switch without touching a key.
        if (next.Model.IsRunning != _isLit) _terminal.StayLit(_isLit = next.Model.IsRunning);
        _model = next.Model;
        _isDirty = true;
        _effects.Want(_model.Needs);
        foreach (var effect in next.Effects) Perform(effect);
    }

    private void Perform(Effect effect)
    {
        switch (effect)
        {
            case Effect.Quit quit: _exitCode = quit.ExitCode; break;
            case Effect.Repaint: _terminal.Repaint(); break;
            case Effect.ForgetTyped:
                _terminal.DiscardTypeahead();
                _silence.Begin();
                break;
            default: _effects.Perform(effect); break;
        }
    }

    private bool Ticks => _model.IsRunning && _model.Screens.Any(screen => screen is RunningScreen);

    /// <summary>A key is answered at once; what comes in bursts, such as a log, is shown twenty times a second.</summary>
    private void ShowIfDue()
    {
        if (!_isDirty || (!_isUrgent && _options.Clock.GetElapsedTime(_lastFrame) < s_leastBetweenFrames)) return;
        _terminal.Show(_frames.Draw(_model));
        (_isDirty, _isUrgent, _lastFrame) = (false, false, _options.Clock.GetTimestamp());
    }

    private void TickIfDue()
    {
        if (!Ticks || _options.Clock.GetElapsedTime(_lastTick) < s_tickEvery) return;
        _lastTick = _options.Clock.GetTimestamp();
        Handle(new Msg.Tick(_options.Clock.GetUtcNow()));
    }

    /// <summary>At rest there is nothing to wake up for.</summary>
    private TimeSpan UntilNext() =>
        _isDirty ? s_leastBetweenFrames : Ticks ? s_tickEvery : TimeSpan.FromHours(1);
}

using System.Buffers;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace GpuTty.Terminal;

/// <summary>
/// A full screen on a terminal, from taking it over to giving it back, which happens whatever way the program ends
/// (for a SIGKILL see <see cref="Supervisor"/>). One thread shows and reads; any thread may wake it.
/// </summary>
internal sealed class TerminalSession : IDisposable
{
    private readonly Tty _tty;
    private readonly ScreenTakeover _takeover;
    private readonly Painter _painter;
    private readonly ArrayBufferWriter<byte> _frameBytes = new(16 * 1024);
    private readonly ProgramEnds _ends;
    private readonly PosixSignalRegistration[] _signals;
    private readonly List<TerminalInput> _inputs = [];
    private readonly KeyParser _parser;
    private readonly WakeFile _wake = new();
    private readonly TerminalWait _wait;
    private readonly byte[] _typed = new byte[4096];
    private long _lastTyped;
    private volatile bool _resized;
    private volatile bool _continued;
    private readonly Lock _gate = new();
    private bool _isOurs;
    private volatile bool _isOver;

    private TerminalSession(Tty tty, TerminalTraits traits)
    {
        (this._tty, Traits) = (tty, traits);
        _takeover = new ScreenTakeover(tty, traits);
        _painter = new Painter(traits);
        _parser = new KeyParser(_inputs.Add);
        _wait = new TerminalWait(tty, _wake);
        Size = tty.Size;
        _ends = new ProgramEnds(Restore);
        _signals =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => Notice(() => _resized = true)),
            ContinueSignal.Create(() => Notice(() => _continued = true)),
        ];
        Take();
    }

    public TerminalTraits Traits { get; }

    public (int Width, int Height) Size { get; private set; }

    /// <summary>The Linux console we are on or shown on; null in a terminal window, over ssh.</summary>
    public VirtualConsole? Console => _tty.Console;

    /// <summary>Takes the terminal over; null, and why, if there is none that can show a full screen.</summary>
    public static TerminalSession? Open(TerminalOptions options, out string problem)
    {
        problem = "There is no terminal here to draw on.";
        if (Tty.Open(options) is not { } tty) return null;
        if (TerminalTraits.Of(tty, options) is { } traits) return new TerminalSession(tty, traits);
        tty.Dispose();
        problem = "This terminal (TERM is empty or 'dumb') cannot show a full screen.";
        return null;
    }

    /// <summary>Brings the frame to the screen. Does nothing once the terminal has been given back.</summary>
    public void Show(Surface frame)
    {
        lock (_gate)
        {
            if (!_isOurs) return;
            _frameBytes.ResetWrittenCount();
            _painter.Paint(frame, _frameBytes);
            _tty.Write(_frameBytes.WrittenSpan);
        }
    }

    /// <summary>The next frame is drawn from scratch: somebody else, the kernel for one, has written on the screen.</summary>
    public void Repaint()
    {
        lock (_gate) _painter.Forget();
    }

    /// <summary>While true, the console does not go dark for want of keys.</summary>
    public void StayLit(bool stays)
    {
        lock (_gate)
        {
            if (_isOurs) _tty.Write(System.Text.Encoding.ASCII.GetBytes(stays ? Traits.StaysLit : Traits.MayGoDark));
        }
    }

    /// <summary>Ends a <see cref="Read"/> that is waiting. Any thread may call it.</summary>
    public void Wake() => _wake.Wake();

    /// <summary>Waits until something comes in, somebody calls <see cref="Wake"/>, or the time is over.</summary>
    public IReadOnlyList<TerminalInput> Read(TimeSpan longest)
    {
        _inputs.Clear();
        var started = Stopwatch.GetTimestamp();
        while (_inputs.Count == 0)
        {
            var left = longest - Stopwatch.GetElapsedTime(started);
            if (left < TimeSpan.Zero) break;
            var happened = _wait.For(_parser.AwaitsSilence && Silence < left ? Silence : left);
            if (happened.HasFlag(TerminalWait.Happening.Typed)) ReadTyped();
            else if (_parser.AwaitsSilence && Silence <= TimeSpan.Zero) EndSilence();
            if (happened.HasFlag(TerminalWait.Happening.ConsoleSwitched) && Console is { IsVisible: true }) Returned();
            NoticeSignals();
            if (happened.HasFlag(TerminalWait.Happening.Woken)) break;
        }
        return [.. _inputs];
    }

    /// <summary>Forgets keys that were typed before the user could see what they would do.</summary>
    public void DiscardTypeahead() => _tty.DiscardTypeahead();

    /// <summary>Gives the terminal back permanently. May be called at any time, by any thread, and again.</summary>
    public void Restore()
    {
        _isOver = true;
        GiveBack();
    }

    public void Dispose()
    {
        Restore();
        _ends.Dispose();
        foreach (var signal in _signals) signal.Dispose();
        _wait.Dispose();
        _wake.Dispose();
        _tty.Dispose();
    }

    private void Take()
    {
        lock (_gate)
        {
            if (_isOver) return;
            _isOurs = true;
            _takeover.Take();
            _painter.Forget();
        }
    }

    private void GiveBack()
    {
        // A frame may be stuck on a line that takes no bytes; the program has to end anyway.
        var entered = _gate.TryEnter(TimeSpan.FromMilliseconds(500));
        if (_isOurs) _takeover.GiveBack();
        _isOurs = false;
        if (entered) _gate.Exit();
    }

    /// <summary>How much longer nothing may come for an ESC to be the key Esc.</summary>
    private TimeSpan Silence => KeyParser.EscapeDelay - Stopwatch.GetElapsedTime(_lastTyped);

    private void EndSilence()
    {
        _parser.Silence();
        _lastTyped = Stopwatch.GetTimestamp();
    }

    private void ReadTyped()
    {
        _lastTyped = Stopwatch.GetTimestamp();
        if (_tty.Read(_typed) is { } count) _parser.Read(_typed.AsSpan(0, count));
        else _inputs.Add(new TerminalInput.TerminalGone());
    }

    private void NoticeSignals()
    {
        if (_continued)
        {
            _continued = false;
            // Whoever stopped us, a shell most likely, has had the terminal for itself.
            Take();
            Returned();
        }
        // Also when the size is the same: a console changes its driver, and its picture, with this signal.
        if (_resized)
        {
            _resized = false;
            Size = _tty.Size;
            Repaint();
            _inputs.Add(new TerminalInput.Resized(Size.Width, Size.Height));
        }
    }

    private void Returned()
    {
        Repaint();
        _inputs.Add(new TerminalInput.ScreenReturned());
    }

    private void Notice(Action signal)
    {
        signal();
        _wake.Wake();
    }
}

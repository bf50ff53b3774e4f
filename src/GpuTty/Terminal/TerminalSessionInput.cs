using System.Diagnostics;

namespace GpuTty.Terminal;

/// <content>What comes in.</content>
internal sealed partial class TerminalSession
{
    private readonly List<TerminalInput> _inputs = [];
    private readonly KeyParser _parser;
    private readonly WakeFile _wake = new();
    private readonly TerminalWait _wait;
    private readonly byte[] _typed = new byte[4096];
    private long _lastTyped;
    private volatile bool _resized;
    private volatile bool _continued;

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

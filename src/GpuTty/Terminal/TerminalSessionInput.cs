using System.Diagnostics;

namespace GpuTty.Terminal;

/// <content>What comes in.</content>
internal sealed partial class TerminalSession
{
    private readonly List<TerminalInput> inputs = [];
    private readonly KeyParser parser;
    private readonly WakeFile wake = new();
    private readonly TerminalWait wait;
    private readonly byte[] typed = new byte[4096];
    private long lastTyped;
    private volatile bool resized;
    private volatile bool continued;

    /// <summary>Ends a <see cref="Read"/> that is waiting. Any thread may call it.</summary>
    public void Wake() => wake.Wake();

    /// <summary>Waits until something comes in, somebody calls <see cref="Wake"/>, or the time is over.</summary>
    public IReadOnlyList<TerminalInput> Read(TimeSpan longest)
    {
        inputs.Clear();
        var started = Stopwatch.GetTimestamp();
        while (inputs.Count == 0)
        {
            var left = longest - Stopwatch.GetElapsedTime(started);
            if (left < TimeSpan.Zero) break;
            var happened = wait.For(parser.AwaitsSilence && Silence < left ? Silence : left);
            if (happened.HasFlag(TerminalWait.Happening.Typed)) ReadTyped();
            else if (parser.AwaitsSilence && Silence <= TimeSpan.Zero) EndSilence();
            if (happened.HasFlag(TerminalWait.Happening.ConsoleSwitched) && Console is { IsVisible: true }) Returned();
            NoticeSignals();
            if (happened.HasFlag(TerminalWait.Happening.Woken)) break;
        }
        return [.. inputs];
    }

    /// <summary>How much longer nothing may come for an ESC to be the key Esc.</summary>
    private TimeSpan Silence => KeyParser.EscapeDelay - Stopwatch.GetElapsedTime(lastTyped);

    private void EndSilence()
    {
        parser.Silence();
        lastTyped = Stopwatch.GetTimestamp();
    }

    private void ReadTyped()
    {
        lastTyped = Stopwatch.GetTimestamp();
        if (tty.Read(typed) is { } count) parser.Read(typed.AsSpan(0, count));
        else inputs.Add(new TerminalInput.TerminalGone());
    }

    private void NoticeSignals()
    {
        if (continued)
        {
            continued = false;
            // Whoever stopped us, a shell most likely, has had the terminal for itself.
            Take();
            Returned();
        }
        // Also when the size is the same: a console changes its driver, and its picture, with this signal.
        if (resized)
        {
            resized = false;
            Size = tty.Size;
            Repaint();
            inputs.Add(new TerminalInput.Resized(Size.Width, Size.Height));
        }
    }

    private void Returned()
    {
        Repaint();
        inputs.Add(new TerminalInput.ScreenReturned());
    }

    private void Notice(Action signal)
    {
        signal();
        wake.Wake();
    }
}

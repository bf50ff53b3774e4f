using System.Buffers;
using System.Runtime.InteropServices;

namespace GpuTty.Terminal;

/// <summary>
/// A full screen on a terminal, from taking it over to giving it back, which happens whatever way the program ends
/// (for a SIGKILL see <see cref="Supervisor"/>). One thread shows and reads; any thread may wake it.
/// </summary>
internal sealed partial class TerminalSession : IDisposable
{
    private readonly Tty tty;
    private readonly ScreenTakeover takeover;
    private readonly Painter painter;
    private readonly ArrayBufferWriter<byte> frameBytes = new(16 * 1024);
    private readonly ProgramEnds ends;
    private readonly PosixSignalRegistration[] signals;
    private readonly Lock gate = new();
    private bool isOurs;
    private volatile bool isOver;

    private TerminalSession(Tty tty, TerminalTraits traits)
    {
        (this.tty, Traits) = (tty, traits);
        takeover = new ScreenTakeover(tty, traits);
        painter = new Painter(traits);
        parser = new KeyParser(inputs.Add);
        wait = new TerminalWait(tty, wake);
        Size = tty.Size;
        ends = new ProgramEnds(Restore);
        signals =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => Notice(() => resized = true)),
            ContinueSignal.Create(() => Notice(() => continued = true)),
        ];
        Take();
    }

    public TerminalTraits Traits { get; }

    public (int Width, int Height) Size { get; private set; }

    /// <summary>The Linux console we are on or shown on; null in a terminal window, over ssh.</summary>
    public VirtualConsole? Console => tty.Console;

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
        lock (gate)
        {
            if (!isOurs) return;
            frameBytes.ResetWrittenCount();
            painter.Paint(frame, frameBytes);
            tty.Write(frameBytes.WrittenSpan);
        }
    }

    /// <summary>The next frame is drawn from scratch: somebody else, the kernel for one, has written on the screen.</summary>
    public void Repaint()
    {
        lock (gate) painter.Forget();
    }

    /// <summary>While true, the console does not go dark for want of keys.</summary>
    public void StayLit(bool stays)
    {
        lock (gate)
        {
            if (isOurs) tty.Write(System.Text.Encoding.ASCII.GetBytes(stays ? Traits.StaysLit : Traits.MayGoDark));
        }
    }

    /// <summary>Forgets keys that were typed before the user could see what they would do.</summary>
    public void DiscardTypeahead() => tty.DiscardTypeahead();

    /// <summary>Lends the terminal, as it was before us, to something else: a shell, a pager.</summary>
    public void Lend(Action borrower)
    {
        GiveBack();
        try
        {
            borrower();
        }
        finally
        {
            Take();
        }
    }

    /// <summary>Gives the terminal back permanently. May be called at any time, by any thread, and again.</summary>
    public void Restore()
    {
        isOver = true;
        GiveBack();
    }

    public void Dispose()
    {
        Restore();
        ends.Dispose();
        foreach (var signal in signals) signal.Dispose();
        wait.Dispose();
        wake.Dispose();
        tty.Dispose();
    }

    private void Take()
    {
        lock (gate)
        {
            if (isOver) return;
            isOurs = true;
            takeover.Take();
            painter.Forget();
        }
    }

    private void GiveBack()
    {
        // A frame may be stuck on a line that takes no bytes; the program has to end anyway.
        var entered = gate.TryEnter(TimeSpan.FromMilliseconds(500));
        if (isOurs) takeover.GiveBack();
        isOurs = false;
        if (entered) gate.Exit();
    }
}

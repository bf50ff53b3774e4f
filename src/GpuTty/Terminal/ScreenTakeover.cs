using System.Text;
using GpuTty.Interop;

namespace GpuTty.Terminal;

/// <summary>Takes a terminal over for a full screen and gives it back as it was, in both directions as often as needed.</summary>
internal sealed class ScreenTakeover(Tty tty, TerminalTraits traits)
{
    // A stalled line (ssh that hangs) must not keep the program from ending.
    private const int Patience = 500;

    private readonly Termios _before = tty.Attributes;
    private readonly int? _levelBefore = KernelMessages.Level;

    /// <summary>True while the terminal is in the state of before: the line settings are the last thing that is given back.</summary>
    public bool IsGivenBack => tty.Attributes.Equals(_before);

    public void Take()
    {
        if (tty.Console is not null) KernelMessages.Quieten();
        tty.Attributes = _before.Raw;
        tty.DiscardTypeahead();
        tty.Write(Encoding.ASCII.GetBytes(traits.EnterScreen), Patience);
    }

    public void GiveBack()
    {
        // A level that was quiet already is left alone: another of our screens has quietened it, and will give it back.
        if (tty.Console is not null && _levelBefore is { } level && !KernelMessages.IsQuiet(level)) KernelMessages.Restore(level);
        tty.Write(Encoding.ASCII.GetBytes(traits.LeaveScreen), Patience);
        tty.DiscardTypeahead();
        tty.Attributes = _before;
    }
}

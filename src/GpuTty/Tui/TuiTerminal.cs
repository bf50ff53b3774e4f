using GpuTty.Terminal;
using GpuTty.Tui.Views;

namespace GpuTty.Tui;

/// <summary>What the loop needs of a terminal; in tests a script stands in for it.</summary>
/// <param name="Read">Waits for input, for <paramref name="Wake"/>, or until the time is over.</param>
/// <param name="Wake">Ends a wait; any thread may call it.</param>
internal sealed record TuiTerminal(
    Func<TimeSpan, IReadOnlyList<TerminalInput>> Read,
    Action Wake,
    Action<Surface> Show,
    Action Repaint,
    Action DiscardTypeahead,
    Func<(int Width, int Height)> Size)
{
    /// <summary>Keeps the console from going dark, or no longer.</summary>
    public Action<bool> StayLit { get; init; } = _ => { };

    /// <summary>What draws, for a screen of this size.</summary>
    public Func<int, int, IFrames> Frames { get; init; } = GuiScreen.Make;

    public static TuiTerminal Of(TerminalSession session) =>
        new(session.Read, session.Wake, session.Show, session.Repaint, session.DiscardTypeahead, () => session.Size)
        {
            StayLit = session.StayLit,
        };
}

using GpuTty.Terminal;

namespace GpuTty.Tui.Widgets;

/// <summary>A panel: a box with a title, reversed while the panel has the keys. Line weight cannot say that, console fonts have one only.</summary>
/// <param name="Note">A short word at the right end of the title line, such as <c>3 of 40</c>; left out when there is no room.</param>
internal sealed record FrameView(string Title, bool Focused = false, string Note = "")
{
    /// <summary>Draws the panel and returns the room inside, one blank column from the lines. Frames that share an edge are joined.</summary>
    public Surface Draw(Surface on, Rect at)
    {
        if (at.Width < 6 || at.Height < 3) return DrawBare(on, at);
        on.Box(at);
        var room = at.Width - 2;
        var title = $" {Title} ";
        var end = on.CutText(at.X + 1, at.Y, room, title, Focused ? Look.Focus : Look.Plain);
        var noteStart = at.X + 1 + room - Printable.Width(Note) - 2;
        if (Note.Length > 0 && noteStart > end) on.Text(noteStart, at.Y, $" {Note} ");
        return on.Clip(new Rect(at.X + 2, at.Y + 1, at.Width - 4, at.Height - 2));
    }

    /// <summary>Where lines would eat up the room, the content comes first and the title second.</summary>
    private Surface DrawBare(Surface on, Rect at)
    {
        var (title, inside) = at.SplitTop(at.Height > 1 ? 1 : 0);
        on.Clip(title).CutText(0, 0, title.Width, Title, Focused ? Look.Focus : Look.Strong);
        return on.Clip(inside);
    }
}

using GpuTty.Terminal;

namespace GpuTty.Tui.Widgets;

/// <summary>A panel: a box with a title, reversed while the panel has the
/// keys. Line weight cannot say that, console fonts have one only.</summary>
/// <param name="Note">A short word at the right end of the title line, such as <c>3 of 40</c>; left out when there is no room.</param>
internal sealed record FrameView(string Title, bool Focused = false, string Note = "")
{
    /// <summary>True where the text goes on below.</summary>
    public bool HasMore { get; init; }

    /// <summary>True where lines would eat up the room: the content comes first there, and the title second.</summary>
    public static bool IsBare(Rect at) => at.Width < 6 || at.Height < 3;

    /// <summary>The room inside, one blank column from the lines.</summary>
    public static Rect Inside(Rect at) =>
        IsBare(at) ? at.SplitTop(at.Height > 1 ? 1 : 0).Remainder : new Rect(at.X + 2, at.Y + 1, at.Width - 4, at.Height - 2);

    /// <summary>What stands in the last row: there is more below.</summary>
    public IEnumerable<TextRun> Feet(Rect at) => HasMore && !IsBare(at) ? [new TextRun(at.X + at.Width - 10, " ↓ more ", Look.Strong)] : [];

    /// <summary>What stands in the first row.</summary>
    public IEnumerable<TextRun> Titles(Rect at)
    {
        if (IsBare(at))
        {
            if (at.Height <= 1) yield break;
            // No edge is below it.
            yield return new TextRun(at.X, new string(' ', at.Width));
            yield return TextRun.Cut(at.X, at.Width, Title, Focused ? Look.Focus : Look.Strong);
            yield break;
        }
        var room = at.Width - 2;
        var title = TextRun.Cut(at.X + 1, room, $" {Title} ", Focused ? Look.Focus : Look.Plain);
        yield return title;
        var noteStart = at.X + 1 + room - Printable.Width(Note) - 2;
        if (Note.Length > 0 && noteStart > title.End) yield return new TextRun(noteStart, $" {Note} ");
    }
}

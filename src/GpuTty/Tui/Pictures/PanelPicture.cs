using System.Collections.Immutable;
using GpuTty.Terminal;

namespace GpuTty.Tui.Pictures;

/// <summary>A panel in its place.</summary>
/// <param name="Parts">In the room inside the frame; a part may be scrolled, the others stay.</param>
internal sealed record PanelPicture(Rect At, PanelFrame Frame, params ImmutableArray<PanelPart> Parts)
{
    /// <summary>The room inside the frame.</summary>
    public Rect Inside => PanelFrame.Inside(At);

    /// <summary>Where the cursor rests while the panel has the keys; null where it has nothing to rest on.</summary>
    public Cursor? Cursor => Parts.Where(part => part.HasCursor && !part.At.IsEmpty)
        .Select(part =>
            (Cursor?)new Cursor(
                Inside.X + part.At.X + part.CursorX,
                Inside.Y + part.At.Y + (part.Lines.Selected ?? part.Lines.First) - part.Lines.First,
                Visible: false))
        .FirstOrDefault();

    /// <summary>Where the lines in sight are among all of them, as rows of the right edge; null where all are in sight.</summary>
    public (int Y, int Height)? Thumb
    {
        get
        {
            var part = Parts.FirstOrDefault(part => part.HasCursor && part.Lines.Count > part.At.Height && part.At.Height > 2);
            if (part is null || PanelFrame.IsBare(At)) return null;
            var (room, count) = (part.At.Height, part.Lines.Count);
            var height = Math.Max(1, (int)((long)room * room / count));
            var (free, hidden) = (room - height, (long)part.Lines.First);
            // At an end only where the lines are, if there is a place between.
            var above = hidden == 0 ? 0 : hidden >= count - room ? free : free < 2 ? 0
                : Math.Clamp((int)(free * hidden / (count - room)), 1, free - 1);
            return (Inside.Y + part.At.Y + above, height);
        }
    }

    /// <summary>In the last row where a text goes on below: words, which no font lacks. A list has its scroll bar.</summary>
    public TextRun? Foot => GoesOn && !HasPanelBelow ? new TextRun(At.X + At.Width - 20, $" {MoreBelow} ", Theme.Strong) : null;

    /// <summary>What stands in the first row: that the text goes on, too, where the last row is the title of another panel.</summary>
    public PanelFrame Heading => GoesOn && HasPanelBelow && Frame.Note.Length == 0 ? Frame with { Note = MoreBelow } : Frame;

    /// <summary>The last row has the title of another panel.</summary>
    public bool HasPanelBelow { get; init; }

    private const string MoreBelow = "more below";

    private bool GoesOn => !PanelFrame.IsBare(At) && At.Width > 24 && Parts.Any(part =>
        part.Lines.CanSelect is null && !part.At.IsEmpty && part.Lines.First + part.At.Height < part.Lines.Count);

    /// <summary>Brings the keys here; null where none does.</summary>
    public Key? FocusKey { get; init; }

    /// <summary>Opens the selected line, for who presses on it twice; null where nothing opens.</summary>
    public Key? OpenKey { get; init; }

    /// <summary>A panel of one part.</summary>
    public static PanelPicture Of(Rect at, PanelFrame frame, ShownLines lines) =>
        new(at, frame, PanelPart.Of(PanelFrame.Inside(at), lines));
}

/// <summary>Lines in a part of a panel.</summary>
/// <param name="At">Counted from the corner of the room inside.</param>
internal sealed record PanelPart(Rect At, ShownLines Lines)
{
    /// <summary>True for the part that the keys move in.</summary>
    public bool HasCursor { get; init; }

    /// <summary>The column in which the cursor rests.</summary>
    public int CursorX { get; init; }

    /// <summary>Places in the lines that stand for keys.</summary>
    public ImmutableArray<(int Line, int X, int End, ImmutableArray<Key> Keys)> Buttons { get; init; } = [];

    /// <summary>The part that fills the room, with the cursor.</summary>
    public static PanelPart Of(Rect inside, ShownLines lines) =>
        new(inside.AtOrigin(), lines) { HasCursor = true };
}

/// <summary>A panel: a box with a title, reversed while the panel has the
/// keys. Line weight cannot say that, console fonts have one only.</summary>
/// <param name="Note">A short word at the right end of the title line, such as <c>3 of 40</c>; left out when there is no room.</param>
internal sealed record PanelFrame(string Title, bool Focused = false, string Note = "")
{
    /// <summary>True where lines would eat up the room: the content comes first there, and the title second.</summary>
    public static bool IsBare(Rect at) => at.Width < 6 || at.Height < 3;

    /// <summary>The room inside, one blank column from the lines.</summary>
    public static Rect Inside(Rect at) =>
        IsBare(at) ? at.SplitTop(at.Height > 1 ? 1 : 0).Remainder : new Rect(at.X + 2, at.Y + 1, at.Width - 4, at.Height - 2);

    /// <summary>What stands in the first row.</summary>
    public IEnumerable<TextRun> Titles(Rect at)
    {
        if (IsBare(at))
        {
            if (at.Height <= 1) yield break;
            // No edge is below it.
            yield return new TextRun(at.X, new string(' ', at.Width));
            yield return TextRun.Cut(at.X, at.Width, Title, Focused ? Theme.Focus : Theme.Strong);
            yield break;
        }
        var room = at.Width - 2;
        var title = TextRun.Cut(at.X + 1, room, $" {Title} ", Focused ? Theme.Focus : Theme.Plain);
        yield return title;
        var noteStart = at.X + 1 + room - Printable.Width(Note) - 2;
        if (Note.Length > 0 && noteStart > title.End) yield return new TextRun(noteStart, $" {Note} ");
    }
}

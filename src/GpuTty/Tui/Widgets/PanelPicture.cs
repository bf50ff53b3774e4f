using System.Collections.Immutable;
using GpuTty.Terminal;

namespace GpuTty.Tui.Widgets;

/// <summary>A panel in its place.</summary>
/// <param name="Parts">In the room inside the frame; a part may be scrolled, the others stay.</param>
internal sealed record PanelPicture(Rect At, FrameView Frame, params ImmutableArray<PanelPart> Parts)
{
    /// <summary>The room inside the frame.</summary>
    public Rect Inside => FrameView.Inside(At);

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
            if (part is null || FrameView.IsBare(At)) return null;
            var (room, count) = (part.At.Height, part.Lines.Count);
            var height = Math.Max(1, (int)((long)room * room / count));
            var (free, hidden) = (room - height, (long)part.Lines.First);
            // At an end only where the lines are, if there is a place between.
            var above = hidden == 0 ? 0 : hidden >= count - room ? free : free < 2 ? 0
                : Math.Clamp((int)(free * hidden / (count - room)), 1, free - 1);
            return (Inside.Y + part.At.Y + above, height);
        }
    }

    /// <summary>Brings the keys here; null where none does.</summary>
    public Key? FocusKey { get; init; }

    /// <summary>Opens the selected line, for who presses on it twice; null where nothing opens.</summary>
    public Key? OpenKey { get; init; }

    /// <summary>A panel of one part.</summary>
    public static PanelPicture Of(Rect at, FrameView frame, ShownLines lines) => new(at, frame, PanelPart.Of(FrameView.Inside(at), lines));
}

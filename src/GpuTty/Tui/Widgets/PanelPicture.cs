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
        .Select(part => (Cursor?)new Cursor(Inside.X + part.At.X + part.CursorX, Inside.Y + part.At.Y + (part.Lines.Selected ?? part.Lines.First) - part.Lines.First, Visible: false)).FirstOrDefault();

    /// <summary>Brings the keys here; null where none does.</summary>
    public Key? FocusKey { get; init; }

    /// <summary>Opens the selected line, for who presses on it twice; null where nothing opens.</summary>
    public Key? OpenKey { get; init; }

    /// <summary>A panel of one part.</summary>
    public static PanelPicture Of(Rect at, FrameView frame, ShownLines lines) => new(at, frame, PanelPart.Of(FrameView.Inside(at), lines));
}

using System.Collections.Immutable;
using GpuTty.Terminal;

namespace GpuTty.Tui.Pictures;

/// <summary>What a screen shows between the first and the last line: panels whose edges join. The same for whoever draws it.</summary>
internal sealed record ScreenPanels(params ImmutableArray<PanelPicture> Panels)
{
    /// <summary>A line above the panels, such as the names of those that are not in sight.</summary>
    public ImmutableArray<TextRun> Top { get; init; } = [];

    /// <summary>Places in that line that stand for keys.</summary>
    public ImmutableArray<(int X, int End, Key Key)> TopKeys { get; init; } = [];

    /// <summary>What is being typed.</summary>
    public TypedField? Typed { get; init; }

    /// <summary>Where the hardware cursor rests while nothing is typed, for
    /// who reads by it: on the row of the panel with the keys.</summary>
    public Cursor? Cursor =>
        Panels.Where(panel => panel.Frame.Focused).Select(panel => panel.Cursor).FirstOrDefault(cursor => cursor is not null);

    /// <summary>The smallest rectangle around the panels.</summary>
    public Rect Area => new(
        Panels.Min(panel => panel.At.X),
        Panels.Min(panel => panel.At.Y),
        Panels.Max(panel => panel.At.X + panel.At.Width) - Panels.Min(panel => panel.At.X),
        Panels.Max(panel => panel.At.Y + panel.At.Height) - Panels.Min(panel => panel.At.Y));

    /// <summary>The same, so much farther to the left and up.</summary>
    public ScreenPanels MovedBy(int x, int y) => this with
    {
        Panels = [.. Panels.Select(panel => panel with { At = new Rect(panel.At.X - x, panel.At.Y - y, panel.At.Width, panel.At.Height) })],
    };

    /// <summary>A panel alone, with this text.</summary>
    public static ScreenPanels Of(Rect at, PanelFrame frame, ShownLines lines) => new(PanelPicture.Of(at, frame, lines));
}

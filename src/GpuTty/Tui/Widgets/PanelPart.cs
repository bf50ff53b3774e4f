using System.Collections.Immutable;
using GpuTty.Terminal;

namespace GpuTty.Tui.Widgets;

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
        new(new Rect(0, 0, inside.Width, inside.Height), lines) { HasCursor = true };
}

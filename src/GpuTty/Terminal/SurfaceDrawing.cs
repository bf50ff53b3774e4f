namespace GpuTty.Terminal;

/// <content>The drawing verbs.</content>
internal sealed partial class Surface
{
    /// <summary>Writes a text, made harmless; returns the column after it.</summary>
    public int Text(int x, int y, ReadOnlySpan<char> text, Style style = default)
    {
        if ((uint)y >= (uint)Height) return x;
        // 64 bits: a text that starts at the largest int must not come back on the left.
        long column = x;
        for (; !text.IsEmpty && column < Width; column++)
        {
            var glyph = Printable.Next(ref text);
            if (column >= 0) this[(int)column, y] = new Cell(glyph, style);
        }
        return (int)Math.Min(column, int.MaxValue);
    }

    /// <summary>Writes a text into so many columns; one that is longer ends with <c>~</c>. Returns the column after it.</summary>
    public int CutText(int x, int y, int columns, ReadOnlySpan<char> text, Style style = default) => Text(x, y, Printable.Cut(text, columns), style);

    public void Fill(Rect area, char glyph = ' ', Style style = default)
    {
        var part = area.Intersect(Bounds);
        for (var y = part.Y; y < part.Y + part.Height; y++) Row(part, y).Fill(new Cell(glyph, style));
    }

    /// <summary>Changes the looks and keeps the letters.</summary>
    public void Restyle(Rect area, Func<Style, Style> change)
    {
        var part = area.Intersect(Bounds);
        for (var y = part.Y; y < part.Y + part.Height; y++)
            foreach (ref var cell in Row(part, y)) cell = cell with { Style = change(cell.Style) };
    }

    /// <summary>Draws the edge of a rectangle; lines that are already there are joined.</summary>
    public void Box(Rect edge, Style style = default)
    {
        if (edge.Width < 2 || edge.Height < 2) return;
        var (right, bottom) = (edge.X + edge.Width - 1, edge.Y + edge.Height - 1);
        Join(edge.X, edge.Y, BoxLines.Down | BoxLines.Right, style);
        Join(right, edge.Y, BoxLines.Down | BoxLines.Left, style);
        Join(edge.X, bottom, BoxLines.Up | BoxLines.Right, style);
        Join(right, bottom, BoxLines.Up | BoxLines.Left, style);
        var inside = new Rect(edge.X + 1, edge.Y + 1, edge.Width - 2, edge.Height - 2).Intersect(Bounds);
        for (var x = inside.X; x < inside.X + inside.Width; x++)
        {
            Join(x, edge.Y, BoxLines.Left | BoxLines.Right, style);
            Join(x, bottom, BoxLines.Left | BoxLines.Right, style);
        }
        for (var y = inside.Y; y < inside.Y + inside.Height; y++)
        {
            Join(edge.X, y, BoxLines.Up | BoxLines.Down, style);
            Join(right, y, BoxLines.Up | BoxLines.Down, style);
        }
    }

    private void Join(int x, int y, int arms, Style style) => this[x, y] = new Cell(BoxLines.Join(this[x, y].Glyph, arms), style);

    private Span<Cell> Row(Rect part, int y) => part.IsEmpty ? [] : sheet.Cells.AsSpan(Index(part.X, y), part.Width);
}

namespace GpuTty.Terminal;

/// <summary>A part of a surface. Width and height are never negative; splitting off more than there is yields all there is.</summary>
internal readonly record struct Rect(int X, int Y, int Width, int Height)
{
    public int Width { get; } = Math.Max(0, Width);

    public int Height { get; } = Math.Max(0, Height);

    public bool Holds(int x, int y) => x >= X && x < X + Width && y >= Y && y < Y + Height;

    /// <summary>The same size, counted from its own corner.</summary>
    public Rect AtOrigin() => new(0, 0, Width, Height);

    public bool IsEmpty => Width == 0 || Height == 0;

    public (Rect Head, Rect Remainder) SplitTop(int rows)
    {
        var n = Math.Clamp(rows, 0, Height);
        return (new Rect(X, Y, Width, n), new Rect(X, Y + n, Width, Height - n));
    }

    public (Rect Head, Rect Remainder) SplitBottom(int rows)
    {
        var (remainder, head) = SplitTop(Height - Math.Clamp(rows, 0, Height));
        return (head, remainder);
    }

    public (Rect Head, Rect Remainder) SplitLeft(int columns)
    {
        var n = Math.Clamp(columns, 0, Width);
        return (new Rect(X, Y, n, Height), new Rect(X + n, Y, Width - n, Height));
    }

    /// <summary>A rectangle of at most this size in the middle of this one.</summary>
    public Rect Center(int width, int height)
    {
        var w = Math.Clamp(width, 0, Width);
        var h = Math.Clamp(height, 0, Height);
        return new Rect(X + ((Width - w) / 2), Y + ((Height - h) / 2), w, h);
    }
}

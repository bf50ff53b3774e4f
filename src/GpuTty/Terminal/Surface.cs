namespace GpuTty.Terminal;

/// <summary>
/// A grid of cells to draw on, or a window onto one. Coordinates count from the window's own corner and everything outside
/// is cut off, so drawing never fails, whatever the size of the terminal.
/// </summary>
internal sealed partial class Surface
{
    // Larger than any console; a terminal that claims more is not believed.
    private const int LongestSide = 1024;

    private readonly Sheet sheet;
    private readonly int left;
    private readonly int top;

    public Surface(int width, int height)
        : this(new Sheet(Math.Clamp(width, 0, LongestSide), Math.Clamp(height, 0, LongestSide)))
    {
    }

    private Surface(Sheet sheet) => (this.sheet, Width, Height) = (sheet, sheet.Width, sheet.Height);

    private Surface(Surface parent, Rect part)
    {
        var seen = part.Intersect(parent.Bounds);
        (sheet, left, top) = (parent.sheet, parent.left + seen.X, parent.top + seen.Y);
        (Width, Height) = (seen.Width, seen.Height);
    }

    public int Width { get; }

    public int Height { get; }

    public Rect Bounds => new(0, 0, Width, Height);

    /// <summary>
    /// Where the hardware cursor rests when the frame is done, in coordinates of the whole screen. Braille displays and
    /// screen readers follow it even when it is hidden, so the focused row or field sets it.
    /// </summary>
    public Cursor Cursor => sheet.Cursor;

    /// <summary>Reads blank and writes nothing outside of the window.</summary>
    public Cell this[int x, int y]
    {
        get => Holds(x, y) ? sheet.Cells[Index(x, y)] : Cell.Blank;
        set
        {
            if (Holds(x, y)) sheet.Cells[Index(x, y)] = value;
        }
    }

    /// <summary>The part of this surface that lies under the rectangle.</summary>
    public Surface Clip(Rect part) => new(this, part);

    public void PlaceCursor(int x, int y, bool visible = false)
    {
        if (Holds(x, y)) sheet.Cursor = new Cursor(left + x, top + y, visible);
    }

    private bool Holds(int x, int y) => (uint)x < (uint)Width && (uint)y < (uint)Height;

    private int Index(int x, int y) => ((top + y) * sheet.Width) + left + x;

    private sealed class Sheet
    {
        public Sheet(int width, int height)
        {
            (Width, Height, Cells) = (width, height, new Cell[width * height]);
            Array.Fill(Cells, Cell.Blank);
        }

        public int Width { get; }

        public int Height { get; }

        public Cell[] Cells { get; }

        public Cursor Cursor { get; set; }
    }
}

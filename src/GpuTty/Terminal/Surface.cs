namespace GpuTty.Terminal;

/// <summary>One place on the screen. One UTF-16 unit is enough: wider
/// characters never reach a cell (see <see cref="Printable"/>).</summary>
internal readonly record struct Cell(char Glyph, Style Style)
{
    public static readonly Cell Blank = new(' ', Style.Default);
}

/// <summary>A place on the screen, counted from 0, and whether the cursor shows there.</summary>
internal readonly record struct Cursor(int X, int Y, bool Visible);

/// <summary>
/// A frame: cells, and where the hardware cursor rests. What lies outside of it is cut off, so drawing never
/// fails, whatever the size of the terminal.
/// </summary>
internal sealed class Surface
{
    // Larger than any console; a terminal that claims more is not believed.
    private const int LongestSide = 1024;

    private readonly Cell[] _cells;

    public Surface(int width, int height)
    {
        (Width, Height) = (Math.Clamp(width, 0, LongestSide), Math.Clamp(height, 0, LongestSide));
        _cells = new Cell[Width * Height];
        Array.Fill(_cells, Cell.Blank);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Where the hardware cursor rests when the frame is done.
    /// Braille displays and screen readers follow it, hidden or not.</summary>
    public Cursor Cursor { get; private set; }

    /// <summary>Reads blank and writes nothing outside.</summary>
    public Cell this[int x, int y]
    {
        get => Holds(x, y) ? _cells[(y * Width) + x] : Cell.Blank;
        set
        {
            if (Holds(x, y)) _cells[(y * Width) + x] = value;
        }
    }

    public void PlaceCursor(int x, int y, bool visible = false)
    {
        if (Holds(x, y)) Cursor = new Cursor(x, y, visible);
    }

    /// <param name="area">None of it outside.</param>
    public void Fill(Rect area, Cell cell)
    {
        for (var y = area.Y; y < area.Y + area.Height; y++) _cells.AsSpan((y * Width) + area.X, area.Width).Fill(cell);
    }

    private bool Holds(int x, int y) => (uint)x < (uint)Width && (uint)y < (uint)Height;
}

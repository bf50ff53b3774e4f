using System.Drawing;
using System.Text;
using Terminal.Gui.Drawing;
using Terminal.Gui.Drivers;
using Attribute = Terminal.Gui.Drawing.Attribute;
using GuiCell = Terminal.Gui.Drawing.Cell;

namespace GpuTty.Terminal;

/// <summary>
/// Where views draw: a frame of ours. The library's own buffer keeps a string for each cell and measures it several times, which takes
/// thousands of bytes and microseconds a cell; here a cell is a character and a style, and each is one column wide.
/// </summary>
internal sealed class GuiBuffer : IOutputBuffer
{
    private Region? _clip;
    private Style _style;
    private Attribute _attribute;

    /// <summary>What was drawn so far.</summary>
    public Surface Frame { get; private set; } = new(0, 0);

    public int Cols
    {
        get => Frame.Width;
        set => SetSize(value, Rows);
    }

    public int Rows
    {
        get => Frame.Height;
        set => SetSize(Cols, value);
    }

    public int Col { get; private set; }

    public int Row { get; private set; }

    public int Left { get; set; }

    public int Top { get; set; }

    public Region? Clip
    {
        get => _clip;
        set
        {
            if (ReferenceEquals(_clip, value)) return;
            _clip = value;
            _clip?.Intersect(new Rectangle(0, 0, Cols, Rows));
        }
    }

    public Attribute CurrentAttribute
    {
        get => _attribute;
        set => (_attribute, _style) = (value, value.ToStyle());
    }

    /// <summary>Links are not shown.</summary>
    public string? CurrentUrl { get; set; }

    /// <summary>None: the cells are ours.</summary>
    public GuiCell[,]? Contents { get; set; }

    /// <summary>None: what has changed is found out where bytes are written.</summary>
    public bool[] DirtyLines => [];

    public void SetSize(int cols, int rows)
    {
        Frame = new Surface(cols, rows);
        Clip = new Region(new Rectangle(0, 0, Cols, Rows));
    }

    public void ClearContents() => SetSize(Cols, Rows);

    public void Move(int col, int row) => (Col, Row) = (col, row);

    public bool IsValidLocation(string text, int col, int row) =>
        (uint)col < (uint)Cols && (uint)row < (uint)Rows && _clip?.Contains(col, row) != false;

    public void AddRune(char c) => Put(Printable.Glyph(Rune.TryCreate(c, out var rune) ? rune : Rune.ReplacementChar));

    public void AddRune(Rune rune) => Put(Printable.Glyph(rune));

    public void AddStr(string str)
    {
        // Edges come cell by cell.
        if (str.Length == 1)
        {
            AddRune(str[0]);
            return;
        }
        foreach (var part in Parts()) Draw(str, part);
        Col += Printable.Width(str);
    }

    public void FillRect(Rectangle rect, char rune) => FillRect(rect, new Rune(rune));

    public void FillRect(Rectangle rect, Rune rune)
    {
        var glyph = rune == default ? ' ' : Printable.Glyph(rune);
        foreach (var part in Parts())
        {
            var seen = Rectangle.Intersect(part, rect);
            Frame.Fill(new Rect(seen.X, seen.Y, seen.Width, seen.Height), new Cell(glyph, _style));
        }
    }

    public void AddRasterImage(RasterImageCommand command)
    {
    }

    public void RemoveRasterImage(string id)
    {
    }

    public void RetainRasterImages(IReadOnlyCollection<string> activeIds)
    {
    }

    public IReadOnlyList<RasterImageCommand> GetRasterImages() => [];

    public string? GetCellUrl(int col, int row) => null;

    public void SetWideGlyphReplacement(Rune column1ReplacementChar)
    {
    }

    private void Put(char glyph)
    {
        if (IsValidLocation("", Col, Row)) Frame[Col, Row] = new Cell(glyph, _style);
        Col++;
    }

    private ReadOnlySpan<Rectangle> Parts() => _clip is { } clip ? clip.GetRectangles() : [new Rectangle(0, 0, Cols, Rows)];

    private void Draw(string text, Rectangle part)
    {
        if (Row < part.Top || Row >= part.Bottom) return;
        var left = text.AsSpan();
        for (var x = Col; x < part.Right && !left.IsEmpty; x++)
        {
            var glyph = Printable.Next(ref left);
            if (x >= part.Left) Frame[x, Row] = new Cell(glyph, _style);
        }
    }
}

using System.Text;
using GpuTty.Terminal;

namespace GpuTty.Tests.Terminal;

/// <summary>Frames made by hand, and read as text.</summary>
internal static class Sketch
{
    private const string Arms = " │─└││┌├─┘─┴┐┤┬┼";

    public static void Text(this Surface on, int x, int y, ReadOnlySpan<char> text, Style style = default)
    {
        for (; !text.IsEmpty && x < on.Width; x++) on[x, y] = new Cell(Printable.Next(ref text), style);
    }

    /// <summary>The edge of a rectangle; lines that are there already are joined.</summary>
    public static void Box(this Surface on, Rect edge, Style style = default)
    {
        if (edge.Width < 2 || edge.Height < 2) return;
        for (var y = 0; y < edge.Height; y++)
        {
            for (var x = 0; x < edge.Width; x++)
            {
                var (isTop, isBottom, isLeft, isRight) = (y == 0, y == edge.Height - 1, x == 0, x == edge.Width - 1);
                if (!isTop && !isBottom && !isLeft && !isRight) continue;
                // Up 1, right 2, down 4, left 8.
                var arms = isTop || isBottom ? (isLeft ? 0 : 8) | (isRight ? 0 : 2) : 0;
                if (isLeft || isRight) arms |= (isTop ? 0 : 1) | (isBottom ? 0 : 4);
                var was = Math.Max(0, Arms.IndexOf(on[edge.X + x, edge.Y + y].Glyph, StringComparison.Ordinal));
                on[edge.X + x, edge.Y + y] = new Cell(Arms[was | arms], style);
            }
        }
    }

    /// <summary>All of it.</summary>
    public static Rect Bounds(this Surface of) => new(0, 0, of.Width, of.Height);

    /// <summary>The rows without trailing blanks, each ended by a line feed.</summary>
    public static string ToText(this Surface of, Glyphs? glyphs = null) => Rows(of, cell => glyphs?.Show(cell.Glyph) ?? cell.Glyph);

    /// <summary>The rows with a letter for every style in the order of its first
    /// appearance, <c>.</c> for the plain one, and a legend below.</summary>
    public static string ToStyleText(this Surface of)
    {
        var letters = new List<Style> { Style.Default };
        var rows = Rows(of, cell =>
        {
            if (!letters.Contains(cell.Style)) letters.Add(cell.Style);
            return Letter(letters.IndexOf(cell.Style));
        });
        return rows + string.Concat(letters.Skip(1).Select((style, index) => $"{Letter(index + 1)} {style}\n"));
    }

    private static string Rows(Surface of, Func<Cell, char> glyph)
    {
        var text = new StringBuilder((of.Width + 1) * of.Height);
        var row = new char[of.Width];
        for (var y = 0; y < of.Height; y++)
        {
            for (var x = 0; x < of.Width; x++) row[x] = glyph(of[x, y]);
            text.Append(row.AsSpan().TrimEnd(' ')).Append('\n');
        }
        return text.ToString();
    }

    // 52 letters are more styles than one screen should have; the rest share a mark.
    private static char Letter(int index) =>
        index switch { 0 => '.', <= 26 => (char)('a' + index - 1), <= 52 => (char)('A' + index - 27), _ => '*' };
}

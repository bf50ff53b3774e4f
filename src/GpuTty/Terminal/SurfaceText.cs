using System.Text;

namespace GpuTty.Terminal;

/// <content>The surface as text, for snapshots, screenshots and the plain report.</content>
internal sealed partial class Surface
{
    /// <summary>The rows without trailing blanks, each ended by a line feed.</summary>
    public string ToText(Glyphs? glyphs = null) => Rows((x, y) => glyphs?.Show(this[x, y].Glyph) ?? this[x, y].Glyph);

    /// <summary>
    /// The rows with a letter for every style in the order of its first appearance, <c>.</c> for the plain one,
    /// and a legend below.
    /// </summary>
    public string ToStyleText()
    {
        var letters = new List<Style> { Style.Default };
        var rows = Rows((x, y) =>
        {
            var style = this[x, y].Style;
            var index = letters.IndexOf(style);
            if (index < 0) (index, _) = (letters.Count, Add(style));
            return Letter(index);
        });
        return rows + string.Concat(letters.Skip(1).Select((style, index) => $"{Letter(index + 1)} {style}\n"));

        bool Add(Style style)
        {
            letters.Add(style);
            return true;
        }
    }

    private string Rows(Func<int, int, char> glyphAt)
    {
        var text = new StringBuilder((Width + 1) * Height);
        for (var y = 0; y < Height; y++)
        {
            var row = new char[Width];
            for (var x = 0; x < Width; x++) row[x] = glyphAt(x, y);
            text.Append(row.AsSpan().TrimEnd(' ')).Append('\n');
        }
        return text.ToString();
    }

    // 52 letters are more styles than one screen should have; the rest share a mark.
    private static char Letter(int index) => index switch { 0 => '.', <= 26 => (char)('a' + index - 1), <= 52 => (char)('A' + index - 27), _ => '*' };
}

using System.Collections.Frozen;

namespace GpuTty.Terminal;

/// <summary>
/// Which characters the terminal can draw. A console font holds 256 or 512 glyphs, so a character that it lacks is shown as
/// the ASCII one that says the same; widgets draw in Unicode and need not know.
/// </summary>
internal sealed class Glyphs
{
    private const string Lines = "─│┌┐└┘├┤┬┴┼";
    private const string Drawn = Lines + "═║█░▒■•·×←↑→↓≤≥…—–“”‘’●✓✗±°";
    private const string InAscii = "-|+++++++++=|#.:#*.x<^>v<>~--\"\"''*vx~o";

    private static readonly FrozenDictionary<char, char> s_asciiOf =
        Drawn.Zip(InAscii).ToFrozenDictionary(pair => pair.First, pair => pair.Second);

    private readonly Func<char, bool> _has;

    private Glyphs(Func<char, bool> has) => this._has = has;

    public static Glyphs Unicode { get; } = new(_ => true);

    public static Glyphs Ascii { get; } = new(_ => false);

    /// <summary>The glyphs of a loaded console font, by their Unicode values.
    /// Frames are drawn with lines only if the font has all of them.</summary>
    public static Glyphs OfFont(IEnumerable<char> font)
    {
        var glyphs = font.ToFrozenSet();
        var lines = Lines.All(glyphs.Contains);
        return new Glyphs(glyph => glyphs.Contains(glyph) && (lines || !Lines.Contains(glyph)));
    }

    public char Show(char glyph) =>
        glyph < 0x7f || _has(glyph) ? glyph
        : s_asciiOf.TryGetValue(glyph, out var ascii) ? ascii
        : Printable.ForUnknown;
}

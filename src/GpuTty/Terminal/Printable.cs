using System.Text;

namespace GpuTty.Terminal;

/// <summary>
/// Decides what a text may put on the screen. A device name or a log line must neither move the cursor nor take two columns,
/// so everything that is not known to be one column wide becomes a substitute that can be seen.
/// </summary>
internal static class Printable
{
    public const char ForControl = '·';
    public const char ForUnknown = '?';
    private const char CutMark = '~';

    /// <summary>The next glyph of a text; the text moves on.</summary>
    public static char Next(ref ReadOnlySpan<char> text)
    {
        Rune.DecodeFromUtf16(text, out var rune, out var used);
        text = text[used..];
        return Glyph(rune);
    }

    /// <summary>How many columns a text takes.</summary>
    public static int Width(ReadOnlySpan<char> text)
    {
        var width = 0;
        for (; !text.IsEmpty; width++) Next(ref text);
        return width;
    }

    /// <summary>A text made harmless, in at most so many columns; a longer one ends with <c>~</c>.</summary>
    public static string Cut(string text, int columns)
    {
        if (text.Length <= columns && !text.AsSpan().ContainsAnyExceptInRange(' ', '~')) return text;
        return Cut(text.AsSpan(), columns);
    }

    public static string Cut(ReadOnlySpan<char> text, int columns)
    {
        var shown = new StringBuilder();
        while (!text.IsEmpty && shown.Length < columns) shown.Append(Next(ref text));
        if (!text.IsEmpty && shown.Length > 0) shown[^1] = CutMark;
        return shown.ToString();
    }

    public static char Glyph(Rune rune) => rune.Value switch
    {
        '\t' => ' ',
        < 0x20 or (>= 0x7f and < 0xa0) => ForControl,
        < 0x7f => (char)rune.Value,
        0xa0 => ' ',
        0xad => ForControl,
        < 0x300 => (char)rune.Value,
        // Greek and Cyrillic; U+0483..0489 combine.
        (>= 0x370 and < 0x483) or (>= 0x48a and < 0x530) => (char)rune.Value,
        // Dashes, quotes, bullets, the ellipsis; not the spaces and direction marks around them.
        (>= 0x2010 and <= 0x2027) or (>= 0x2030 and <= 0x205e) => (char)rune.Value,
        // Arrows, mathematics, box drawing, blocks, shapes, without the few that newer terminals draw as wide emoji.
        (>= 0x2190 and < 0x2300) or (>= 0x2500 and < 0x25fd) => (char)rune.Value,
        0x2713 or 0x2717 => (char)rune.Value,
        _ => ForUnknown,
    };
}

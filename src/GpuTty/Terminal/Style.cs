using System.Globalization;

namespace GpuTty.Terminal;

/// <summary>The eight colours every Linux console can show (console_codes(4), SGR 30-37), and the terminal's own.</summary>
internal enum Color : byte
{
    Default,
    Black,
    Red,
    Green,
    Yellow,
    Blue,
    Magenta,
    Cyan,
    White,
}

/// <summary>
/// How a cell looks: two colours, bold, reverse; ten bits in all. There is no dim, underline or bright background:
/// the Linux console turns those into other colours, or into black on black.
/// </summary>
internal readonly record struct Style
{
    private const int BoldBit = 0x100;
    private const int ReverseBit = 0x200;
    private readonly ushort _bits;

    private Style(int bits) => this._bits = (ushort)bits;

    public static Style Default => default;

    public static Style Of(Color foreground, Color background = Color.Default) => new((int)foreground | ((int)background << 4));

    public Color Foreground => (Color)(_bits & 0xf);

    public Color Background => (Color)((_bits >> 4) & 0xf);

    public bool IsBold => (_bits & BoldBit) != 0;

    public bool IsReversed => (_bits & ReverseBit) != 0;

    public Style Bold => new(_bits | BoldBit);

    public Style Reversed => new(_bits | ReverseBit);

    public Style WithoutBold => new(_bits & ~BoldBit);

    /// <summary>The same style for people and terminals without colour (NO_COLOR): bold and reverse stay.</summary>
    public Style WithoutColor => new(_bits & ~0xff);

    /// <summary>The words of this style, for snapshots: <c>bold red on blue reversed</c>.</summary>
    public override string ToString()
    {
        var words = new List<string>();
        if (IsBold) words.Add("bold");
        if (Foreground != Color.Default) words.Add(Foreground.ToString().ToLower(CultureInfo.InvariantCulture));
        if (Background != Color.Default) words.Add("on " + Background.ToString().ToLower(CultureInfo.InvariantCulture));
        if (IsReversed) words.Add("reversed");
        return words.Count == 0 ? "plain" : string.Join(' ', words);
    }
}

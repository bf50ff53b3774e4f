using Terminal.Gui.Drawing;
using Attribute = Terminal.Gui.Drawing.Attribute;
using GuiColor = Terminal.Gui.Drawing.Color;

namespace GpuTty.Terminal;

/// <summary>
/// Our looks in the library's terms and back: eight colours, bold, reverse. The library's colours are names here that nothing but
/// <see cref="GuiOutput"/> reads; a terminal gets its own eight.
/// </summary>
internal static class GuiLooks
{
    private const int Ours = 1;

    public static Attribute ToAttribute(this Style style) => new(
        Named(style.Foreground), Named(style.Background),
        (style.IsBold ? TextStyle.Bold : TextStyle.None) | (style.IsReversed ? TextStyle.Reverse : TextStyle.None));

    /// <summary>One look for everything that a view says of itself; the library would make the others up.</summary>
    public static Scheme ToScheme(this Style style)
    {
        var look = style.ToAttribute();
        return new Scheme(look)
        {
            Normal = look,
            HotNormal = look,
            Focus = look,
            HotFocus = look,
            Active = look,
            HotActive = look,
            Highlight = look,
            Editable = look,
            ReadOnly = look,
            Disabled = look,
        };
    }

    /// <summary>A colour that is none of ours, such as the library's own white on black, is the terminal's.</summary>
    public static Style ToStyle(this Attribute attribute)
    {
        var style = Style.Of(Meant(attribute.Foreground), Meant(attribute.Background));
        if (attribute.Style.HasFlag(TextStyle.Bold)) style = style.Bold;
        return attribute.Style.HasFlag(TextStyle.Reverse) ? style.Reversed : style;
    }

    private static GuiColor Named(Color color) => new((int)color, Ours, Ours);

    private static Color Meant(GuiColor color) => color is { G: Ours, B: Ours, R: <= (byte)Color.White } ? (Color)color.R : Color.Default;
}

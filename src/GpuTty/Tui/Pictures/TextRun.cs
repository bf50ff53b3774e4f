using GpuTty.Terminal;

namespace GpuTty.Tui.Pictures;

/// <summary>A piece of a line in one style. Later pieces of a line stand over earlier ones.</summary>
/// <param name="X">The column it begins at.</param>
internal readonly record struct TextRun(int X, string Text, Style Style = default)
{
    /// <summary>The column behind it.</summary>
    public int End => X + Printable.Width(Text);

    /// <summary>A text in at most so many columns; a longer one ends with <c>~</c>.</summary>
    public static TextRun Cut(int x, int columns, string text, Style style = default) => new(x, Printable.Cut(text, columns), style);

    public static TextRun Cut(int x, int columns, Label label) => Cut(x, columns, label.Text, label.Style);
}

using GpuTty.Terminal;

namespace GpuTty.Tui.Widgets;

/// <summary>How much is done, or how much of a limit is used up, with words beside it.</summary>
/// <param name="Fraction">0 to 1.</param>
internal sealed record ProgressBar(double Fraction, string Text = "")
{
    private const int Widest = 40;

    public IEnumerable<TextRun> Line(int width, Style style = default)
    {
        var words = Text.Length == 0 ? 0 : Printable.Width(Text) + 2;
        var length = Math.Clamp(width - words, 0, Widest);
        // Not a number is not progress.
        var full = Fraction > 0 ? (int)Math.Round(Math.Min(1, Fraction) * length) : 0;
        yield return new TextRun(0, new string('█', full) + new string('░', length - full), style);
        yield return TextRun.Cut(length == 0 ? 0 : length + 2, width - (length == 0 ? 0 : length + 2), Text, style);
    }
}

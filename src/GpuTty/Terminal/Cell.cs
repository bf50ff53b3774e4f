namespace GpuTty.Terminal;

/// <summary>One place on the screen. One UTF-16 unit is enough: wider
/// characters never reach a cell (see <see cref="Printable"/>).</summary>
internal readonly record struct Cell(char Glyph, Style Style)
{
    public static readonly Cell Blank = new(' ', Style.Default);
}

using GpuTty.Terminal;

namespace GpuTty.Tui.Pictures;

/// <summary>A short text and its looks; a plain string is one too.</summary>
internal readonly record struct Label(string Text, Style Style = default)
{
    public string Text { get; } = Text ?? "";

    public int Width => Printable.Width(Text);

    public static implicit operator Label(string text) => new(text);

    public override string ToString() => Text;
}

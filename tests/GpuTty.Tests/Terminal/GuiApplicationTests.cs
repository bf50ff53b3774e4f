using GpuTty.Terminal;
using GpuTty.Tests.Tui;
using Terminal.Gui.Drawing;
using Color = GpuTty.Terminal.Color;
using GuiAttribute = Terminal.Gui.Drawing.Attribute;

namespace GpuTty.Tests.Terminal;

/// <summary>Terminal.Gui on a terminal of ours.</summary>
public sealed class GuiApplicationTests
{
    /// <summary>The constructor that takes a driver is internal; another version may not have it.</summary>
    [Fact]
    public void The_library_takes_our_driver() =>
        Assert.Contains(
            "GpuTty needs 40x10, this is 39x9.",
            OnViews.Picture(Play.Blank().Sized(39, 9).Model).ReplaceLineEndings(" "),
            StringComparison.Ordinal);

    [Fact]
    public void Every_style_of_ours_comes_back_from_the_library()
    {
        foreach (var foreground in Enum.GetValues<Color>())
        {
            foreach (var background in Enum.GetValues<Color>())
            {
                var style = Style.Of(foreground, background);
                foreach (var each in new[] { style, style.Bold, style.Reversed, style.Bold.Reversed })
                    Assert.Equal(each, each.ToAttribute().ToStyle());
            }
        }
    }

    [Fact]
    public void Looks_that_only_the_library_has_are_the_terminals_own() =>
        Assert.Equal(Style.Default, new GuiAttribute(ColorName16.BrightBlue, ColorName16.DarkGray, TextStyle.Italic).ToStyle());
}

using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tui.Pictures;
using GpuTty.Tui.Screens;

namespace GpuTty.Tests.Tui.Pictures;

/// <summary>Words break where they can, help is found, the way out is always on the screen.</summary>
public sealed class SmallPartsTests
{
    [Theory]
    [InlineData("the lion is asleep", 8, "the lion|is|asleep")]
    [InlineData("the lion is asleep", 80, "the lion is asleep")]
    [InlineData("Pipistrellus", 5, "Pipis|trell|us")]
    [InlineData("a\nb\r\nc", 5, "a|b|c")]
    [InlineData("  indented line here", 10, "  indented|line here")]
    [InlineData("😀😀😀", 2, "😀😀|😀")]
    [InlineData("", 5, "")]
    [InlineData("text", 0, "text")]
    public void Text_breaks_between_words(string text, int width, string lines) =>
        Assert.Equal(lines, string.Join('|', WordWrap.Lines(text, width)));

    [Fact]
    public void The_way_to_help_and_out_is_shown_at_every_width()
    {
        for (var width = 18; width < 100; width++)
        {
            var bar = Examples.Words(Examples.Keys.Line(width), width);
            Assert.Contains("? help", bar, StringComparison.Ordinal);
            Assert.Contains("q quit", bar, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_current_step_is_in_sight()
    {
        static StepStatus Mark(int step) => step < 20 ? StepStatus.Done : step == 20 ? StepStatus.Failed : StepStatus.Waiting;
        var steps = new StepList([.. Enumerable.Range(1, 30).Select(i => new StepLine($"step {i}", Mark(i)))]);
        Assert.Contains("[!!] step 20", Examples.Words(steps.Shown(20, 5), 20, 5), StringComparison.Ordinal);
        Assert.StartsWith("Step 20/30 [!!] step 20", Examples.Words(steps.Line(40), 40), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Ctrl+L", 'l', true)]
    [InlineData("v", 'v', false)]
    [InlineData("Space", ' ', false)]
    public void Keys_have_the_names_people_use(string name, char letter, bool ctrl) =>
        Assert.Equal(name, (ctrl ? Key.Ctrl(letter) : Key.Of(letter)).ToString());
}

using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tests.Terminal;
using GpuTty.Tui;
using GpuTty.Tui.Logs;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tests.Tui.Pictures;

/// <summary>What everything on the screen looks like, and that it can be drawn in any room.</summary>
public sealed class LooksTests
{
    private static readonly (string Name, Func<int, int, Surface> Draw)[] s_examples =
    [
        ("list", Lines((width, height) => new ListState("owl").Shown(Examples.Columns, Examples.Animals, focused: true, width, height))),
        (
            "list without keys",
            Lines((width, height) => new ListState("owl").Shown(Examples.Columns, Examples.Animals, focused: false, width, height))),
        (
            "list with filter",
            Lines((width, height) =>
                new ListState(Filter: "nothing like it").Shown(Examples.Columns, Examples.Animals, focused: true, width, height))),
        (
            "frame",
            Panels(at =>
                ScreenPanels.Of(at, new PanelFrame("1 Animals", Focused: true, "4 of 6"), ShownLines.Of(new TextRun(0, "inside"))))),
        ("dialog", Panels(Examples.Question.Picture)),
        ("dialog that asks for a word", Panels((Examples.Question with { MustType = "lion" }).Picture)),
        (
            "field",
            (width, height) => OnViews.Drawn(
                new TypedField(new LineEdit("a text longer than the field", 28), 0, 0, "", Math.Min(20, width)), width, height)),
        ("status bar", Line(Examples.Keys.Line)),
        ("notice", Lines((width, _) => ShownLines.Of(ScreenPicture.Notice("The lion is not hungry: it ate an hour ago.", width)))),
        ("steps", Lines(Examples.Steps.Shown)),
        ("steps in one line", Line(Examples.Steps.Line)),
        ("log", Lines((width, height) => new LogView().Shown(Examples.Log(), width, height))),
        (
            "log scrolled back",
            Lines((width, height) => new LogView(Top: 7, Least: LogLevel.Warning).Shown(Examples.Log(), width, height))),
    ];

    [Theory]
    [InlineData(60, 12)]
    [InlineData(32, 7)]
    public void Everything_looks_as_approved(int width, int height)
    {
        var pages = s_examples.Select(example =>
        {
            var surface = example.Draw(width, height);
            return $"== {example.Name}\n{surface.ToText().TrimEnd('\n')}\n-- looks\n{Condensed(surface.ToStyleText())}\n";
        });
        Snapshots.Verify(string.Concat(pages), $"{width}x{height}");
    }

    [Fact]
    public void Everything_can_be_drawn_in_any_room()
    {
        foreach (var (_, draw) in s_examples)
            foreach (var width in (int[])[1, 2, 3, 5, 8, 13, 21, 34, 55])
                foreach (var height in (int[])[1, 2, 3, 5, 8, 13])
                    Assert.Equal((width, height), (draw(width, height).Width, draw(width, height).Height));
    }

    private static Func<int, int, Surface> Lines(Func<int, int, ShownLines> lines) =>
        (width, height) => OnViews.Drawn(lines(width, height), width, height);

    private static Func<int, int, Surface> Line(Func<int, IEnumerable<TextRun>> line) =>
        (width, height) => OnViews.Drawn(ShownLines.Of([[.. line(width)]]), width, height);

    private static Func<int, int, Surface> Panels(Func<Rect, ScreenPanels> picture) =>
        (width, height) => OnViews.Drawn(picture(new Rect(0, 0, width, height)), width, height);

    // Rows without any style say nothing.
    private static string Condensed(string styles) => string.Join('\n', styles.Split('\n').Where(row => row.Trim('.').Length > 0));
}

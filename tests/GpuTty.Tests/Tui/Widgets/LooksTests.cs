using GpuTty.Terminal;
using GpuTty.Tui.Widgets;

namespace GpuTty.Tests.Tui.Widgets;

/// <summary>What every widget looks like, and that each can be drawn on any screen.</summary>
public sealed class LooksTests
{
    private static readonly (string Name, Action<Surface> Draw)[] Widgets =
    [
        ("list", on => new ListView("owl").Draw(on, Examples.Columns, Examples.Animals, focused: true)),
        ("list without keys", on => new ListView("owl").Draw(on, Examples.Columns, Examples.Animals, focused: false)),
        ("list with filter", on => new ListView(Filter: "nothing like it").Draw(on, Examples.Columns, Examples.Animals, focused: true)),
        ("tree", on => (TreeView.Start with { Closed = ["cats"] }).Draw(on, [Column.Cut()], Examples.Tree, focused: true)),
        ("frame", on => new FrameView("1 Animals", Focused: true, "4 of 6").Draw(on, on.Bounds).Text(0, 0, "inside")),
        ("dialog", Examples.Question.Draw),
        ("dialog that asks for a word", (Examples.Question with { MustType = "lion" }).Draw),
        ("field", on => new TextField("a text longer than the field", 28).Draw(on, 0, 0, 20, focused: true)),
        ("status bar", Examples.Keys.Draw),
        ("notice in the lower edge", on => { new FrameView("Zoo").Draw(on, on.Bounds); new NoticeView("The lion is not hungry: it ate an hour ago.").Draw(on, on.Height - 1); }),
        ("progress", on => new ProgressBar(0.25, "2 s of 8").Draw(on)),
        ("steps", Examples.Steps.Draw),
        ("steps in one line", Examples.Steps.DrawLine),
        ("tabs", on => new Tabs(["Animals", "Cages", "Visitors"], 1).Draw(on, focused: true)),
        ("log", on => new LogView().Draw(on, Examples.Log())),
        ("log scrolled back", on => new LogView(Top: 7, Least: ShownLevel.Warning).Draw(on, Examples.Log())),
        ("help", on => (HelpView.Start with { IsSearching = true }).Draw(on, Examples.Help)),
    ];

    [Theory]
    [InlineData(60, 12)]
    [InlineData(32, 7)]
    public void Every_widget_looks_as_approved(int width, int height)
    {
        var pages = Widgets.Select(widget =>
        {
            var surface = new Surface(width, height);
            widget.Draw(surface);
            var title = $"== {widget.Name}, cursor {surface.Cursor.X},{surface.Cursor.Y}";
            return $"{title}\n{surface.ToText().TrimEnd('\n')}\n-- looks\n{Condensed(surface.ToStyleText())}\n";
        });
        Snapshots.Verify(string.Concat(pages), $"{width}x{height}");
    }

    [Fact]
    public void Every_widget_can_be_drawn_on_any_screen()
    {
        foreach (var (_, draw) in Widgets)
            for (var width = 0; width <= 60; width++)
                for (var height = 0; height <= 14; height++)
                {
                    // Painted letters around the widget must stay as they are.
                    var screen = new Surface(width + 2, height + 2);
                    screen.Fill(screen.Bounds, '@');
                    draw(screen.Clip(new Rect(1, 1, width, height)));
                    var rows = screen.ToText().Split('\n');
                    Assert.All([rows[0], rows[height + 1]], row => Assert.Equal(new string('@', width + 2), row));
                    Assert.All(rows[..(height + 2)], row => Assert.True(row[0] == '@' && row[^1] == '@'));
                }
    }

    // Rows without any style say nothing.
    private static string Condensed(string styles) => string.Join('\n', styles.Split('\n').Where(row => row.Trim('.').Length > 0));
}

using System.Collections.Immutable;
using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tests.Terminal;
using GpuTty.Tui;
using GpuTty.Tui.Logs;
using GpuTty.Tui.Pictures;
using GpuTty.Tui.Screens;

namespace GpuTty.Tests.Tui.Pictures;

/// <summary>A small zoo for the widgets to show: they know nothing of graphics cards, so the tests speak of animals.</summary>
internal static class Examples
{
    public static readonly ImmutableArray<Column> Columns = [Column.Whole, Column.Cut, Column.Whole, Column.Number];

    public static readonly ImmutableArray<ListRow> Animals =
    [
        ListRow.Heading("Mammals"),
        new ListRow("lion", "01:00.0", "Panthera leo, the lion of the northern house", new Label("asleep", Theme.Good), "190"),
        new ListRow("bat", "01:00.1", "Pipistrellus pipistrellus", "awake", "0"),
        ListRow.Heading("Birds"),
        new ListRow("owl", "02:00.0", "Bubo bubo", "asleep", "3"),
        new ListRow("crow", "02:00.1", "Corvus corax", new Label("stole keys", Theme.Bad), "1"),
    ];

    public static Question Question { get; } = new(
        "Open the cage",
        [
            "The lion will leave its cage.",
            "",
            "2 visitors are in the house: Ann and Bob. They should be asked to leave before the door opens.",
        ],
        "Open");

    public static StepList Steps { get; } = new(
    [
        new StepLine("Count the visitors", StepStatus.Done, "0.2 s"),
        new StepLine("Ask everybody to leave the northern house", StepStatus.Running, "2 s of 10"),
        new StepLine("Open the cage"),
        new StepLine("Lock the door", StepStatus.NotTakenBack),
    ]);

    public static StatusBar Keys { get; } = new(
        (Key('o', "open"), true),
        (Key('f', "feed"), false),
        (Key('/', "filter"), true),
        (Key('?', "help") with { IsPinned = true }, true),
        (Key('q', "quit") with { IsPinned = true }, true));

    public static LogLines Log()
    {
        var lines = new LogLines();
        for (var i = 0; i < 40; i++)
            lines.Append(new ShownLine($"12:00:{i:00}", (LogLevel)(i % 4), i % 3 == 0 ? "keeper" : "animal", $"event {i}"));
        return lines;
    }

    /// <summary>The words of lines in a room of this size.</summary>
    public static string Words(ShownLines lines, int width, int height)
    {
        var surface = new Surface(width, height);
        Write(surface, new Rect(0, 0, width, height), lines);
        return surface.ToText();
    }

    public static string Words(IEnumerable<TextRun> line, int width) => Words(ShownLines.Of([[.. line]]), width, 1);

    /// <summary>The words of panels, without their edges.</summary>
    public static string Words(ScreenPanels picture, int width, int height)
    {
        var surface = new Surface(width, height);
        foreach (var panel in picture.Panels)
        {
            foreach (var run in panel.Heading.Titles(panel.At)) surface.Text(run.X, panel.At.Y, run.Text);
            if (panel.Foot is { } foot) surface.Text(foot.X, panel.At.Y + panel.At.Height - 1, foot.Text);
            foreach (var part in panel.Parts)
                Write(surface, new Rect(panel.Inside.X + part.At.X, panel.Inside.Y + part.At.Y, part.At.Width, part.At.Height), part.Lines);
        }
        return surface.ToText();
    }

    /// <summary>Everything that the screen says in sight, line by line, which nobody draws.</summary>
    public static void Say(Model model)
    {
        if (ScreenPicture.IsTooSmall(model))
        {
            Say(ScreenPicture.TooSmallLines(model), model.Height);
            return;
        }
        foreach (var panel in ScreenPicture.Pictures(model).SelectMany(picture => picture.Panels))
        {
            foreach (var part in panel.Parts) Say(part.Lines, part.At.Height);
            _ = panel.Heading.Titles(panel.At).Count();
        }
        _ = (Header.Line(model, model.Width).Count(), StatusBar.Of(model).Line(model.Width).Count());
    }

    public static void Say(ShownLines lines, int height)
    {
        for (var row = 0; row < Math.Min(height, lines.Count - lines.First); row++) lines.Line(lines.First + row);
    }

    private static void Write(Surface on, Rect at, ShownLines lines)
    {
        for (var row = 0; row < Math.Min(at.Height, lines.Count - lines.First); row++)
            foreach (var run in lines.Line(lines.First + row)) on.Text(at.X + run.X, at.Y + row, run.Text, run.Style);
    }

    private static KeyBinding Key(char key, string label) => new(GpuTty.Terminal.Key.Of(key), label, model => model);
}

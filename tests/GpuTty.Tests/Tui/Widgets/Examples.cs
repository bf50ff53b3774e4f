using System.Collections.Immutable;
using GpuTty.Terminal;
using GpuTty.Tui.Widgets;

namespace GpuTty.Tests.Tui.Widgets;

/// <summary>A small zoo for the widgets to show: they know nothing of graphics cards, so the tests speak of animals.</summary>
internal static class Examples
{
    public static readonly ImmutableArray<Column> Columns = [Column.Whole("cage"), Column.Cut("name"), Column.Whole("state"), Column.Number("kg")];

    public static readonly ImmutableArray<ListRow> Animals =
    [
        ListRow.Heading("Mammals"),
        new ListRow("lion", "01:00.0", "Panthera leo, the lion of the northern house", new Label("asleep", Look.Good), "190"),
        new ListRow("bat", "01:00.1", "Pipistrellus pipistrellus", "awake", "0"),
        ListRow.Heading("Birds"),
        new ListRow("owl", "02:00.0", "Bubo bubo", "asleep", "3"),
        new ListRow("crow", "02:00.1", "Corvus corax", new Label("stole keys", Look.Bad), "1"),
    ];

    public static readonly ImmutableArray<TreeNode> Tree =
    [
        new TreeNode("house", ["northern house"], new TreeNode("lion", ["lion"]), new TreeNode("cats", ["small cats"], new TreeNode("lynx", ["lynx"]))),
        new TreeNode("lake", ["lake"]),
    ];

    public static Dialog Question { get; } = new(
        "Open the cage",
        ["The lion will leave its cage.", "", "2 visitors are in the house: Ann and Bob. They should be asked to leave before the door opens."],
        new DialogButton("Open", 'o'),
        new DialogButton("Cancel", 'c', IsSafe: true));

    public static StepList Steps { get; } = new(
    [
        new StepLine("Count the visitors", StepMark.Done, "0.2 s"),
        new StepLine("Ask everybody to leave the northern house", StepMark.Running, "2 s of 10"),
        new StepLine("Open the cage"),
        new StepLine("Lock the door", StepMark.Skipped),
    ]);

    public static ImmutableArray<HelpEntry> Help { get; } =
    [
        new HelpEntry("Moving", "Up Down", "one row up or down"),
        new HelpEntry("Moving", "PgUp PgDn", "one page up or down"),
        new HelpEntry("Acting", "o", "open the cage"),
        new HelpEntry("Acting", "f", "feed the animal"),
    ];

    public static StatusBar Keys { get; } = new(
    [
        new KeyHint("o", "open"), new KeyHint("f", "feed") { IsEnabled = false }, new KeyHint("/", "filter"),
        new KeyHint("?", "help") { IsPinned = true }, new KeyHint("q", "quit") { IsPinned = true },
    ]);

    public static LogLines Log()
    {
        var lines = new LogLines();
        for (var i = 0; i < 40; i++)
            lines.Append(new ShownLine($"12:00:{i:00}", (ShownLevel)(i % 4), i % 3 == 0 ? "keeper" : "animal", $"event {i}"));
        return lines;
    }

    public static string Drawn(int width, int height, Action<Surface> draw)
    {
        var surface = new Surface(width, height);
        draw(surface);
        return surface.ToText();
    }
}

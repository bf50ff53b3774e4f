using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tui.Logs;

namespace GpuTty.Tests.Tui.Pictures;

/// <summary>The log follows what happens until somebody reads it, and is quick however long it is.</summary>
public sealed class LogViewTests
{
    private const int Height = 5;

    [Fact]
    public void It_follows_the_newest_line()
    {
        var lines = Filled(20);
        Assert.Equal(["15", "16", "17", "18", "19"], Shown(new LogView(), lines));
        lines.Append(Line(20));
        Assert.Equal(["16", "17", "18", "19", "20"], Shown(new LogView(), lines));
    }

    [Fact]
    public void Scrolling_back_holds_it_still_and_End_lets_it_go()
    {
        var lines = Filled(20);
        var view = Press(new LogView(), lines, Key.Up, Key.PageUp);
        Assert.False(view.IsFollowing);
        Assert.Equal(["10", "11", "12", "13", "14"], Shown(view, lines));
        lines.Append(Line(20));
        Assert.Equal(["10", "11", "12", "13", "14"], Shown(view, lines));
        Assert.True(Press(view, lines, Key.End).IsFollowing);
        Assert.True(Press(view, lines, Key.PageDown, Key.PageDown).IsFollowing);
        Assert.Equal("0", Shown(Press(view, lines, Key.Home), lines)[0]);
        Assert.False(Press(new LogView(), lines, Key.Of('f')).IsFollowing);
    }

    [Fact]
    public void A_filter_and_a_level_leave_the_rest_out()
    {
        var lines = Filled(40);
        Assert.Equal(["7", "17", "27", "37"], Shown(new LogView(Filter: "LINE 7"), lines));
        Assert.Equal(["33", "36", "39"], Shown(new LogView(Least: LogLevel.Warning), lines)[2..]);
        Assert.Equal(["9", "39"], Shown(new LogView(Filter: "9", Least: LogLevel.Warning), lines));
        lines.Append(new ShownLine("", LogLevel.Error, "keeper", "line 7 again"));
        Assert.Equal("again", Shown(new LogView(Filter: "line 7"), lines)[^1]);
    }

    [Fact]
    public void The_oldest_lines_make_room()
    {
        var lines = Filled(LogLines.Capacity + 10);
        var view = Press(new LogView(), lines, Key.Home);
        Assert.Equal("10", Shown(view, lines)[0]);
        lines.Append(Line(LogLines.Capacity + 10));
        Assert.Equal("11", Shown(view, lines)[0]);
        Assert.Equal(LogLines.Capacity, lines.Choose("", LogLevel.Debug).Count);
    }

    [Fact]
    public void A_key_costs_the_same_in_a_full_log()
    {
        var (full, small) = (Filled(LogLines.Capacity), Filled(100));
        var inSmall = Cost(small);
        // Neither is a line looked at again, nor is more memory taken than for a hundred lines.
        Assert.Equal((0, inSmall.Bytes), Cost(full));
        Assert.Equal(0, inSmall.Examined);
    }

    [Fact]
    public void A_new_line_costs_one_look_in_a_full_log()
    {
        var full = Filled(LogLines.Capacity);
        var chosen = full.Choose("line", LogLevel.Info);
        var before = chosen.Examined;
        for (var i = 0; i < 1000; i++)
        {
            full.Append(Line(i));
            Look(new LogView(Filter: "line"), full);
        }
        Assert.Equal(1000, full.Choose("line", LogLevel.Info).Examined - before);
    }

    [Fact]
    public void Each_letter_of_a_filter_looks_only_at_what_the_letters_before_let_through()
    {
        var full = Filled(LogLines.Capacity);
        full.Append(new ShownLine("", LogLevel.Error, "kernel", "vfio-pci 01:00.0: not ready"));
        Assert.Equal(LogLines.Capacity, full.Choose("v", LogLevel.Info).Examined);
        Assert.Equal(1, full.Choose("vf", LogLevel.Info).Examined);
        Assert.Equal(1, full.Choose("vfio not", LogLevel.Info).Examined);
        Assert.Equal(1, full.Choose("vfio not", LogLevel.Info).Count);
        Assert.Equal(LogLines.Capacity, full.Choose("l", LogLevel.Info).Examined);
    }

    [Fact]
    public void An_empty_log_takes_keys_too()
    {
        foreach (var key in new[] { Key.Up, Key.Down, Key.Home, Key.End, Key.PageUp, Key.Of('f'), Key.Left })
            Assert.Empty(Shown(new LogView().On(key, new LogLines(), 60, Height)!, new LogLines()));
        Assert.Null(new LogView().On(Key.Enter, new LogLines(), 60, Height));
    }

    /// <summary>Of twenty keys and what they show: lines looked at, bytes taken.</summary>
    private static (long Examined, long Bytes) Cost(LogLines lines)
    {
        var view = new LogView(Filter: "line");
        var chosen = lines.Choose(view.Filter, view.Least);
        Look(view.On(Key.Up, lines, 80, Height)!, lines);
        var (examined, bytes) = (chosen.Examined, GC.GetAllocatedBytesForCurrentThread());
        for (var i = 0; i < 20; i++)
        {
            view = view.On(i % 2 == 0 ? Key.PageUp : Key.Up, lines, 80, Height)!;
            Look(view, lines);
        }
        return (chosen.Examined - examined, GC.GetAllocatedBytesForCurrentThread() - bytes);
    }

    private static void Look(LogView view, LogLines lines) => Examples.Say(view.Shown(lines, 80, Height), Height);

    private static LogLines Filled(int count)
    {
        var lines = new LogLines();
        for (var i = 0; i < count; i++) lines.Append(Line(i));
        return lines;
    }

    private static ShownLine Line(int number) =>
        new("", number % 3 == 0 ? LogLevel.Warning : LogLevel.Info, "keeper", $"line {number % 10} of {number}");

    private static LogView Press(LogView view, LogLines lines, params Key[] keys) =>
        keys.Aggregate(view, (now, key) => now.On(key, lines, 60, Height)!);

    private static string[] Shown(LogView view, LogLines lines) =>
        [.. Examples.Words(view.Shown(lines, 60, Height), 60, Height)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(row => row.Split(' ')[^1])];
}

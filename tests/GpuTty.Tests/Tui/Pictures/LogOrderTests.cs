using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tui.Logs;

namespace GpuTty.Tests.Tui.Pictures;

/// <summary>Steps, commands and the kernel tell of the same moments by
/// different ways; they are read in the order in which they happened.</summary>
public sealed class LogOrderTests
{
    private const int Height = 5;
    private static readonly DateTimeOffset s_noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void In_whatever_order_lines_come_they_stand_by_their_times_and_those_of_one_moment_as_they_came()
    {
        var random = new Random(11);
        for (var round = 0; round < 300; round++)
        {
            var lines = new LogLines();
            var told = Enumerable.Range(0, random.Next(1, 200)).Select(number => Line(number, random.Next(60))).ToList();
            foreach (var line in told) lines.Append(line);
            Assert.Equal(told.OrderBy(line => line.At), All(lines));
        }
    }

    /// <summary>The whole ring, filled one and a half times, each line late by less
    /// than the reach; a filter that is kept up agrees with one made anew.</summary>
    [Fact]
    public void A_long_log_with_late_lines_is_in_order_too_and_quick()
    {
        var random = new Random(12);
        var count = LogLines.Capacity * 3 / 2;
        var told = Enumerable.Range(0, count)
            .OrderBy(number => number + random.Next(LogLines.Reach / 2))
            .Select(number => Line(number, number))
            .ToList();
        var lines = new LogLines();
        long looks = 0;
        foreach (var (line, index) in told.Select((line, index) => (line, index)))
        {
            lines.Append(line);
            if (index % 500 == 0) looks = lines.Choose("7", LogLevel.Info).Examined;
        }
        Assert.Equal(
            Enumerable.Range(count - LogLines.Capacity, LogLines.Capacity).Select(number => $"line {number}"),
            All(lines).Select(line => line.Text));
        var kept = lines.Choose("7", LogLevel.Info);
        Assert.Equal(All(lines).Count(line => line.Text.Contains('7', StringComparison.Ordinal)), kept.Count);
        Assert.Equal(
            Enumerable.Range(0, kept.Count).Select(index => kept[index].Text),
            All(lines).Where(line => line.Text.Contains('7', StringComparison.Ordinal)).Select(line => line.Text));
        Assert.InRange(looks, count / 2, count * 3);
    }

    [Fact]
    public void Who_has_scrolled_back_goes_on_reading_the_same_line_when_an_earlier_one_comes()
    {
        foreach (var filter in (string[])["", "line"])
        {
            var lines = new LogLines();
            for (var number = 0; number < 40; number++) lines.Append(Line(number, number));
            var view = new LogView(Filter: filter).On(Key.PageUp, lines, 60, Height)!.On(Key.PageUp, lines, 60, Height)!;
            var before = Shown(view, lines);
            for (var late = 0; late < 20; late++) lines.Append(Line(100 + late, 3));
            Assert.Equal(before, Shown(view, lines));
            Assert.Equal("119", Shown(view.On(Key.Home, lines, 60, Height)!.On(Key.PageDown, lines, 60, 24)!, lines)[0]);
            lines.Append(Line(200, 38));
            Assert.Equal("200", Shown(view.Follow(), lines)[^2]);
        }
    }

    [Fact]
    public void A_line_that_is_far_too_late_stands_as_early_as_it_still_can()
    {
        var lines = new LogLines();
        for (var number = 0; number < LogLines.Reach + 10; number++) lines.Append(Line(number, number));
        lines.Append(Line(-1, 0));
        Assert.Equal("line -1", lines[10].Text);
    }

    [Fact]
    public void After_the_clock_was_set_back_news_is_at_the_end_all_the_same()
    {
        var lines = new LogLines();
        for (var number = 0; number < 10; number++) lines.Append(Line(number, 1000 + number));
        lines.Seal();
        lines.Append(Line(11, 3));
        lines.Append(Line(10, 2));
        Assert.Equal(["8", "9", "10", "11"], Shown(new LogView(), lines)[^4..]);
    }

    private static IEnumerable<ShownLine> All(LogLines lines)
    {
        for (var number = lines.Oldest; number < lines.End; number++) yield return lines[number];
    }

    private static ShownLine Line(int number, int second) =>
        new("", LogLevel.Info, "keeper", $"line {number}") { At = s_noon.AddSeconds(second) };

    private static string[] Shown(LogView view, LogLines lines) =>
        [.. Examples.Words(view.Shown(lines, 60, Height), 60, Height)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(row => row.Split(' ')[^1])];
}

using GpuTty.Linux.State;
using GpuTty.Switching;

namespace GpuTty.Tests.Linux.State;

/// <summary>Anybody can make the kernel print thousands of lines a second.</summary>
public sealed class RunLogTests : StateFixture
{
    [Fact]
    public void Lines_of_the_kernel_push_none_of_ours_out_and_the_log_says_where_they_end()
    {
        State.Ensure();
        using (var log = RunLog.Begin(State))
        {
            for (var count = 0; count < 100_000; count++)
                log.Add(Line(LogSource.Kernel, LogLevel.Info, $"Oops: renamed from a[#1] {count}"));
            log.Add(Line(LogSource.Unit, LogLevel.Warning, "a unit"));
            log.Add(Line(LogSource.Gputty, LogLevel.Info, "the last of ours"));
            log.Add(Line(LogSource.Kernel, LogLevel.Error, "BUG: the kernel's own"));
        }
        var lines = RunLog.Parse(State.Run.Read(RunLog.Name)!).ToList();
        Assert.Equal([RunLog.TooManyOfOthers, "the last of ours", "BUG: the kernel's own"], lines.TakeLast(3).Select(line => line.Text));
        Assert.Single(lines, line => line.Text == RunLog.TooManyOfOthers);
        Assert.InRange(lines.Count, 10_000, 50_000);
        Assert.InRange(Directory.GetFiles(State.Log.Path).Sum(file => new FileInfo(file).Length), 1, 2 * RunLog.LongestOfOthers);
    }

    /// <summary>A user's overlay of folders that are not there, in a mount namespace of
    /// his own: "overlayfs: failed to resolve", level 3, as often as he likes.</summary>
    [Theory]
    [InlineData("nonexistent")]
    [InlineData(
        "\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\""
            + "\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<")]
    public void Errors_that_anybody_can_have_the_kernel_print_do_not_push_our_own_lines_out(string name)
    {
        using (var log = RunLog.Begin(State))
        {
            for (var count = 0; count < 100_000; count++)
                log.Add(Line(LogSource.Kernel, LogLevel.Error, $"overlayfs: failed to resolve '/{name}{count}': -2"));
            log.Add(Line(LogSource.Step, LogLevel.Info, "the last of ours"));
        }
        Assert.Equal("the last of ours", RunLog.Parse(State.Run.Read(RunLog.Name)!).Last().Text);
        Assert.InRange(Directory.GetFiles(State.Log.Path).Sum(file => new FileInfo(file).Length), 1, 2 * RunLog.LongestWithErrors);
    }

    private static LogLine Line(LogSource source, LogLevel level, string text) => new(DateTimeOffset.UnixEpoch, level, source, text);
}

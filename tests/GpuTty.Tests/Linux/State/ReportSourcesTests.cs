using System.Text;
using GpuTty.Linux.State;
using GpuTty.Switching;

namespace GpuTty.Tests.Linux.State;

public sealed class ReportSourcesTests : StateFixture
{
    private Dictionary<string, string> Files => new ReportSources(State, "1.2.3").All().ToDictionary(file => file.Name, file => file.Text);

    [Fact]
    public void Versions_are_there_where_nothing_has_ever_run()
    {
        Assert.StartsWith("gputty 1.2.3\n", Files["versions.txt"], StringComparison.Ordinal);
        Assert.Contains("kernel Linux", Files["versions.txt"], StringComparison.Ordinal);
        Assert.Equal("versions.txt", Assert.Single(Files.Keys));
    }

    [Fact]
    public void The_journal_and_the_logs_of_a_run_are_there_and_the_kernels_words_apart()
    {
        State.Ensure();
        using (var journal = new FileJournal(State.Lib)) journal.Append(Samples.Opened());
        using (var log = RunLog.Begin(State))
        {
            log.Add(new LogLine(DateTimeOffset.UnixEpoch, LogLevel.Info, LogSource.Command, "rmmod nvidia [status 0]"));
            log.Add(new LogLine(DateTimeOffset.UnixEpoch, LogLevel.Warning, LogSource.Kernel, "NVRM: something"));
        }
        Assert.StartsWith("{\"event\":\"opened\"", Files["journal.jsonl"], StringComparison.Ordinal);
        Assert.DoesNotContain('\0', Files["journal.jsonl"]);
        Assert.Equal(2, Files["run-log.txt"].Split('\n').Length);
        Assert.Equal("00:00:00.000 Warning Kernel  NVRM: something", Files["kernel.txt"]);
        Assert.Contains("rmmod nvidia", Files["gputty.log"], StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_ours_is_named_and_not_read()
    {
        State.Ensure();
        File.WriteAllText(State.Run.PathOf(RunLog.Name), "secret of somebody");
        File.SetUnixFileMode(State.Run.PathOf(RunLog.Name), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.StartsWith("could not be read:", Files["run-log.txt"], StringComparison.Ordinal);
        Assert.DoesNotContain("secret", Files["run-log.txt"], StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_of_a_log_that_are_not_whole_are_left_out() =>
        Assert.Equal(
            ["a"],
            RunLog.Parse(Encoding.UTF8.GetBytes("""{"at":"2026-01-01T00:00:00Z","level":"Info","source":"Step","text":"a"}"""
                + "\n{\"at\":\n\n")).Select(line =>
                line.Text));
}

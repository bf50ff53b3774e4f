using System.Collections.Concurrent;
using GpuTty.Host.Desktop;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Systemd;
using GpuTty.Switching;
using GpuTty.Tests.Linux.Commands;

namespace GpuTty.Tests.Linux.Systemd;

public sealed class UnitLogTests : IDisposable
{
    private readonly string _tools = Directory.CreateTempSubdirectory("gputty-unit").FullName;
    private readonly ConcurrentQueue<LogLine> _heard = new();

    [Fact]
    public async Task What_the_unit_says_is_heard_until_nobody_listens_any_more()
    {
        File.WriteAllText($"{_tools}/journalctl", "#!/bin/sh\nprintf '%s \\033[2J\\n' \"$*\"\nexec sleep 600\n");
        File.SetUnixFileMode($"{_tools}/journalctl", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var end = new CancellationTokenSource();
        var pump = Log.PumpAsync(new UnitName("gdm.service"), end.Token);
        await Tool.UntilAsync(() => !_heard.IsEmpty, "a line was heard");
        await end.CancelAsync();
        await pump.WaitAsync(TimeSpan.FromSeconds(30));

        var line = Assert.Single(_heard);
        Assert.Equal("gdm.service: --follow --lines=0 --output=json --output-fields=MESSAGE --unit=gdm.service \\x1b[2J", line.Text);
        Assert.Equal(LogSource.Unit, line.Source);
    }

    [Theory]
    [InlineData("""{"__CURSOR":"s=1","__REALTIME_TIMESTAMP":"1777892581250000","MESSAGE":"Stopping session 2."}""", "Stopping session 2.")]
    [InlineData("""{"MESSAGE":[99,97,102,195,169,27],"__REALTIME_TIMESTAMP":"1777892581250000"}""", "café\u001b")]
    public void An_entry_has_the_time_at_which_it_was_written(string line, string text)
    {
        var entry = UnitLogLine.Parse(line)!;
        Assert.Equal((new DateTimeOffset(2026, 5, 4, 11, 3, 1, 250, TimeSpan.Zero), text), (entry.At, entry.Text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-- No entries --")]
    [InlineData("7")]
    [InlineData("""{"MESSAGE":"no time"}""")]
    [InlineData("""{"MESSAGE":null,"__REALTIME_TIMESTAMP":"1777892581250000"}""")]
    [InlineData("""{"MESSAGE":[300,"x"],"__REALTIME_TIMESTAMP":"1777892581250000"}""")]
    [InlineData("""{"MESSAGE":"too late","__REALTIME_TIMESTAMP":"9223372036854775807"}""")]
    [InlineData("""{"MESSAGE":"half a pair \ud800","__REALTIME_TIMESTAMP":"1777892581250000"}""")]
    [InlineData("""{"MESSAGE":"half""")]
    public void What_is_no_entry_is_not_taken_for_one(string line) => Assert.Null(UnitLogLine.Parse(line));

    [Fact]
    public async Task Without_journalctl_nothing_is_heard()
    {
        await Log.PumpAsync(new UnitName("gdm.service"), default);
        Assert.Empty(_heard);
    }

    public void Dispose() => Directory.Delete(_tools, recursive: true);

    private UnitLog Log => new(new CommandRunner([_tools]), TimeProvider.System, _heard.Enqueue);
}

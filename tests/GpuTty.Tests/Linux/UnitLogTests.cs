using System.Collections.Concurrent;
using GpuTty.Host;
using GpuTty.Linux;
using GpuTty.Switching;

namespace GpuTty.Tests.Linux;

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
        Assert.Equal("gdm.service: --follow --lines=0 --output=cat --unit=gdm.service \\x1b[2J", line.Text);
        Assert.Equal(LogSource.Unit, line.Source);
    }

    [Fact]
    public async Task Without_journalctl_nothing_is_heard()
    {
        await Log.PumpAsync(new UnitName("gdm.service"), default);
        Assert.Empty(_heard);
    }

    public void Dispose() => Directory.Delete(_tools, recursive: true);

    private UnitLog Log => new(new CommandRunner([_tools]), TimeProvider.System, _heard.Enqueue);
}

using System.Text;
using GpuTty.Linux.Kernel;
using GpuTty.Switching;
using GpuTty.Tests.Linux.Commands;

namespace GpuTty.Tests.Linux.Kernel;

public sealed class KernelLogTests
{
    [Theory]
    [InlineData("6,339,5140900,-;NET: Registered protocol family 10", LogLevel.Info, "NET: Registered protocol family 10")]
    [InlineData(
        "4,1,1,-;NVRM: Attempting to remove device 0000:01:00.0 with non-zero usage count!",
        LogLevel.Warning,
        "NVRM: Attempting to remove device 0000:01:00.0 with non-zero usage count!")]
    [InlineData(
        "6,1,1,-;vfio-pci 0000:01:00.0: Device is currently in use",
        LogLevel.Warning,
        "vfio-pci 0000:01:00.0: Device is currently in use")]
    [InlineData(
        "1,1,1,-;BUG: unable to handle page fault for address: ffff",
        LogLevel.Error,
        "BUG: unable to handle page fault for address: ffff")]
    [InlineData(
        "3,1,1,c,caller=T1;INFO: task tee:812 blocked for more than 120 seconds.",
        LogLevel.Error,
        "INFO: task tee:812 blocked for more than 120 seconds.")]
    [InlineData(
        "3,2,3,-;BUG: scheduling while atomic: tee/1/0x2\n SUBSYSTEM=pci\n DEVICE=+pci:0000:01:00.0\n",
        LogLevel.Error,
        "BUG: scheduling while atomic: tee/1/0x2")]
    [InlineData("30,7,3,-;from user space", LogLevel.Info, "(from a program) from user space")]
    [InlineData("11,8,3,-;BUG: a program can write this as well", LogLevel.Info, "(from a program) BUG: a program can write this as well")]
    [InlineData("6,7,3,-;caf\\xc3\\xa9 \\x1b[31m \\x5cx41", LogLevel.Info, "café \\x1b[31m \\x41")]
    public void Records_are_read_and_weighed(string record, LogLevel level, string text)
    {
        var line = KernelLogLine.Parse(Encoding.UTF8.GetBytes(record));
        Assert.Equal((level, text), (line!.Level, line.Text));
    }

    /// <summary>Whoever follows a run cannot classify it again: the words of a program look the same.</summary>
    [Theory]
    [InlineData("1,1,1,-;BUG: unable to handle page fault for address: ffff", KernelEvent.Crash)]
    [InlineData("4,1,1,-;NVRM: Attempting to remove device 0000:01:00.0 with non-zero usage count!", KernelEvent.Trouble)]
    [InlineData("11,8,3,-;BUG: unable to handle page fault for address: ffff", KernelEvent.None)]
    public void What_a_line_means_goes_with_it_into_the_log(string record, KernelEvent means) =>
        Assert.Equal((LogSource.Kernel, means), KernelLogLine.Parse(Encoding.UTF8.GetBytes(record))!.At(default) is var line
            ? (line.Source, line.Event) : default);

    [Theory]
    [InlineData("")]
    [InlineData(" SUBSYSTEM=pci")]
    [InlineData("6,339;too few fields")]
    [InlineData("x,339,5,-;no number")]
    public void What_is_no_record_is_left_out(string record) => Assert.Null(KernelLogLine.Parse(Encoding.UTF8.GetBytes(record)));

    [RootFact]
    public async Task What_the_kernel_says_from_now_on_is_heard_and_what_it_said_before_is_not()
    {
        await File.WriteAllTextAsync("/dev/kmsg", "<6>gputty-test: before\n");
        var heard = new System.Collections.Concurrent.ConcurrentQueue<LogLine>();
        using var end = new CancellationTokenSource();
        var pump = new KernelLog(TimeProvider.System, heard.Enqueue).PumpAsync(end.Token);
        await Tool.UntilAsync(() =>
        {
            File.WriteAllText("/dev/kmsg", "<6>gputty-test: after\n");
            return heard.Any(line => line.Text == "(from a program) gputty-test: after" && line.Source == LogSource.Kernel);
        }, "the line was heard");
        await end.CancelAsync();
        await pump;
        Assert.DoesNotContain(heard, line => line.Text.EndsWith("before", StringComparison.Ordinal));
    }

    [Fact]
    public void A_line_is_dated_by_the_kernel_and_not_by_when_it_was_read()
    {
        var clock = new SettableClock();
        var dates = new KernelDates(clock);
        var noon = clock.GetUtcNow();
        Assert.Equal(noon, dates.Of(TimeSpan.FromSeconds(100)));
        clock.Pass(TimeSpan.FromSeconds(1.5));
        Assert.Equal(noon.AddSeconds(1), dates.Of(TimeSpan.FromSeconds(101)));
        // The machine has slept: the kernel's clock stood still.
        clock.Pass(TimeSpan.FromHours(8));
        Assert.Equal(clock.GetUtcNow(), dates.Of(TimeSpan.FromSeconds(102)));
        Assert.Equal(TimeSpan.FromSeconds(5.1409), KernelLogLine.Parse("6,339,5140900,-;x"u8)!.SinceBoot);
        _ = dates.Of(KernelLogLine.Parse("6,339,9223372036854775807,-;x"u8)!.SinceBoot);
    }

    [Fact]
    public async Task Where_there_is_no_kernel_log_the_log_says_so()
    {
        var heard = new List<LogLine>();
        await new KernelLog(TimeProvider.System, heard.Add, path: "/nowhere/kmsg").PumpAsync(default);
        Assert.Equal(LogLevel.Warning, Assert.Single(heard).Level);
    }
}

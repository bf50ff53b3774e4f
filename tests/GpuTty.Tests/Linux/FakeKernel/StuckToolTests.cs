using System.Diagnostics;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Processes;
using GpuTty.Tests.Linux.State;

namespace GpuTty.Tests.Linux.FakeKernel;

/// <summary>A tool that the kernel does not let go of: SIGKILL has no effect on it until the kernel answers (state D).</summary>
[Collection("mounts")]
public sealed class StuckToolTests : StateFixture
{
    [FuseFact]
    public async Task A_tool_that_cannot_be_killed_does_not_hold_the_caller_up()
    {
        using var asked = new ManualResetEventSlim();
        using var kernel = new FuseMount(Directory.CreateDirectory($"{Root}/machine").FullName, path => path switch
        {
            "" => new Entry.Folder(["silent"]),
            "silent" => new Entry.Attribute(() =>
            {
                asked.Set();
                Thread.Sleep(Timeout.Infinite);
                return "";
            }),
            _ => null,
        });
        var file = $"{kernel.Path}/silent";

        var watch = Stopwatch.StartNew();
        var run = new CommandRunner().RunAsync("cat", [file], TimeSpan.FromSeconds(2), default);
        Assert.True(asked.Wait(TimeSpan.FromSeconds(20)), "nobody has read");
        var result = await run.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal("cat did not finish: it took too long.", result.Problem("cat"));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"waited {watch.Elapsed}");
        // Otherwise nothing was proved: it still waits in the kernel, deaf to SIGKILL.
        Assert.Contains(
            Process.GetProcessesByName("cat"),
            cat => File.ReadAllText($"/proc/{cat.Id}/cmdline").Contains(file, StringComparison.Ordinal)
                && ProcessStat.Read(cat.Id)?.State == 'D');
    }
}

using System.Diagnostics;
using System.Text;
using GpuTty.Linux.Worker;
using GpuTty.Switching;
using GpuTty.Tests.Linux.Processes;
using GpuTty.Tests.Linux.State;

namespace GpuTty.Tests.Linux.Worker;

public sealed class SwitchLockTests : StateFixture
{
    [Fact]
    public async Task M6_the_second_is_told_who_has_it_and_a_killed_holder_leaves_nothing_behind()
    {
        using var other = OtherProcess.Start("lock", Root);
        Assert.Equal("got it", await other.StandardOutput.ReadLineAsync());

        var refused = Assert.Throws<AlreadyRunningException>(() => SwitchLock.Take(State.Run));
        Assert.Contains($"{other.Id}", refused.Message, StringComparison.Ordinal);
        Assert.Equal(other.Id, SwitchLock.Holder(State.Run)?.Pid);

        other.Kill();
        await other.WaitForExitAsync();
        Assert.Null(SwitchLock.Holder(State.Run));
        using var mine = SwitchLock.Take(State.Run);
        Assert.Equal(Environment.ProcessId, SwitchLock.Holder(State.Run)?.Pid);
    }

    [Fact]
    public void Letting_go_is_seen_at_once()
    {
        using (SwitchLock.Take(State.Run)) Assert.NotNull(SwitchLock.Holder(State.Run));
        Assert.Null(SwitchLock.Holder(State.Run));
        using var again = SwitchLock.Take(State.Run);
    }

    /// <summary>Between fork and exec a child has a copy of every descriptor of ours, and would keep the lock with it.</summary>
    [Fact]
    public async Task What_is_let_go_of_is_free_while_others_of_us_start_programs()
    {
        using var end = new CancellationTokenSource();
        var starters = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            while (!end.IsCancellationRequested)
            {
                using var program = Process.Start(new ProcessStartInfo("/bin/true")
                {
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                })!;
                program.WaitForExit();
            }
        })).ToArray();
        for (var round = 0; round < 20_000; round++) SwitchLock.Take(State.Run).Dispose();
        await end.CancelAsync();
        await Task.WhenAll(starters);
    }

    [Fact]
    public void A_number_that_another_process_has_now_is_nobody()
    {
        State.Run.Replace("lock", Encoding.UTF8.GetBytes($$"""{"pid":{{Environment.ProcessId}},"startTime":1,"recovers":false}"""));
        Assert.Null(SwitchLock.Holder(State.Run));
        State.Run.Replace("lock", "garbage"u8);
        Assert.Null(SwitchLock.Holder(State.Run));
    }
}

using System.Text;
using GpuTty.Linux;

namespace GpuTty.Tests.Linux;

public sealed class SwitchLockTests : StateFixture
{
    [Fact]
    public async Task M6_the_second_is_told_who_has_it_and_a_killed_holder_leaves_nothing_behind()
    {
        using var other = OtherProcess.Start("lock", Root);
        Assert.Equal("got it", await other.StandardOutput.ReadLineAsync());

        var refused = Assert.Throws<SwitchRunningException>(() => SwitchLock.Take(State.Run));
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

    [Fact]
    public void A_number_that_another_process_has_now_is_nobody()
    {
        State.Run.Replace("lock", Encoding.UTF8.GetBytes($$"""{"pid":{{Environment.ProcessId}},"startTime":1,"recovers":false}"""));
        Assert.Null(SwitchLock.Holder(State.Run));
        State.Run.Replace("lock", "garbage"u8);
        Assert.Null(SwitchLock.Holder(State.Run));
    }
}

using GpuTty.Simulation;
using GpuTty.Switching;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Switching;

public sealed class ClockTests
{
    [Theory]
    [InlineData(-365)]
    [InlineData(365)]
    public void M34_a_wall_clock_that_jumps_a_year_at_every_look_ends_no_wait_and_makes_none_longer(int days)
    {
        var (machine, plan) = Scenario.All["desktop 01:00 Never ToVm"];
        var clock = new FakeClock();
        var host = new SimulatedHost(machine, clock);
        var lab = new Lab(machine);
        var began = clock.GetUtcNow();
        var outcome = Outcome.Refused;
        clock.Run(async () =>
            outcome = await new SwitchRunner(host, host, lab, new JumpingClock(clock, TimeSpan.FromDays(days)), _ => { }).RunAsync(
                plan, machine.Snapshot(), CancellationToken.None));
        Assert.Equal(Outcome.Switched, outcome);
        Assert.All(lab.Journal.OfType<RunEvent.Done>(), done => Assert.InRange(done.Took, TimeSpan.Zero, TimeSpan.FromMinutes(2)));
        Assert.InRange(clock.GetUtcNow() - began, TimeSpan.Zero, TimeSpan.FromMinutes(5));
    }

    /// <summary>Tells another day at each look; what measures time does not.</summary>
    private sealed class JumpingClock(TimeProvider steady, TimeSpan jump) : TimeProvider
    {
        private int _looks;

        public override long TimestampFrequency => steady.TimestampFrequency;
        public override DateTimeOffset GetUtcNow() => steady.GetUtcNow() + (jump * (Interlocked.Increment(ref _looks) % 7));
        public override long GetTimestamp() => steady.GetTimestamp();
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            steady.CreateTimer(callback, state, dueTime, period);
    }
}

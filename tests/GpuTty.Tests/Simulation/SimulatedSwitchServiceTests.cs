using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Switching;

namespace GpuTty.Tests.Simulation;

public sealed class SimulatedSwitchServiceTests
{
    [Fact]
    public void A_viewer_sees_every_event_from_the_first_and_the_kernels_words()
    {
        var (lab, service) = SwitchService("desktop");
        List<RunEvent> seen = [];
        List<LogLine> log = [];
        lab.Clock.Run(async () =>
        {
            await service.BeginAsync(lab.Plan(Direction.ToVm), default);
            await service.FollowAsync(seen.Add, log.Add, default);
        });
        Assert.IsType<RunEvent.Opened>(seen[0]);
        Assert.Equal(Outcome.Switched, Assert.IsType<RunEvent.Closed>(seen[^1]).Outcome);
        Assert.Equal(service.LastRun(), seen);
        Assert.Contains(
            log,
            line => line is { Source: LogSource.Kernel } && line.Text.StartsWith("[drm] [nvidia-drm]", StringComparison.Ordinal));
        Assert.False(service.IsRunning());
    }

    [Fact]
    public void The_run_goes_on_when_its_viewer_leaves_and_another_one_catches_up()
    {
        var (lab, service) = SwitchService("desktop");
        List<RunEvent> seen = [];
        lab.Clock.Run(async () =>
        {
            await service.BeginAsync(lab.Plan(Direction.ToVm), default);
            using var leaves = new CancellationTokenSource();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
                service.FollowAsync(_ => leaves.Cancel(), _ => { }, leaves.Token));
            await service.FollowAsync(seen.Add, _ => { }, default);
        });
        Assert.Equal(Owner.Vfio, lab.OwnerOf(Machines.Card));
        Assert.Equal(service.LastRun(), seen);
    }

    [Fact]
    public void A_wish_to_take_back_is_heard_in_the_middle_of_a_wait()
    {
        var (lab, service) = SwitchService("stubborn");
        lab.Clock.Run(async () =>
        {
            await service.BeginAsync(lab.Plan(Direction.ToVm, holders: HolderConsent.Terminate), default);
            var asked = false;
            await service.FollowAsync(entry =>
            {
                if (entry is RunEvent.Begun { Step: > 3 } && !asked) { asked = true; _ = service.TakeBackAsync(default); }
            }, _ => { }, default);
        });
        var run = RunState.Fold(service.LastRun())!;
        Assert.Equal((Outcome.TakenBack, "You asked to roll everything back."), (run.Outcome, run.WhyTakingBack));
    }

    [Fact]
    public void A_machine_that_has_changed_since_the_plan_was_shown_is_left_alone()
    {
        var (lab, service) = SwitchService("desktop");
        var plan = lab.Plan(Direction.ToVm);
        lab.Host.Happen(m => m.End(process => process.Software.Name == "nvidia-persistenced"));
        lab.Clock.Run(async () =>
        {
            await service.BeginAsync(plan, default);
            await service.FollowAsync(_ => { }, _ => { }, default);
        });
        Assert.Equal(Outcome.Refused, RunState.Fold(service.LastRun())!.Outcome);
        Assert.Empty(lab.Host.Calls);
    }

    [Fact]
    public void Two_switches_at_once_are_refused()
    {
        var (lab, service) = SwitchService("desktop");
        lab.Clock.Run(async () =>
        {
            var plan = lab.Plan(Direction.ToVm);
            await service.BeginAsync(plan, default);
            await Assert.ThrowsAsync<AlreadyRunningException>(() => service.BeginAsync(plan, default));
            await service.FollowAsync(_ => { }, _ => { }, default);
        });
    }

    [Fact]
    public void H7_what_a_killed_worker_left_is_offered_for_recovery()
    {
        var demo = Machines.Find("interrupted")!;
        var lab = new Lab(demo.Machine);
        var service = new SimulatedSwitchService(lab.Host, lab.Clock, demo.Journal);
        var recovery = InterruptedRun.Of(service.LastRun(), lab.Look(), service.IsRunning())!;
        Assert.True(recovery.Run.DesktopRestored);
        Assert.True(lab.Machine.FindService(demo.Machine.Desktop!.Unit)!.IsActive);
        Assert.Equal(Outcome.Switched, lab.Run(lab.Plan(recovery.TakeBack.Direction)));
        Assert.Equal(Owner.HostDriver, lab.OwnerOf(Machines.Card));
    }

    [Fact]
    public void On_the_machine_that_gets_stuck_the_desktop_comes_back_and_nothing_more_is_offered()
    {
        var lab = Lab.On("stuck");
        Assert.Equal(Outcome.LeftHalfway, lab.Run(Direction.ToVm));
        lab.Pass(10);
        Assert.Contains(lab.Look().Sessions, session => session.IsGreeter);
        var blocked =
            Assert.IsType<PlanResult.Blocked>(SwitchPlanner.Plan(lab.Look(), new SwitchIntent(Machines.Card, Direction.ToHost, true)));
        Assert.Contains(blocked.Obstacles, obstacle => obstacle is Obstacle.WriteStuck);
    }

    private static (Lab Lab, SimulatedSwitchService SwitchService) SwitchService(string machine)
    {
        var lab = Lab.On(machine);
        return (lab, new SimulatedSwitchService(lab.Host, lab.Clock));
    }
}

using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Switching;

/// <summary>A switch is started over ssh or at a text console, and that connection, the last thing that
/// keeps the service manager of the desktop's user alive, is cut while the switch runs.</summary>
public sealed class LostManagerTests
{
    private const int User = 1000;

    private static readonly SwitchIntent s_away = new(Machines.Card, Direction.ToVm, EndSessions: true);

    [Fact]
    public void Whoever_cuts_the_connection_that_kept_their_service_manager_alive_does_not_lose_the_switch() =>
        ForEachStep((lab, at) =>
        {
            Assert.True(RunState.Fold(lab.Journal)!.Outcome == Outcome.Switched, $"{at}: {lab.Summary}");
            Assert.Equal(Owner.Vfio, lab.OwnerOf(Machines.Card));
        });

    [Fact]
    public void Nor_is_anything_left_halfway_when_they_ask_for_everything_back() =>
        ForEachStep(
            (lab, at) => Assert.True(RunState.Fold(lab.Journal)!.Outcome == Outcome.TakenBack, $"{at}: {lab.Summary}"),
            asksBack: true);

    [Fact]
    public void Killed_as_well_the_recovery_is_over_once_and_the_users_services_come_with_the_next_login()
    {
        var killed = 0;
        foreach (var step in Plan(Remote()).Steps.OfType<StartUnit>().Where(start => start.Unit.Uid is not null))
        {
            var left = Interruption.During(Remote(), s_away, begun => begun == step);
            var lab = new Lab(Cut(left.Machine));
            var run = RunState.Fold(left.Journal)! with { DesktopRestored = false };
            lab.Clock.Run(() => new CrashRecovery(lab.Host, lab.Host, lab, lab.Clock, _ => { }).RunAsync(run));
            Assert.Contains(lab.Journal, entry => entry is RunEvent.DesktopRestored);
            killed++;
        }
        Assert.NotEqual(0, killed);
    }

    private static void ForEachStep(Action<Lab, string> check, bool asksBack = false)
    {
        var plan = Plan(Remote());
        Assert.Contains(plan.Steps, step => step is StartUnit { Unit.Uid: User });
        for (var index = 0; index < plan.Steps.Length; index++)
        {
            var (step, isCut) = (index, false);
            Lab? lab = null;
            lab = new Lab(Remote())
            {
                AsksBackAt = entry => asksBack && entry is RunEvent.Begun begun && begun.Step == plan.Steps.Length - 1,
                Hears = entry =>
                {
                    isCut |= entry is RunEvent.Begun begun && begun.Step == step;
                    if (isCut) lab!.Host.Happen(Cut);
                },
            };
            lab.Run(plan);
            Assert.Contains(User, lab.Machine.WithoutManager);
            check(lab, $"cut at step {index}, {plan.Steps[index].Describe()}");
        }
    }

    private static SwitchPlan Plan(Machine machine) =>
        Assert.IsType<PlanResult.Ready>(SwitchPlanner.Plan(machine.Snapshot(), s_away)).Plan;

    /// <summary>The desktop's own user is logged in over ssh, or at a text console, besides.</summary>
    private static Machine Remote()
    {
        var machine = Machines.Find("desktop")!.Machine;
        return machine with
        {
            Sessions =
            [
                .. machine.Sessions.Where(session => session.IsGraphical),
                new LoginSession
                {
                    Id = "77", Uid = User, User = "fernando", Type = "tty", Class = "user", State = "active", IsRemote = true,
                },
            ],
            Caller = machine.Caller with { Session = "77", Vt = null, Unit = "session-77.scope" },
        };
    }

    /// <summary>Nothing keeps the manager any more once the desktop has ended as well, or was somebody else's.</summary>
    private static Machine Cut(Machine machine) => SessionVerbs.StopUser(
        machine with { Sessions = machine.Sessions.RemoveAll(session => session.Id == "77") }, User);
}

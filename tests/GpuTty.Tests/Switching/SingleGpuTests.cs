using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Switching;

/// <summary>The machine's only card: refused, or given away by somebody who insists and is never left in the dark permanently.</summary>
public sealed class SingleGpuTests
{
    private static readonly PciAddress s_onlyCard = PciAddress.Parse("0a:00.0");
    private static readonly SwitchIntent s_away = new(s_onlyCard, Direction.ToVm, EndSessions: true) { SingleGpu = true };
    private static readonly UnitName s_desktop = new("gdm.service");

    [Fact]
    public void M24_without_the_option_it_is_refused()
    {
        var blocked = Assert.IsType<PlanResult.Blocked>(SwitchPlanner.Plan(Lab.On("single").Look(), s_away with { SingleGpu = false }));
        Assert.Contains(
            blocked.Obstacles,
            obstacle => obstacle is Obstacle.OnlyCard && obstacle.Remedy.Contains("--single-gpu", StringComparison.Ordinal));
    }

    [Fact]
    public void The_plan_ends_the_desktop_does_not_start_it_again_and_asks_whether_it_may_stay()
    {
        var plan = Plan(Lab.On("single"), s_away);
        Assert.Equal(Risk.MayLoseConsole, plan.Risk);
        Assert.Contains(plan.Steps, step => step is StopUnit stop && stop.Unit == s_desktop);
        Assert.DoesNotContain(plan.Steps, step => step is StartUnit start && start.Unit == s_desktop);
        Assert.Single(plan.Steps, step => step is AwaitConsent);
        Assert.Contains(plan.Consequences, loss => loss.Text.Contains("every screen goes dark", StringComparison.Ordinal));
    }

    [Fact]
    public void Where_there_is_another_card_the_option_changes_nothing()
    {
        var host = Lab.On("desktop").Look();
        var intent = new SwitchIntent(Machines.Card, Direction.ToVm, EndSessions: true);
        Assert.Equal(((PlanResult.Ready)SwitchPlanner.Plan(host, intent)).Plan.Steps.AsEnumerable(),
            ((PlanResult.Ready)SwitchPlanner.Plan(host, intent with { SingleGpu = true })).Plan.Steps);
    }

    [Fact]
    public void Unless_somebody_confirms_the_card_and_the_desktop_come_back()
    {
        var lab = Lab.On("single");
        var before = Lab.Shape(lab.Machine);
        Assert.Equal(Outcome.TakenBack, lab.Run(Plan(lab, s_away)));
        lab.Pass(60);
        Assert.Equal(before, Lab.Shape(lab.Machine));
    }

    [Fact]
    public void Confirmed_it_goes_and_the_way_home_brings_the_desktop_back()
    {
        var lab = Lab.On("single");
        var before = Lab.Shape(lab.Machine);
        Assert.Equal(Outcome.Switched, Keep(lab, Plan(lab, s_away)));
        Assert.Equal(Owner.Vfio, lab.OwnerOf(s_onlyCard));
        Assert.True(lab.Look().FindUnit(s_desktop)!.IsStopped);

        Assert.Equal(Outcome.Switched, lab.Run(Direction.ToHost, s_onlyCard));
        lab.Pass(60);
        Assert.Equal(before, Lab.Shape(lab.Machine));
        Assert.Contains(lab.Look().Sessions, session => session.IsGraphical);
    }

    /// <summary>A disk that the virtual machine has filled: nobody could see why the card stays away.</summary>
    [Fact]
    public void It_comes_home_though_not_even_the_first_line_of_the_journal_can_be_written()
    {
        var lab = Lab.On("single");
        var before = Lab.Shape(lab.Machine);
        Assert.Equal(Outcome.Switched, Keep(lab, Plan(lab, s_away)));
        var (log, outcome) = (new List<LogLine>(), Outcome.Refused);
        lab.Clock.Run(async () =>
            outcome = await new SwitchRunner(lab.Host, lab.Host, new FullDisk(lab, 0), lab.Clock, log.Add).RunAsync(
                lab.Plan(Direction.ToHost, s_onlyCard), lab.Look(), CancellationToken.None));
        Assert.True(outcome == Outcome.Switched, string.Join('\n', log.Select(line => line.Text)));
        lab.Pass(60);
        Assert.Equal(before, Lab.Shape(lab.Machine));
        Assert.Contains(log, line => line.Level == LogLevel.Error && line.Text.Contains("No space left", StringComparison.Ordinal));
    }

    [Fact]
    public void Killed_on_its_way_it_is_brought_home_without_a_question()
    {
        var before = Lab.Shape(Machines.Find("single")!.Machine);
        foreach (var step in Plan(Lab.On("single"), s_away).Steps.Skip(1))
        {
            var left = Interruption.During(Machines.Find("single")!.Machine, s_away, begun => begun == step);
            var lab = new Lab(left.Machine);
            var home = InterruptedRun.SingleGpuReturn(RunState.Fold(left.Journal)!, lab.Look());
            Assert.NotNull(home);
            Assert.Equal(Outcome.Switched, lab.Run(home));
            lab.Pass(60);
            Assert.Equal(before, Lab.Shape(lab.Machine));
        }
    }

    [Fact]
    public void Where_there_is_another_card_a_killed_switch_is_a_question_for_a_person()
    {
        var left = Interruption.During(
            Machines.Find("desktop")!.Machine,
            new SwitchIntent(Machines.Card, Direction.ToVm, EndSessions: true),
            step => step is BindDevice);
        Assert.Null(InterruptedRun.SingleGpuReturn(RunState.Fold(left.Journal)!, left.Machine.Snapshot()));
    }

    private static SwitchPlan Plan(Lab lab, SwitchIntent intent) =>
        Assert.IsType<PlanResult.Ready>(SwitchPlanner.Plan(lab.Look(), intent)).Plan;

    private static Outcome Keep(Lab lab, SwitchPlan plan)
    {
        var outcome = Outcome.Refused;
        var asked = Array.FindIndex([.. plan.Steps], step => step is AwaitConsent);
        lab.Clock.Run(async () =>
            outcome = await new SwitchRunner(lab.Host, lab.Host, lab, lab.Clock, _ => { }, new Yes(asked)).RunAsync(
                plan, lab.Look(), CancellationToken.None));
        return outcome;
    }

    private sealed class Yes(int step) : IRunRequests
    {
        public RunRequest Take() => new RunRequest.Keep(step);
    }
}

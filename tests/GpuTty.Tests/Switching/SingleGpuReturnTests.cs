using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Switching;
using GpuTty.Tests.Simulation;
using Xunit.Abstractions;

namespace GpuTty.Tests.Switching;

/// <summary>The only card is brought home after a killed switch, and something refuses on
/// the way: what can be at home is at home, for there is no picture anywhere else.</summary>
public sealed class SingleGpuReturnTests(ITestOutputHelper output)
{
    private static readonly PciAddress s_onlyCard = PciAddress.Parse("0a:00.0");
    private static readonly SwitchIntent s_away = new(s_onlyCard, Direction.ToVm, EndSessions: true) { SingleGpu = true };
    private static readonly UnitName s_desktop = new("gdm.service");

    [Fact]
    public void M1_a_call_that_is_refused_once_is_tried_again_and_everything_comes_home() => ForEachCall(1, (lab, _, at) =>
    {
        Assert.True(RunState.Fold(lab.Journal)!.Outcome == Outcome.Switched, $"{at}: {lab.Summary}");
        Assert.True(IsUp(lab), $"no desktop: {at}");
        Assert.All(Functions(lab), function => Assert.True(IsAtHome(function), $"{function.Address} is not at home: {at}"));
    });

    [Fact]
    public void M1_a_call_that_is_refused_for_ever_keeps_nothing_else_from_coming_home() => ForEachCall(Fault.ForEver, (lab, refused, at) =>
    {
        foreach (var function in Functions(lab))
        {
            var isRefused = refused.Target == $"{function.Address}" || refused == new Call(Verb.Load, HomeOf(function));
            Assert.True(isRefused || IsAtHome(function), $"{function.Address} is not at home: {at}");
        }
        var display = Functions(lab).Single(function => function.Class.IsDisplay);
        if (IsAtHome(display) && refused != new Call(Verb.StartUnit, $"{s_desktop}")) Assert.True(IsUp(lab), $"no desktop: {at}");
        var run = RunState.Fold(lab.Journal)!;
        Assert.True(run.Outcome is Outcome.Switched or Outcome.LeftHalfway, $"{at}: {lab.Summary}");
        if (run.Outcome == Outcome.LeftHalfway) Assert.Contains("is still missing", lab.Summary, StringComparison.Ordinal);
        if (!Functions(lab).All(IsAtHome)) Assert.NotNull(InterruptedRun.Of(lab.Journal, lab.Look(), isRunning: false));
    });

    [Fact]
    public void What_was_refused_can_be_finished_later() => ForEachCall(Fault.ForEver, (lab, refused, at) =>
    {
        var later = new Lab(lab.Machine);
        if (SwitchPlanner.Plan(later.Look(), new SwitchIntent(s_onlyCard, Direction.ToHost, EndSessions: true)) is PlanResult.Ready ready)
            later.Run(ready.Plan);
        later.Pass(60);
        // A service that is not the desktop's was named, and is for a person to start.
        if (refused.Verb == Verb.StartUnit && refused.Target != $"{s_desktop}")
            later.Host.Happen(m => UnitVerbs.Start(m, new UnitName(refused.Target)));
        Assert.True(Lab.Shape(Machines.Find("single")!.Machine) == Lab.Shape(later.Machine), $"{at}:\n{Lab.Shape(later.Machine)}");
    });

    [Fact]
    public void Who_asks_for_the_card_back_gets_it_back()
    {
        var away = Killed(^1);
        var lab = new Lab(away.Machine) { AsksBackAt = entry => entry is RunEvent.Begun { Step: 3 } };
        Assert.Equal(Outcome.TakenBack, lab.Run(new Lab(away.Machine).Plan(Direction.ToHost, s_onlyCard)));
        Assert.Equal(Owner.Vfio, lab.OwnerOf(s_onlyCard));
    }

    [Fact]
    public void Where_nobody_knows_any_more_how_it_was_the_only_card_and_the_desktop_come_home_all_the_same()
    {
        var lab = new Lab(Killed(^1).Machine with { Memory = OriginalState.Nothing });
        var lost = lab.Look() with { MemoryProblem = "/run/gputty/home.json cannot be read." };
        Assert.IsType<PlanResult.Blocked>(SwitchPlanner.Plan(
            Lab.On("desktop").Look() with { MemoryProblem = lost.MemoryProblem },
            new SwitchIntent(Machines.Card, Direction.ToVm, EndSessions: true)));
        Assert.Equal(
            Outcome.Switched,
            lab.Run(Assert.IsType<PlanResult.Ready>(SwitchPlanner.Plan(
                lost, new SwitchIntent(s_onlyCard, Direction.ToHost, EndSessions: true))).Plan));
        lab.Pass(60);
        Assert.All(Functions(lab), function => Assert.True(IsAtHome(function)));
        Assert.True(IsUp(lab));
    }

    [Fact]
    public void After_a_crash_of_the_kernel_a_desktop_whose_card_has_not_left_is_started_again()
    {
        var machine = Machines.Find("single")!.Machine;
        var left = Interruption.During(machine, s_away, step => step is GpuTty.Steps.UnloadModule);
        var lab = Rescued(left with { Machine = left.Machine with { Taint = 1 << 7 } }, FaultPlan.None);
        Assert.True(IsUp(lab));
        Assert.DoesNotContain(lab.Host.Calls, call => call.TouchesPci);
    }

    private static bool IsUp(Lab lab) => lab.Machine.FindService(s_desktop)!.IsActive;

    private static ImmutableArray<PciDevice> Functions(Lab lab) => Card.FindAt(lab.Look(), s_onlyCard)!.Functions;

    private static bool IsAtHome(PciDevice function) => function.Driver == HomeOf(function);

    private static string HomeOf(PciDevice function) => Machines.Find("single")!.Machine.Find(function.Address)!.Driver!;

    private static Interruption Killed(Index at)
    {
        var machine = Machines.Find("single")!.Machine;
        var steps = ((PlanResult.Ready)SwitchPlanner.Plan(machine.Snapshot(), s_away)).Plan.Steps;
        return Interruption.During(machine, s_away, step => step == steps[at]);
    }

    /// <summary>Killed with everything away, with half of it away, and with the desktop just gone.</summary>
    private void ForEachCall(int times, Action<Lab, Call, string> check)
    {
        var refusals = 0;
        foreach (var kill in (Index[])[^1, ^3, ^5])
        {
            var calls = Rescued(Killed(kill), FaultPlan.None).Host.Calls;
            for (var n = 1; n <= calls.Length; n++)
            {
                var refused = calls[n - 1];
                var lab = Rescued(
                    Killed(kill),
                    new FaultPlan(new Fault(
                        FaultKind.Refused, refused.Verb, refused.Target, calls.Take(n).Count(call => call == refused), times)));
                check(lab, refused, $"{refused} refused, call {n} after a kill at {kill}");
                refusals++;
            }
        }
        Assert.True(refusals > 20);
        Counts.Add(output, "faults injected", refusals);
    }

    private static Lab Rescued(Interruption left, FaultPlan drill)
    {
        var lab = new Lab(left.Machine, drill);
        lab.Clock.Run(() => new CrashRecovery(lab.Host, lab.Host, lab, lab.Clock, _ => { }).RunAsync(RunState.Fold(left.Journal)!));
        lab.Pass(60);
        return lab;
    }
}

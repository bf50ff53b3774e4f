using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Planning;

/// <summary>The sentences over a plan say what its steps do.</summary>
public sealed class PlanTextTests
{
    [Theory, MemberData(nameof(Scenario.Names), MemberType = typeof(Scenario))]
    public void The_heading_agrees_with_the_steps(string name)
    {
        var (machine, plan) = Scenario.All[name];
        var words = PlanText.Desktop(machine.Snapshot(), plan);
        if (machine.Desktop is null)
        {
            Assert.Equal("No desktop is running.", words);
            return;
        }
        var unit = machine.Desktop.Unit;
        Assert.Equal(
            plan.Steps.Any(step => step is StopUnit stop && stop.Unit == unit),
            words.StartsWith("The desktop is stopped", StringComparison.Ordinal));
        Assert.Equal(
            machine.Desktop.IsStartedByHand && plan.Steps.Any(step => step is EndSession),
            words == "The desktop is closed. It is not started again automatically.");
        Assert.Equal(
            plan.Steps.Any(step => step is StartUnit start && start.Unit == unit),
            words.Contains("at the end", StringComparison.Ordinal));
        var isUp = machine.Desktop.IsStartedByHand
            ? machine.Sessions.Any(session => SessionVerbs.IsOf(machine.Desktop, session))
            : machine.FindService(unit)!.IsActive;
        Assert.Equal(plan.DesktopImpact == DesktopImpact.None && isUp, words == "Your desktop keeps running.");
    }

    [Fact]
    public void On_the_way_home_of_the_only_card_nothing_false_is_said()
    {
        var card = PciAddress.Parse("0a:00.0");
        var away = new Replay(Machines.Find("single")!.Machine);
        var there = Assert.IsType<PlanResult.Ready>(SwitchPlanner.Plan(
            away.Machine.Snapshot(), new SwitchIntent(card, Direction.ToVm, EndSessions: true) { SingleGpu = true })).Plan;
        Assert.Equal(
            "The desktop is stopped, and stays down until the card is returned to the host.",
            PlanText.Desktop(away.Machine.Snapshot(), there));
        Assert.All(there.Steps, step => Assert.True(away.Take(step), step.Describe()));

        var gputty = Cli.Gputty.On(away.Machine, []);
        var said = gputty.Run("plan", "host").Out;
        Assert.DoesNotContain("Your desktop stays", said, StringComparison.Ordinal);
        Assert.DoesNotContain("everything is rolled back", said, StringComparison.Ordinal);
        Assert.Contains("The desktop is started at the end.", said, StringComparison.Ordinal);
        Assert.Contains("nothing is rolled back", said, StringComparison.Ordinal);
        Assert.DoesNotContain("the desktop is left alone", gputty.Run("status").Out, StringComparison.Ordinal);
    }

    /// <summary>
    /// What is said of a service is what becomes of it: with the card of one driver alone it comes back with the card, else at the end.
    /// </summary>
    [Theory, MemberData(nameof(Scenario.Names), MemberType = typeof(Scenario))]
    public void A_service_that_is_stopped_is_started_again_by_the_switch_or_with_the_card(string name)
    {
        var (machine, plan) = Scenario.All[name];
        if (plan.Intent.Direction != Direction.ToVm) return;
        var remembered = plan.Steps
            .OfType<SaveOriginalState>()
            .SelectMany(step => step.Memory.Units)
            .Select(known => known.Unit)
            .ToHashSet();
        foreach (var stop in plan.Steps.OfType<StopUnit>().Where(stop => stop.Unit != machine.Desktop!.Unit))
            Assert.True(
                plan.Steps.OfType<StartUnit>().Any(start => start.Unit == stop.Unit) != remembered.Contains(stop.Unit),
                $"{stop.Unit} is started {(remembered.Contains(stop.Unit) ? "twice" : "never")}");
    }

    [Fact]
    public void On_twins_the_other_card_keeps_its_service()
    {
        var lab = Lab.On("twins");
        Assert.Equal(GpuTty.Switching.Outcome.Switched, lab.Run(Direction.ToVm, PciAddress.Parse("0b:00.0")));
        Assert.True(lab.Machine.FindService(new("nvidia-persistenced.service"))!.IsActive);
    }
}

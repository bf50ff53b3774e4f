using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Switching;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Switching;

/// <summary>Plans end where they said they would.</summary>
public sealed class ReachTests
{
    public static TheoryData<string> Plans => Scenario.Reaching;

    [Theory, MemberData(nameof(Plans))]
    public void Every_step_of_a_plan_is_seen_to_happen_and_the_card_arrives(string name)
    {
        var (machine, plan) = Scenario.All[name];
        var run = new Replay(machine);
        foreach (var step in plan.Steps) Assert.True(run.Take(step), $"not seen: {step.Describe()}: {step.PendingReason(run.Seen)}");
        Assert.True(Scenario.All[name].IsReached(run.Machine.Snapshot()));
    }

    [Theory, MemberData(nameof(Plans))]
    public void L2_the_runner_gets_there_and_leaves_every_other_device_alone(string name)
    {
        var (machine, plan) = Scenario.All[name];
        var lab = new Lab(machine);
        Assert.Equal(Outcome.Switched, lab.Run(plan));
        Assert.True(Scenario.All[name].IsReached(lab.Look()));
        var card = Card.FindAt(machine.Snapshot(), plan.Intent.Card)!;
        foreach (var device in machine.Devices.Where(device => !card.Contains(device.Address)))
            Assert.Equal(
                (device.Driver, device.DriverOverride),
                (lab.Machine.Find(device.Address)!.Driver, lab.Machine.Find(device.Address)!.DriverOverride));
    }

    /// <summary>Case M36 of the failure matrix: rounds leave no drift.</summary>
    [Theory]
    [InlineData("desktop")]
    [InlineData("kept-off")]
    [InlineData("amd")]
    [InlineData("laptop")]
    [InlineData("twins")]
    public void M36_five_rounds_there_and_back_leave_no_trace(string name)
    {
        var lab = Lab.On(name);
        var before = Lab.Shape(lab.Machine);
        var card = CardChoice.Find(lab.Look(), null).Card!.Address;
        for (var round = 0; round < 5; round++)
        {
            Assert.Equal(Outcome.Switched, lab.Run(Direction.ToVm, card));
            Assert.Equal(Outcome.Switched, lab.Run(Direction.ToHost, card));
            Assert.Equal(before, Lab.Shape(lab.Machine));
        }
    }

    [Fact]
    public void With_the_desktop_kept_off_nobody_is_logged_out()
    {
        var lab = Lab.On("kept-off");
        var shell = lab.Look().Holders.Single(holder => holder.Name == "gnome-shell").Pid;
        Assert.Equal(Outcome.Switched, lab.Run(Direction.ToVm));
        Assert.Equal(Outcome.Switched, lab.Run(Direction.ToHost));
        lab.Pass(60);
        Assert.Equal(shell, lab.Look().Holders.Single(holder => holder.Name == "gnome-shell").Pid);
        Assert.Contains(lab.Look().Holders, holder => holder.Name == "wireplumber" && holder.Holds(PciAddress.Parse("01:00.1")));
    }

    [Fact]
    public void Undoing_twice_changes_nothing_the_second_time()
    {
        var lab = Lab.On("desktop");
        lab.Run(Direction.ToVm);
        Assert.Equal(Outcome.Switched, lab.Run(lab.Plan(InterruptedRun.UndoOf(lab.Journal, lab.Look())!.Direction)));
        Assert.IsType<PlanResult.AlreadyThere>(SwitchPlanner.Plan(lab.Look(), new SwitchIntent(Machines.Card, Direction.ToHost)));
    }

    /// <summary>Case M10 of the failure matrix: a holder that comes back.</summary>
    [Fact]
    public void M10_a_monitor_that_opens_the_card_every_second_does_not_stop_the_switch()
    {
        var panel = new Software("waybar") { Opens = [NodeKind.Nvidia, NodeKind.Card], PollsEvery = TimeSpan.FromSeconds(1) };
        var machine = Machines.Find("kept-off")!.Machine.Start(
            panel, Machines.Fernando, process => process with { Unit = "session-2.scope", Session = "2" });
        var lab = new Lab(machine);
        lab.Pass(0.5);
        var plan = lab.Plan(Direction.ToVm);
        Assert.Equal(DesktopImpact.None, plan.DesktopImpact);
        Assert.Equal(Outcome.Switched, lab.Run(plan));
        lab.Pass(5);
        Assert.Equal(Outcome.Switched, lab.Run(Direction.ToHost));
    }
}

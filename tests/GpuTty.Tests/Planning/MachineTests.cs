using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Holders;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Planning;

/// <summary>What each machine is told when its card should go to a virtual machine, or come home.</summary>
public sealed class MachineTests
{
    [Theory]
    [InlineData("shared-group", Direction.ToVm, "shared-group")]
    [InlineData("single", Direction.ToVm, "only-card drives-console")]
    [InlineData("no-iommu", Direction.ToVm, "no-iommu")]
    [InlineData("vm-running", Direction.ToHost, "vm-running")]
    [InlineData("stubborn", Direction.ToVm, "in-use")]
    [InlineData("desktop", Direction.ToVm, "")]
    [InlineData("interrupted", Direction.ToHost, "")]
    public void M17_M18_a_machine_that_cannot_is_told_why(string name, Direction direction, string codes)
    {
        var host = Machines.Find(name)!.Machine.Snapshot();
        var result = SwitchPlanner.Plan(host, new SwitchIntent(CardChoice.Find(host, null).Card!.Address, direction, EndSessions: true));
        Assert.Equal(
            codes,
            result is PlanResult.Blocked blocked ? string.Join(' ', blocked.Obstacles.Select(obstacle => obstacle.Code)) : "");
    }

    [Theory]
    [InlineData("desktop", DesktopImpact.Restart)]
    [InlineData("kept-off", DesktopImpact.None)]
    [InlineData("amd", DesktopImpact.Restart)]
    public void Only_a_desktop_that_holds_the_card_is_stopped(string name, DesktopImpact impact) =>
        Assert.Equal(impact, Lab.On(name).Plan(Direction.ToVm).DesktopImpact);

    [Fact]
    public void Whoever_has_not_agreed_to_be_logged_out_is_asked_first()
    {
        var host = Machines.Find("desktop")!.Machine.Snapshot();
        var blocked = Assert.IsType<PlanResult.Blocked>(SwitchPlanner.Plan(host, new SwitchIntent(Machines.Card, Direction.ToVm)));
        Assert.IsType<Obstacle.SessionsWouldEnd>(Assert.Single(blocked.Obstacles));
    }

    [Fact]
    public void That_systemd_keeps_the_card_for_a_session_is_no_obstacle_although_everybody_descends_from_it()
    {
        var host = Machines.Find("desktop")!.Machine.Snapshot();
        Assert.Contains(1, host.Caller.Ancestors);
        Assert.Contains(host.Holders, holder => holder.Pid == 1 && holder.Holds(Machines.Card));
        Assert.Equal(HolderActionKind.ReleasedWithSession, HolderAction.Of(host.Holders.First(holder => holder.Pid == 1), host).Kind);
    }

    [Fact]
    public void A_sound_server_alone_closes_no_session_and_is_started_again()
    {
        var steps = Lab.On("kept-off").Plan(Direction.ToVm).Steps;
        var server = new UnitName("wireplumber.service", 1000);
        Assert.Contains(steps, step => step is StopUnit stop && stop.Unit == server);
        Assert.True(steps.Last() is StartUnit start && start.Unit == server);
    }

    [Fact]
    public void On_the_way_home_the_sound_server_waits_until_nothing_needs_to_be_taken_back_any_more()
    {
        var lab = Lab.On("kept-off");
        lab.Run(Direction.ToVm);
        var steps = lab.Plan(Direction.ToHost).Steps;
        Assert.True(steps.IndexOf(steps.OfType<StopUnit>().Single()) < steps.IndexOf(steps.OfType<BindDevice>().First()));
        Assert.IsType<StartUnit>(steps.Last());
    }

    [Fact]
    public void A_card_that_a_broken_way_home_left_aimed_at_its_old_driver_is_aimed_back()
    {
        var lab = Lab.On("desktop");
        lab.Run(Direction.ToVm);
        lab.Host.Happen(m => PciVerbs.SetOverride(m, Machines.Card, "nvidia"));
        var plan = lab.Plan(Direction.ToVm);
        Assert.Equal(
            new SetDriverOverride(Machines.Card, "nvidia", VfioSupport.Driver),
            Assert.Single(plan.Steps.OfType<SetDriverOverride>()));
    }
}

using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Switching;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Planning;

/// <summary>Two cards of NVIDIA, so that its driver stays loaded: with modeset=1 nvidia_drm
/// keeps both open, and an older driver never lets go.</summary>
public sealed class NvidiaModesetUseTests
{
    private static readonly PciAddress s_card = PciAddress.Parse("0000:0b:00.0");

    [Theory]
    [InlineData("550.163.01", true, "version 550.163.01")]
    [InlineData("580.95.05", true, "version 580.95.05")]
    [InlineData("580.95.05", null, "can be read by root only")]
    [InlineData(null, true, "this version")]
    [InlineData("550.163.01", false, null)]
    [InlineData("580.105.08", true, null)]
    [InlineData("595.45.04", null, null)]
    public void A_card_that_the_kernel_keeps_open_is_given_only_where_the_driver_lets_go(string? version, bool? modeset, string? why)
    {
        var lab = new Lab(Driven(Machines.Find("twins")!.Machine, version, modeset));
        var result = SwitchPlanner.Plan(lab.Look(), new SwitchIntent(s_card, Direction.ToVm, EndSessions: true));
        if (why is null)
        {
            Assert.Equal(Outcome.Switched, lab.Run(Assert.IsType<PlanResult.Ready>(result).Plan));
            return;
        }
        var obstacle = Assert.Single(Assert.IsType<PlanResult.Blocked>(result).Obstacles.OfType<Obstacle.KeptOpenByModeset>());
        Assert.Contains(why, obstacle.Problem, StringComparison.Ordinal);
        Assert.Contains("580.105.08 or later", obstacle.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_may_not_read_it_is_told_to_ask_as_root()
    {
        var host = new Lab(Driven(Machines.Find("twins")!.Machine, "550.163.01", null)).Look();
        var result = SwitchPlanner.Plan(
            host with { Caller = host.Caller with { IsRoot = false } }, new SwitchIntent(s_card, Direction.ToVm, EndSessions: true));
        var obstacle = Assert.Single(Assert.IsType<PlanResult.Blocked>(result).Obstacles.OfType<Obstacle.KeptOpenByModeset>());
        Assert.Equal("Run it again with sudo.", obstacle.Remedy);
    }

    /// <summary>Given away at boot it has no such user; brought home, it has one from the moment it is bound.</summary>
    [Fact]
    public void Neither_is_it_unbound_when_a_way_home_is_rolled_back()
    {
        var away = Lab.On("twins");
        Assert.Equal(Outcome.Switched, away.Run(Direction.ToVm, s_card));
        var lab = new Lab(
            Driven(away.Machine, "550.163.01", true),
            new FaultPlan(new Fault(FaultKind.Refused, Verb.Probe, $"{s_card with { Function = 1 }}", 1, Fault.ForEver)));
        Assert.Equal(Outcome.LeftHalfway, lab.Run(Direction.ToHost, s_card));
        // From vfio-pci, and not from nvidia again.
        Assert.Single(lab.Host.Calls, call => call.Verb == Verb.Unbind && call.Target == $"{s_card}");
        Assert.Equal("nvidia", lab.Look().Find(s_card)!.Driver);
    }

    private static Machine Driven(Machine machine, string? version, bool? modeset) => machine
        .With(machine.FindModule("nvidia")! with { Version = version })
        .With(machine.FindModule("nvidia_drm")! with { SetsModes = modeset });
}

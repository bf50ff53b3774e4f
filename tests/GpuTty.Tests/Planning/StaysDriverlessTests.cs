using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Planning;

/// <summary>Another card of the same kind that its owner has left without a
/// driver: loading the driver for this one must not give it to that one.</summary>
public sealed class StaysDriverlessTests
{
    private static readonly PciAddress s_other = PciAddress.Parse("09:00.0");

    [Fact]
    public void There_and_back_the_other_card_stays_without_a_driver()
    {
        var lab = new Lab(WithDriverlessTwin());
        Assert.Equal(Outcome.Switched, lab.Run(Direction.ToVm));
        Assert.Equal((null, null), OtherOf(lab));
        Assert.Equal(Outcome.Switched, lab.Run(Direction.ToHost));
        Assert.Equal("nvidia", lab.Machine.Find(Machines.Card)!.Driver);
        Assert.Equal((null, null), OtherOf(lab));
    }

    [Fact]
    public void When_the_switch_is_taken_back_the_other_card_stays_without_a_driver()
    {
        SwitchPlan? plan = null;
        var lab = new Lab(WithDriverlessTwin())
        {
            AsksBackAt = entry => entry is RunEvent.Done done && plan!.Steps[done.Step] is UnloadModule { Device: not null },
        };
        plan = lab.Plan(Direction.ToVm);
        Assert.Equal(Outcome.TakenBack, lab.Run(plan));
        Assert.Equal("nvidia", lab.Machine.Find(Machines.Card)!.Driver);
        Assert.Equal((null, null), OtherOf(lab));
    }

    [Fact]
    public void How_a_function_is_kept_without_a_driver_is_said_once() => Assert.Equal(
        "Keep 02:00.0 without a driver (driver_override)",
        new SetDriverOverride(PciAddress.Parse("02:00.0"), null, PlaceholderDrivers.NoDriver).Describe());

    private static (string? Driver, string? Override) OtherOf(Lab lab) =>
        (lab.Machine.Find(s_other)!.Driver, lab.Machine.Find(s_other)!.DriverOverride);

    private static Machine WithDriverlessTwin()
    {
        var machine = Machines.Find("desktop")!.Machine;
        var twin = machine.Find(Machines.Card)! with
        {
            Address = s_other,
            Driver = null,
            Nodes = [],
            Connectors = [],
            IommuGroup = 40,
            IsBootVga = false,
        };
        return machine with { Devices = [.. machine.Devices.Append(twin).OrderBy(device => device.Address)] };
    }
}

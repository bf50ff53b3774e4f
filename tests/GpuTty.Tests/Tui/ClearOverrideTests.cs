using GpuTty.Simulation;
using GpuTty.Tui.Screens;

namespace GpuTty.Tests.Tui;

public sealed class ClearOverrideTests
{
    [Fact]
    public void Esc_leaves_the_plan_as_there_is_nothing_to_choose_about_one_override()
    {
        var plan = Play.At(DesktopMachine.WithStrayOverride).Type("3O");
        Assert.IsType<PlanPage>(plan.Model.Top);
        Assert.IsType<OverviewScreen>(plan.Type("\e").Model.Top);
    }

    /// <summary>The whole way: seen in the panel, planned, asked, done, and seen to be gone.</summary>
    [Fact]
    public async Task A_stray_override_is_cleared_with_a_key_a_plan_and_a_yes()
    {
        var clock = new FastClock(20);
        var desktop = Machines.Find("desktop")!.Machine;
        var host =
            new SimulatedHost(desktop.With(desktop.Find(Machines.Card)! with { DriverOverride = "vfio-pci" }), clock, FaultPlan.None);
        await using var person = new Person(host, clock);
        await person.Sees("override says vfio-pci");
        await person.Types("3O", "Clear the driver override of 01:00.0");
        await person.Types("\n", "Clear the driver override of 01:00.0?");
        Assert.Equal("vfio-pci", host.Machine.Find(Machines.Card)!.DriverOverride);
        await person.Types("y", "01:00.0 has no driver override any more.");
        Assert.Null(host.Machine.Find(Machines.Card)!.DriverOverride);
        await person.Types("\n", "6 Log");
        Assert.DoesNotContain("override says", person.Screen, StringComparison.Ordinal);
    }
}

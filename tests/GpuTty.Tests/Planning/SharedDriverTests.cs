using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Planning;

/// <summary>A driver is not unloaded under a card that is not being moved.</summary>
public sealed class SharedDriverTests
{
    private static readonly PciAddress s_first = PciAddress.Parse("0a:00.0"), s_second = PciAddress.Parse("0b:00.0");

    [Theory]
    [InlineData(nameof(Verb.Forget), "")]
    [InlineData(nameof(Verb.Probe), "0000:0b:00.1")]
    public void A_way_home_that_is_rolled_back_leaves_the_other_card_its_driver(string refused, string target)
    {
        var lab = TwoRadeons(new FaultPlan(new Fault(FaultKind.Refused, Enum.Parse<Verb>(refused), target, Nth: 2)));
        foreach (var card in (PciAddress[])[s_first, s_second]) Assert.Equal(Outcome.Switched, lab.Run(Direction.ToVm, card));
        Assert.Equal(Outcome.Switched, lab.Run(Direction.ToHost, s_first));
        var before = Lab.Shape(lab.Machine);
        Assert.Equal(Outcome.TakenBack, lab.Run(Direction.ToHost, s_second));
        Assert.Equal(before, Lab.Shape(lab.Machine));
        Assert.Equal("amdgpu", lab.Device($"{s_first}").Driver);
    }

    [Fact]
    public void A_module_waits_for_a_card_that_has_got_its_driver_since_the_plan_was_made()
    {
        var lab = TwoRadeons();
        Assert.Equal(Outcome.Switched, lab.Run(Direction.ToVm, s_first));
        var step = Assert.Single(lab.Plan(Direction.ToVm, s_second).Steps.OfType<UnloadModule>());
        lab.Host.Happen(NobodyUsesIt);
        Assert.Null(step.BlockedBy(lab.Look()));
        lab.Host.Happen(m => m.With(m.Find(s_first)! with { Driver = "amdgpu" }));
        Assert.Equal("amdgpu also drives 0a:00.0", step.BlockedBy(lab.Look()));
        Assert.NotNull(step.BlockedBy(lab.Look().Without(UnknownFact.PciDevices)));
    }

    private static Machine NobodyUsesIt(Machine machine) => machine with { Processes = [] };

    /// <summary>Beside the processor's own graphics of another maker.</summary>
    private static Lab TwoRadeons(FaultPlan? drill = null) => new(
        MachineBoot.Of("two-radeons", OtherBoards.Laptop, OtherBoards.LaptopWirings,
            GraphicsCard.Rx7900("0a:00", "00:1d.0", 19), GraphicsCard.Rx7900("0b:00", "00:1d.5", 30))
            .WithDesktop(Desktops.Gnome).WithServices(Desktops.SoundOf(Machines.Fernando)).Booted(Machines.Fernando),
        drill);
}

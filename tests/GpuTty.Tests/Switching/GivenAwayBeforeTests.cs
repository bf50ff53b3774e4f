using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Switching;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Switching;

/// <summary>Cases H2 and H4 of the failure matrix: what the user had taken away himself is not given back behind his back.</summary>
public sealed class GivenAwayBeforeTests
{
    private static readonly PciAddress s_sound = PciAddress.Parse("01:00.1");

    [Fact]
    public void H2_an_undo_leaves_a_function_that_the_user_had_on_vfio_as_he_had_it()
    {
        var lab = new Lab(Scenario.SoundGivenAway);
        Assert.Equal(Outcome.Switched, lab.Run(Direction.ToVm));
        Undo(lab);
        Assert.Equal(Lab.Shape(Scenario.SoundGivenAway), Lab.Shape(lab.Machine));
        Assert.DoesNotContain(lab.Host.Calls, call => call.Target == $"{s_sound}");
    }

    [Fact]
    public void H4_where_somebody_has_taken_it_from_vfio_meanwhile_an_undo_puts_it_there_again()
    {
        var lab = new Lab(Scenario.SoundGivenAway);
        Assert.Equal(Outcome.Switched, lab.Run(Direction.ToVm));
        lab.Do(host => host.UnbindAsync(s_sound, VfioSupport.Driver, default));
        lab.Do(host => host.SetDriverOverrideAsync(s_sound, null, default));
        Undo(lab);
        Assert.Equal(
            (VfioSupport.Driver, VfioSupport.Driver),
            (lab.Machine.Find(s_sound)!.Driver, lab.Machine.Find(s_sound)!.DriverOverride));
    }

    [Fact]
    public void H4_only_who_asks_for_the_card_on_the_host_gets_it_there_whole()
    {
        var lab = new Lab(Scenario.SoundGivenAway);
        Assert.Equal(Outcome.Switched, lab.Run(Direction.ToVm));
        Assert.Equal(Outcome.Switched, lab.Run(Direction.ToHost));
        Assert.Equal("snd_hda_intel", lab.Machine.Find(s_sound)!.Driver);
        Assert.Null(lab.Machine.Find(s_sound)!.DriverOverride);
        Assert.Equal(Owner.HostDriver, lab.OwnerOf(Machines.Card));
    }

    private static void Undo(Lab lab)
    {
        var back = InterruptedRun.UndoOf(lab.Journal, lab.Look())!;
        Assert.Equal(Outcome.Switched, lab.Run(Assert.IsType<PlanResult.Ready>(SwitchPlanner.Plan(lab.Look(), back)).Plan));
        lab.Pass(60);
    }
}

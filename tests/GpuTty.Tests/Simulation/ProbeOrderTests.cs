using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Simulation;

namespace GpuTty.Tests.Simulation;

/// <summary>Who gets a function that is probed: tried on Linux 6.12 with vfio-pci.ids= and two HDA controllers.</summary>
public sealed class ProbeOrderTests
{
    private static readonly PciAddress s_gpu = PciAddress.Parse("01:00.0"), s_sound = PciAddress.Parse("01:00.1");

    [Fact]
    public void What_vfio_pci_has_by_its_ids_it_takes_again_at_a_bare_probe_because_it_was_registered_first()
    {
        var machine = Unbound(ReservedAtBoot.Boot(), s_sound);
        Assert.Equal(VfioSupport.Driver, PciVerbs.Probe(machine, s_sound).Find(s_sound)!.Driver);
    }

    [Fact]
    public void An_override_that_names_the_host_driver_keeps_vfio_pci_away()
    {
        var machine = PciVerbs.SetOverride(Unbound(ReservedAtBoot.Boot(), s_sound), s_sound, "snd_hda_intel");
        Assert.Equal("snd_hda_intel", PciVerbs.Probe(machine, s_sound).Find(s_sound)!.Driver);
    }

    [Fact]
    public void A_driver_that_is_loaded_takes_an_unbound_function_although_vfio_pci_has_its_ids()
    {
        var machine = Unbound(ReservedAtBoot.Boot(), s_gpu);
        Assert.Equal("nvidia", ModuleVerbs.Load(machine, "nvidia").Find(s_gpu)!.Driver);
    }

    [Fact]
    public void Of_two_drivers_that_match_the_one_registered_first_is_asked_first()
    {
        var machine = Unbound(Machines.Find("twins")!.Machine, PciAddress.Parse("0b:00.0"));
        var both = machine.With(machine.FindModule("nouveau")! with { IsLoaded = true, Registered = 1 });
        Assert.Equal("nvidia", PciVerbs.Probe(both, PciAddress.Parse("0b:00.0")).Find(PciAddress.Parse("0b:00.0"))!.Driver);
        Assert.Equal(
            "nouveau",
            PciVerbs.Probe(
                both.With(both.FindModule("nouveau")! with { Registered = -1 }),
                PciAddress.Parse("0b:00.0")).Find(PciAddress.Parse("0b:00.0"))!.Driver);
    }

    [Fact]
    public void A_softdep_brings_vfio_pci_in_before_the_driver_that_was_asked_for()
    {
        var machine = Unbound(ReservedAtBoot.Boot(), s_gpu);
        machine = machine.With(machine.FindModule("vfio_pci")! with { IsLoaded = false, DynamicIds = [], Registered = 0 });
        machine = machine.With(machine.FindModule("nvidia")! with { SoftDependsOn = ["vfio_pci"] });
        Assert.Equal(VfioSupport.Driver, ModuleVerbs.Load(ModuleVerbs.Load(machine, "vfio_pci"), "nouveau").Find(s_gpu)!.Driver);
        Assert.Equal("nvidia", ModuleVerbs.Load(PciVerbs.SetOverride(machine, s_gpu, "nvidia"), "nvidia").Find(s_gpu)!.Driver);
    }

    [Fact]
    public void What_may_not_be_loaded_is_refused_and_a_blacklisted_module_is_loaded_by_its_name()
    {
        var machine = Unbound(Machines.Find("amd")!.Machine, s_gpu) with
        {
            ModuleSettings =
                new([new(ModuleRuleKind.InstallNothing, "nvidia", "x.conf"), new(ModuleRuleKind.Blacklist, "nouveau", "x.conf")], []),
        };
        Assert.Throws<HostException>(() => ModuleVerbs.Load(machine, "nvidia"));
        Assert.True(ModuleVerbs.Load(machine, "nouveau").IsLoaded("nouveau"));
    }

    private static Machine Unbound(Machine machine, PciAddress device) => PciVerbs.Unbound(machine, machine.Find(device)!);
}

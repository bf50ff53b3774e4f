using GpuTty.Planning.Plans;
using GpuTty.Steps;
using GpuTty.Tests.Linux;

namespace GpuTty.Tests.Cases;

public sealed partial class StrangersMachinesTests
{
    [RootFact]
    public Task Vfio_ids_board_sound() => Right("vfio-ids-board-sound", async machine => // (1)
    {
        var plan = Ready(await machine.PlanAsync(Direction.ToHost, "07:00.0", endSessions: true));
        Assert.True(IsOverriddenBeforeItsProbe(plan, "07:00.1", "snd_hda_intel"));
        Assert.Contains(plan.Steps, step => step is BindDevice { Driver: "nvidia" } bind && bind.Device == At("07:00.0"));
    });

    [RootFact]
    public Task Vfio_ids_two_radeons() => Right("vfio-ids-two-radeons", async machine => // (1)
    {
        var plan = Ready(await machine.PlanAsync(Direction.ToHost, "0d:00.0", endSessions: true));
        Assert.True(IsOverriddenBeforeItsProbe(plan, "0d:00.0", "amdgpu"));
        Assert.True(IsOverriddenBeforeItsProbe(plan, "0d:00.1", "snd_hda_intel"));
    });

    [RootFact]
    public Task Sound_install_false() => Right("sound-install-false", async machine => // (1)
    {
        var plan = Ready(await machine.PlanAsync(Direction.ToHost, "02:00.0", endSessions: true));
        Assert.True(IsOverriddenBeforeItsProbe(plan, "02:00.0", "nvidia"));
        Assert.DoesNotContain(plan.Steps, step => step is LoadModule { Module: "snd_hda_intel" }
            or BindDevice { Module: "snd_hda_intel" } or BindDevice { Driver: "snd_hda_intel" });
    });

    [RootFact]
    public Task Blacklisted_nouveau_bound_sound() => Right("blacklisted-nouveau-bound-sound", async machine => // (8)
    {
        var status = (await machine.RunAsync("status")).Out;
        Assert.Contains("can go to the VM", status);
        Assert.DoesNotContain("switch host", status);
        var doctor = (await machine.RunAsync("doctor --card 01:00.0")).Out;
        Assert.StartsWith("This machine can give 01:00 to a VM", doctor);
        Assert.DoesNotContain("back to the host", doctor);
    });

    [RootFact]
    public Task Pci_stub_reserved() => Right("pci-stub-reserved", async machine => // (10)
    {
        var plan = Ready(await machine.PlanAsync(Direction.ToVm, "01:00.0"));
        Assert.Equal(["0000:01:00.0", "0000:01:00.1"], Bound(plan));
        Assert.DoesNotContain("GTX 1080]: on the host", (await machine.RunAsync("status")).Out);
        Assert.DoesNotContain("already on the host", (await machine.RunAsync("plan host --card 01:00.0")).Out);
    });

    [RootFact]
    public Task Xen_dom0_has_a_card_on_pciback() => Right("xen-dom0", async machine => // (10)
    {
        Assert.DoesNotContain("RTX 5070]: on the host", (await machine.RunAsync("status")).Out);
        Assert.DoesNotContain("already on the host", (await machine.RunAsync("plan host --card 01:00.0")).Out);
    });

    [RootFact]
    public Task Nixos_reserved_at_boot() => Right("nixos-reserved-at-boot", async machine => // (12, and 1)
    {
        var plan = Ready(await machine.PlanAsync(Direction.ToHost, "01:00.0", endSessions: true));
        Assert.Contains(plan.Steps, step => step is BindDevice { Driver: "nvidia" } bind && bind.Device == At("01:00.0"));
        Assert.Contains(plan.Steps, step => step is BindDevice { Driver: "snd_hda_intel" } bind && bind.Device == At("01:00.1"));
    });

    /// <summary>Its override names the driver when the bus is asked to find one for it.</summary>
    private static bool IsOverriddenBeforeItsProbe(SwitchPlan plan, string address, string driver)
    {
        var steps = plan.Steps.ToList();
        var probe = steps.FindIndex(step => step is BindDevice bind && bind.Device == At(address));
        return probe >= 0
            && steps
                .Take(probe)
                .OfType<SetDriverOverride>()
                .LastOrDefault(driverOverride => driverOverride.Device == At(address))?.New == driver;
    }
}

using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Simulation;

namespace GpuTty.Tests.Simulation;

/// <summary>The pretend kernel behaves as the real one was seen to (kernels 6.1 and 6.12, and libvirt's own tests).</summary>
public sealed class KernelFactsTests
{
    private static readonly PciAddress s_card = Machines.Card;
    private static readonly PciAddress s_sound = PciAddress.Parse("01:00.1");

    /// <summary>The desktop machine with nobody on the card and its stack unloaded.</summary>
    private static Lab Idle()
    {
        var lab = Lab.On("desktop");
        lab.Do(async host =>
        {
            await host.StopUnitAsync(new UnitName("gdm.service"), default);
            await host.StopUnitAsync(new UnitName("nvidia-persistenced.service"), default);
        });
        lab.Pass(20);
        lab.Do(async host => { foreach (var module in KernelModules.NvidiaStack) await host.UnloadModuleAsync(module, default); });
        return lab;
    }

    /// <summary>Case M15 of the failure matrix: a module that will not unload.</summary>
    [Fact]
    public void M15_unloading_a_busy_module_fails_at_once_and_changes_nothing()
    {
        var lab = Lab.On("desktop");
        var (before, began) = (Lab.Shape(lab.Machine), lab.Clock.GetUtcNow());
        var refusal = Assert.Throws<HostException>(() => lab.Do(host => host.UnloadModuleAsync("nvidia_drm", default)));
        Assert.True(refusal.IsTransient);
        Assert.Equal((before, began), (Lab.Shape(lab.Machine), lab.Clock.GetUtcNow()));
    }

    [Fact]
    public void Unloading_an_idle_driver_unbinds_its_card_and_its_nodes_vanish()
    {
        var lab = Idle();
        Assert.Null(lab.Device("01:00.0").Driver);
        Assert.Empty(lab.Device("01:00.0").Nodes);
        Assert.DoesNotContain(lab.Machine.Framebuffers, fb => fb.Device == s_card);
    }

    [Fact]
    public void References_are_those_who_hold_and_nothing_remembers_them()
    {
        var lab = Lab.On("desktop");
        Assert.Equal(4, lab.Machine.References("nvidia_drm"));
        Assert.Equal(11, lab.Machine.References("nvidia"));
        lab.Host.Happen(m => m.End(process => process.Software.Name is "gnome-shell" or "Xwayland" or "firefox"));
        Assert.Equal(0, lab.Machine.References("nvidia_drm"));
        // Two modules, and two files of its own nodes, each of which counts twice.
        Assert.Equal(2 + (2 * 2), lab.Machine.References("nvidia"));
    }

    [Fact]
    public void An_override_takes_any_name_clears_with_nothing_and_moves_nothing()
    {
        var lab = Lab.On("desktop");
        lab.Do(host => host.SetDriverOverrideAsync(s_card, "none-such", default));
        Assert.Equal(("nvidia", "none-such"), (lab.Device("01:00.0").Driver, lab.Device("01:00.0").DriverOverride));
        lab.Do(host => host.SetDriverOverrideAsync(s_card, null, default));
        Assert.Null(lab.Device("01:00.0").DriverOverride);
    }

    [Theory]
    [InlineData("vfio-pci")]
    [InlineData("none-such")]
    public void A_probe_reports_success_although_nobody_takes_the_function(string driver)
    {
        var lab = Idle();
        lab.Do(async host =>
        {
            await host.SetDriverOverrideAsync(s_card, driver, default);
            await host.LoadModuleAsync("nouveau", default);
            await host.ProbeAsync(s_card, default);
        });
        Assert.Null(lab.Device("01:00.0").Driver);
    }

    [Fact]
    public void K1_a_probe_of_a_bound_function_changes_nothing()
    {
        var lab = Lab.On("desktop");
        lab.Do(async host =>
        {
            await host.SetDriverOverrideAsync(s_card, "vfio-pci", default);
            await host.LoadModuleAsync("vfio-pci", default);
            await host.ProbeAsync(s_card, default);
        });
        Assert.Equal("nvidia", lab.Device("01:00.0").Driver);
    }

    [Fact]
    public void Loading_a_driver_takes_every_unbound_function_that_is_aimed_at_it()
    {
        var lab = Idle();
        lab.Do(async host =>
        {
            await host.SetDriverOverrideAsync(s_card, "vfio-pci", default);
            await host.LoadModuleAsync("vfio-pci", default);
        });
        Assert.Equal(("vfio-pci", "snd_hda_intel"), (lab.Device("01:00.0").Driver, lab.Device("01:00.1").Driver));
        Assert.Contains(lab.Device("01:00.0").Nodes, node => node.Path == "/dev/vfio/14");
    }

    [Fact]
    public void Loading_nvidia_brings_the_card_back_unless_it_is_aimed_elsewhere()
    {
        var lab = Idle();
        lab.Do(host => host.SetDriverOverrideAsync(s_card, "vfio-pci", default));
        Assert.Throws<HostException>(() => lab.Do(host => host.LoadModuleAsync("nvidia_drm", default)));
        Assert.Contains(lab.Machine.Log, line => line.Text == "NVRM: No NVIDIA GPU found.");
        lab.Do(async host =>
        {
            await host.SetDriverOverrideAsync(s_card, null, default);
            await host.LoadModuleAsync("nvidia_drm", default);
        });
        Assert.Equal("nvidia", lab.Device("01:00.0").Driver);
    }

    /// <summary>Case M17 of the failure matrix: no IOMMU.</summary>
    [Fact]
    public void M17_without_an_IOMMU_vfio_takes_nothing_and_only_the_log_knows()
    {
        var lab = Lab.On("no-iommu");
        lab.Host.Happen(m => PciVerbs.Unbound(m, m.Find(s_sound)!));
        lab.Host.Happen(m => PciVerbs.SetOverride(m, s_sound, "vfio-pci"));
        lab.Do(async host =>
        {
            await host.LoadModuleAsync("vfio-pci", default);
            await host.ProbeAsync(s_sound, default);
        });
        Assert.Null(lab.Device("01:00.1").Driver);
        Assert.Contains(lab.Machine.Log, line => line.Text == "vfio-pci 0000:01:00.1: probe with driver vfio-pci failed with error -22");
    }

    [Fact]
    public void Numbers_of_display_nodes_move()
    {
        var lab = Lab.On("desktop");
        Assert.Contains(lab.Device("01:00.0").Nodes, node => node.Path == "/dev/dri/card1");
        lab.Run(GpuTty.Planning.Plans.Direction.ToVm);
        lab.Run(GpuTty.Planning.Plans.Direction.ToHost);
        Assert.Contains(lab.Device("01:00.0").Nodes, node => node.Path == "/dev/dri/card0");
    }

    /// <summary>Case M7 of the failure matrix: a write that the kernel does not finish.</summary>
    [Fact]
    public void Unbinding_nvidia_under_a_holder_never_comes_back_and_locks_all_later_writes()
    {
        var lab = Lab.On("desktop");
        Assert.Throws<StuckException>(() => lab.Do(host => host.UnbindAsync(s_card, "nvidia", default)));
        Assert.Contains(lab.Machine.Log, line => line.Text == "NVRM: Attempting to remove device 0000:01:00.0 with non-zero usage count!");
        lab.Host.Happen(m => m.End(process => process.Open.Length > 0));
        lab.Pass(600);
        Assert.Equal("nvidia", lab.Device("01:00.0").Driver);
        Assert.NotNull(lab.Look().Stuck);
        Assert.Throws<HostException>(() => lab.Do(host => host.SetDriverOverrideAsync(s_sound, "vfio-pci", default)));
    }

    [Fact]
    public void Unbinding_sound_waits_for_the_last_descriptor_and_ends_by_itself_although_its_writer_gave_up()
    {
        var lab = Lab.On("desktop");
        Assert.Throws<StuckException>(() => lab.Do(host => host.UnbindAsync(s_sound, "snd_hda_intel", default)));
        lab.Do(host => host.StopUnitAsync(new UnitName("wireplumber.service", 1000), default));
        Assert.Null(lab.Device("01:00.1").Driver);
        Assert.Null(lab.Look().Stuck);
    }

    [Fact]
    public void Unbinding_amdgpu_under_a_holder_comes_back_and_the_open_node_is_deleted_and_pins_the_module()
    {
        var lab = Lab.On("amd");
        lab.Do(host => host.UnbindAsync(s_card, "amdgpu", default));
        var compositor = lab.Look().Holders.Single(holder => holder.Name == "kwin_wayland");
        Assert.Contains(compositor.Nodes, node => node is { Path: "/dev/dri/card1 (deleted)", Device: null, Module: "amdgpu" });
        Assert.False(compositor.Holds(s_card));
    }

    /// <summary>Case M18 of the failure matrix: a machine that runs on the group.</summary>
    [Fact]
    public void M18_while_a_machine_runs_its_group_takes_no_host_driver()
    {
        var lab = Lab.On("vm-running");
        lab.Host.Happen(m => PciVerbs.Unbound(m, m.Find(s_sound)!));
        lab.Host.Happen(m => PciVerbs.SetOverride(m, s_sound, "snd_hda_intel"));
        lab.Do(host => host.ProbeAsync(s_sound, default));
        Assert.Null(lab.Device("01:00.1").Driver);
    }

    [Fact]
    public void Addresses_that_are_not_there_are_refused_and_what_is_unbound_already_is_fine()
    {
        var lab = Idle();
        Assert.Throws<HostException>(() => lab.Do(host => host.ProbeAsync(PciAddress.Parse("7f:00.0"), default)));
        Assert.Throws<HostException>(() => lab.Do(host => host.UnbindAsync(s_sound, "nouveau", default)));
        lab.Do(host => host.UnbindAsync(s_card, "nvidia", default));
    }

    [Fact]
    public void A_function_goes_to_vfio_and_home_again_and_who_never_had_a_driver_stays_without()
    {
        var lab = Idle();
        lab.Do(async host =>
        {
            await host.LoadModuleAsync("vfio-pci", default);
            await host.SetDriverOverrideAsync(s_card, "vfio-pci", default);
            await host.ProbeAsync(s_card, default);
        });
        Assert.Equal("vfio-pci", lab.Device("01:00.0").Driver);
        lab.Do(async host =>
        {
            await host.UnbindAsync(s_card, "vfio-pci", default);
            await host.SetDriverOverrideAsync(s_card, null, default);
            await host.LoadModuleAsync("nvidia", default);
            await host.ProbeAsync(PciAddress.Parse("00:14.3"), default);
        });
        Assert.Equal("nvidia", lab.Device("01:00.0").Driver);
        Assert.Null(lab.Device("00:14.3").Driver);
    }

    [Fact]
    public void K1_the_node_of_a_group_comes_with_its_first_member_and_goes_with_the_last()
    {
        var lab = Lab.On("desktop");
        bool HasNode() => lab.Machine.Devices.Any(device => device.Nodes.Any(node => node.Path == "/dev/vfio/14"));
        Assert.False(HasNode());
        lab.Run(GpuTty.Planning.Plans.Direction.ToVm);
        Assert.True(HasNode());
        lab.Do(host => host.UnbindAsync(s_card, "vfio-pci", default));
        Assert.True(HasNode());
        lab.Do(host => host.UnbindAsync(s_sound, "vfio-pci", default));
        Assert.False(HasNode());
    }
}

using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tests.Cli;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Planning;

/// <summary>A card comes home from wherever it is, to what it had or would
/// get; and what cannot be had is said before anything is ended.</summary>
public sealed class WayHomeTests
{
    private static readonly PciAddress s_gpu = PciAddress.Parse("01:00.0"), s_sound = PciAddress.Parse("01:00.1");

    [Fact]
    public void A_card_reserved_with_ids_goes_home_and_back_and_home_again_and_no_override_stays()
    {
        var lab = new Lab(ReservedAtBoot.Boot());
        Assert.Equal(Owner.Vfio, lab.OwnerOf(s_gpu));
        for (var round = 0; round < 2; round++)
        {
            Assert.Equal(Outcome.Switched, lab.Run(Direction.ToHost));
            Assert.Equal(("nvidia", "snd_hda_intel"), (lab.Device("01:00.0").Driver, lab.Device("01:00.1").Driver));
            Assert.All(lab.Machine.Devices, device => Assert.Null(device.DriverOverride));
            Assert.IsType<PlanResult.AlreadyThere>(Plan(lab.Look(), Direction.ToHost));
            Assert.Equal(Outcome.Switched, lab.Run(Direction.ToVm, holders: HolderConsent.Terminate));
            Assert.Equal(Owner.Vfio, lab.OwnerOf(s_gpu));
        }
    }

    [Theory]
    [InlineData("nouveau", "nova_core", "nouveau")]
    [InlineData("nvidia", "nova_core", "nvidia_drm", "nvidia")]
    [InlineData("nouveau", "nova_core", "nvidiafb", "nouveau")]
    [InlineData("nova_core", "nova_core")]
    public void Offered_nova_core_and_nouveau_or_nova_core_and_nvidia_a_reserved_card_comes_home_to_nouveau_or_nvidia(
        string home, params string[] offered)
    {
        var host = new Lab(ReservedAtBoot.Boot()).Look();
        host = host with
        {
            Devices =
            [
                .. host.Devices.Select(device => device.Address == s_gpu ? device with { CandidateModules = [.. offered] } : device),
            ],
        };
        var plan = Assert.IsType<PlanResult.Ready>(Plan(host, Direction.ToHost)).Plan;
        var bind = Assert.Single(plan.Steps.OfType<BindDevice>(), step => step.Device == s_gpu);
        Assert.Equal((home == "nova_core" ? null : home, home), (bind.Driver, bind.Module));
    }

    [Fact]
    public void A_way_home_that_is_taken_back_leaves_a_card_reserved_with_ids_as_it_was()
    {
        var before = Lab.Shape(ReservedAtBoot.Boot());
        var lab = new Lab(ReservedAtBoot.Boot(), new FaultPlan(new Fault(FaultKind.Refused, Verb.Probe, $"{s_sound}")));
        Assert.Equal(Outcome.TakenBack, lab.Run(Direction.ToHost));
        Assert.Equal(before, Lab.Shape(lab.Machine));
    }

    [Fact]
    public void Sound_that_nobody_may_load_a_driver_for_stays_without_one_and_the_card_comes_home_all_the_same()
    {
        var lab = new Lab(With(
            SoundAtBootOnly(), new ModuleRule(ModuleRuleKind.InstallNothing, "snd_hda_intel", "/etc/modprobe.d/no-sound.conf")));
        var plan = lab.Plan(Direction.ToHost);
        Assert.DoesNotContain(plan.Steps, step => step is BindDevice bind && bind.Device == s_sound);
        Assert.Contains(
            plan.Consequences,
            loss =>
                $"{loss}" == ("01:00.1 (sound) stays without a driver: snd_hda_intel is not allowed to be loaded "
                    + "(/etc/modprobe.d/no-sound.conf)."));
        Assert.Equal(Outcome.Switched, lab.Run(plan));
        Assert.Equal(("nvidia", null), (lab.Device("01:00.0").Driver, lab.Device("01:00.1").Driver));
        Assert.Equal(Owner.HostDriver, lab.OwnerOf(s_gpu));
        Assert.IsType<PlanResult.AlreadyThere>(Plan(lab.Look(), Direction.ToHost));
    }

    [Theory]
    [InlineData(ModuleRuleKind.Blacklist, "blacklisted")]
    [InlineData(ModuleRuleKind.KernelBlacklist, "not allowed to be loaded")]
    public void A_card_that_nothing_would_drive_is_refused_before_anything_is_ended_and_the_line_is_named(ModuleRuleKind kind, string word)
    {
        var host = With(ReservedAtBoot.Boot(), new(kind, "nvidia", "x.conf"), new(kind, "nouveau", "x.conf")).Snapshot();
        var obstacle = Assert.IsType<Obstacle.HostDriverBarred>(Assert.Single(Assert.IsType<PlanResult.Blocked>(Plan(
            host, Direction.ToHost)).Obstacles));
        Assert.Contains($"{word} (x.conf)", obstacle.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_driver_that_may_not_be_loaded_again_is_said_before_the_desktop_goes_down()
    {
        var lab = Lab.On("desktop");
        lab.Run(Direction.ToVm);
        lab.Host.Happen(m => With(m, new ModuleRule(ModuleRuleKind.InstallNothing, "nvidia", "x.conf")));
        Assert.IsType<Obstacle.HostDriverBarred>(Assert.Single(Assert.IsType<PlanResult.Blocked>(Plan(
            lab.Look(), Direction.ToHost)).Obstacles));
    }

    [Fact]
    public void A_blacklisted_driver_that_the_card_had_is_loaded_again_by_its_name()
    {
        var lab = new Lab(With(Machines.Find("desktop")!.Machine, new ModuleRule(ModuleRuleKind.Blacklist, "nvidia", "x.conf")));
        Assert.Equal(Outcome.Switched, lab.Run(Direction.ToVm));
        Assert.Equal(Outcome.Switched, lab.Run(Direction.ToHost));
        Assert.Equal("nvidia", lab.Device("01:00.0").Driver);
    }

    /// <summary>vfio-pci was registered before udev's rule set the override, so nothing has probed the functions since.</summary>
    [Fact]
    public void A_card_set_aside_when_the_machine_started_comes_home_to_the_drivers_that_it_would_have_had()
    {
        var lab = new Lab(SetAsideAtBoot());
        Assert.Equal(Outcome.Switched, lab.Run(Direction.ToVm));
        Assert.Equal(Owner.Vfio, lab.OwnerOf(s_gpu));
        Assert.Equal(Outcome.Switched, lab.Run(Direction.ToHost));
        Assert.Equal(("nvidia", "snd_hda_intel"), (lab.Device("01:00.0").Driver, lab.Device("01:00.1").Driver));
        Assert.IsType<PlanResult.AlreadyThere>(Plan(lab.Look(), Direction.ToHost));
    }

    [Fact]
    public void An_undo_leaves_a_card_that_was_set_aside_when_the_machine_started_as_it_was()
    {
        var lab = new Lab(SetAsideAtBoot());
        Assert.Equal(Outcome.Switched, lab.Run(Direction.ToVm));
        var undo = Assert.IsType<PlanResult.Ready>(
            SwitchPlanner.Plan(lab.Look(), new SwitchIntent(s_gpu, Direction.ToHost, EndSessions: true) { IsUndo = true })).Plan;
        Assert.Equal(DesktopImpact.None, undo.DesktopImpact);
        Assert.Equal(Outcome.Switched, lab.Run(undo));
        Assert.Equal((null, VfioSupport.Driver), (lab.Device("01:00.0").Driver, lab.Device("01:00.0").DriverOverride));
    }

    [Fact]
    public async Task A_gpu_without_a_driver_beside_bound_sound_waits_for_a_virtual_machine_and_is_not_half_way()
    {
        var lab = new Lab(Driverless());
        Assert.Equal(Owner.Nobody, lab.OwnerOf(s_gpu));
        Assert.IsType<PlanResult.AlreadyThere>(Plan(lab.Look(), Direction.ToHost));
        var status = (await Gputty.On(lab.Look()).RunAsync("status")).Out;
        Assert.Contains("to the VM", status, StringComparison.Ordinal);
        Assert.DoesNotContain("halfway", status, StringComparison.Ordinal);

        Assert.Equal(Outcome.Switched, lab.Run(Direction.ToVm));
        Assert.Equal(Owner.Vfio, lab.OwnerOf(s_gpu));

        // No display appears, so nobody is logged out for it.
        var plan = lab.Plan(Direction.ToHost);
        Assert.Equal(DesktopImpact.None, plan.DesktopImpact);
        Assert.Contains(
            plan.Consequences,
            loss => loss.Code == ConsequenceCode.StaysWithoutDriver && $"{loss}".Contains("it had none before", StringComparison.Ordinal));
        Assert.Equal(Outcome.Switched, lab.Run(plan));
        Assert.EndsWith("its graphics function has no driver.", RunSummary.Switched(plan, lab.Look()), StringComparison.Ordinal);
        Assert.Equal((null, "snd_hda_intel"), (lab.Device("01:00.0").Driver, lab.Device("01:00.1").Driver));
    }

    [Fact]
    public void A_gpu_that_lost_its_driver_to_a_killed_switch_is_still_half_way()
    {
        var machine = Machines.Find("desktop")!.Machine;
        var half = machine.Change(m => PciVerbs.Unbound(m, m.Find(s_gpu)!));
        Assert.Equal(Owner.Mixed, Card.FindAt(half.Snapshot(), s_gpu)!.Owner);
    }

    [Fact]
    public void Where_the_list_of_modules_is_missing_it_is_said_and_nobody_is_told_to_install_a_driver()
    {
        var host = ReservedAtBoot.Boot().Snapshot();
        host = host with
        {
            Devices = [.. host.Devices.Select(device => device with { CandidateModules = [] })],
            Unknowns = [new(UnknownFact.DeviceModules, "which modules support the devices", "it is missing.")],
        };
        Assert.IsType<Obstacle.HostModulesUnknown>(Assert.Single(Assert.IsType<PlanResult.Blocked>(Plan(
            host, Direction.ToHost)).Obstacles));
    }

    [Fact]
    public void A_card_on_pci_stub_goes_to_the_virtual_machine_and_home_to_its_driver()
    {
        var lab = new Lab(OnStub());
        Assert.Equal(Owner.Reserved, lab.OwnerOf(s_gpu));
        Assert.Equal(Outcome.Switched, lab.Run(Direction.ToVm));
        Assert.Equal(Owner.Vfio, lab.OwnerOf(s_gpu));
        Assert.Equal(Outcome.Switched, lab.Run(Direction.ToHost));
        Assert.Equal(("nvidia", "snd_hda_intel"), (lab.Device("01:00.0").Driver, lab.Device("01:00.1").Driver));
    }

    [Fact]
    public void A_card_on_pci_stub_goes_straight_home_and_an_undo_of_the_way_to_the_virtual_machine_gives_it_back_to_pci_stub()
    {
        var home = new Lab(OnStub());
        Assert.Equal(Outcome.Switched, home.Run(Direction.ToHost));
        Assert.Equal(Owner.HostDriver, home.OwnerOf(s_gpu));

        var lab = new Lab(OnStub());
        lab.Run(Direction.ToVm);
        var undo = InterruptedRun.UndoOf(lab.Journal, lab.Look())!;
        Assert.Equal(Outcome.Switched, lab.Run(Assert.IsType<PlanResult.Ready>(SwitchPlanner.Plan(lab.Look(), undo)).Plan));
        Assert.Equal(("pci-stub", "pci-stub"), (lab.Device("01:00.0").Driver, lab.Device("01:00.1").Driver));
    }

    [Fact]
    public void A_neighbour_on_pci_stub_leaves_the_group_viable_and_one_on_pciback_does_not()
    {
        var host = Machines.Find("shared-group")!.Machine.Snapshot();
        HostSnapshot With(string driver) =>
            host with { Devices = [.. host.Devices.Select(device => device.Class.IsNetwork ? device with { Driver = driver } : device)] };
        Assert.Empty(GroupChecks.ForeignMembers(With("pci-stub"), Card.FindAt(host, s_gpu)!));
        Assert.NotEmpty(GroupChecks.ForeignMembers(With("pciback"), Card.FindAt(host, s_gpu)!));
    }

    [Theory]
    [InlineData(Direction.ToVm)]
    [InlineData(Direction.ToHost)]
    public void A_card_on_pciback_is_said_to_belong_to_xen(Direction direction)
    {
        var host = Machines.Find("desktop")!.Machine.Snapshot();
        host = host with
        {
            Devices = [.. host.Devices.Select(device =>
                device.Address.SharesSlotWith(s_gpu) ? device with { Driver = "pciback", Nodes = [] } : device)],
        };
        Assert.Equal(Owner.Reserved, Card.FindAt(host, s_gpu)!.Owner);
        Assert.Contains(Assert.IsType<PlanResult.Blocked>(Plan(host, direction)).Obstacles, obstacle => obstacle is Obstacle.HeldByXen);
    }

    [Fact]
    public void A_kernel_that_refuses_overrides_which_name_host_drivers_is_probed_without_one()
    {
        foreach (var name in (string[])["desktop", "amd", "twins", "laptop"])
        {
            var lab = new Lab(Machines.Find(name)!.Machine with { Kernel = "7.2.0", RefusesOverrides = true });
            var card = CardChoice.Find(lab.Look(), null).Card!;
            var before = Lab.Shape(lab.Machine);
            Assert.Equal(Outcome.Switched, lab.Run(Direction.ToVm, card.Address));
            var plan = lab.Plan(Direction.ToHost, card.Address);
            Assert.DoesNotContain(plan.Steps, step => step is SetDriverOverride { New: not null });
            Assert.Equal(Outcome.Switched, lab.Run(plan));
            Assert.Equal(before, Lab.Shape(lab.Machine));
        }
    }

    [Fact]
    public void On_such_a_kernel_a_way_to_the_virtual_machine_that_fails_brings_everything_back()
    {
        foreach (var name in (string[])["desktop", "twins"])
        {
            var machine = Machines.Find(name)!.Machine with { Kernel = "7.2.0", RefusesOverrides = true };
            var card = CardChoice.Find(machine.Snapshot(), null).Card!;
            var lab = new Lab(machine, new FaultPlan(new Fault(FaultKind.Refused, Verb.Probe, $"{card.Functions[^1].Address}")));
            Assert.Equal(Outcome.TakenBack, lab.Run(Direction.ToVm, card.Address));
            Assert.Equal(Lab.Shape(machine), Lab.Shape(lab.Machine));
        }
    }

    [Fact]
    public void On_such_a_kernel_an_override_is_kept_for_where_somebodys_ids_would_take_the_card()
    {
        var plan = new Lab(ReservedAtBoot.Boot() with { Kernel = "7.2.0" }).Plan(Direction.ToHost);
        Assert.Contains(new SetDriverOverride(s_sound, null, "snd_hda_intel"), plan.Steps);
    }

    [Fact]
    public void Nvidias_driver_is_not_unbound_where_only_a_module_above_it_cannot_go()
    {
        var host = Machines.Find("desktop")!.Machine.Snapshot();
        var nvswitch = host.Devices[0] with
        {
            Address = PciAddress.Parse("3f:00.0"),
            Class = new PciClass(0x068000),
            Driver = "nvidia_above",
        };
        host = host with
        {
            Devices = host.Devices.Add(nvswitch),
            Drivers = host.Drivers.Add(new PciDriver("nvidia_above", "nvidia_above")),
            Modules = [
                .. host.Modules.Select(module =>
                    module.Name == "nvidia" ? module with { UsedBy = module.UsedBy.Add("nvidia_above") } : module),
                new KernelModule("nvidia_above", 0, []),
            ],
        };
        var card = Card.FindAt(host, s_gpu)!;
        Assert.IsType<DriverRelease.Impossible>(DriverRelease.Of(host, card, card.Display));
    }

    [Fact]
    public void A_driver_that_is_built_in_is_unbound_although_sysfs_names_a_module_for_it()
    {
        var host = Machines.Find("amd")!.Machine.Snapshot();
        host = host with
        {
            Devices = [.. host.Devices.Where(device => device.Driver != "amdgpu" || device.Address == s_gpu)],
            Modules = [.. host.Modules.Where(module => module.Name != "amdgpu")],
        };
        var card = Card.FindAt(host, s_gpu)!;
        Assert.IsType<DriverRelease.Unbind>(DriverRelease.Of(host, card, card.Display));
    }

    private static PlanResult Plan(HostSnapshot host, Direction direction) =>
        SwitchPlanner.Plan(host, new SwitchIntent(s_gpu, direction, EndSessions: true));

    private static Machine With(Machine machine, params ModuleRule[] rules) =>
        machine with { ModuleSettings = machine.ModuleSettings with { Rules = [.. machine.ModuleSettings.Rules, .. rules] } };

    /// <summary>The board's own sound is off in the firmware: then nothing has loaded the driver of the card's.</summary>
    private static Machine SoundAtBootOnly()
    {
        var machine = ReservedAtBoot.Boot();
        return machine with
        {
            Devices = [.. machine.Devices.Where(device => device.Driver != "snd_hda_intel")],
            Modules = [.. machine.Modules.Select(module => module.Name == "snd_hda_intel" ? module with { IsLoaded = false } : module)],
            Processes = [.. machine.Processes.Select(process =>
                process with { Open = process.Open.RemoveAll(open => open.Pins == "snd_hda_intel") })],
        };
    }

    /// <summary>nouveau is blacklisted because the card is meant for a machine, nvidia
    /// is not installed, and Linux has bound the card's sound as usual.</summary>
    private static Machine Driverless()
    {
        var card = GraphicsCard.Rtx4090("01:00", "00:01.1", 14);
        card = card with
        {
            Functions = [.. card.Functions.Select(function =>
                function.Class.IsDisplay ? function with { Driver = null, CandidateModules = ["nouveau"] } : function)],
        };
        var parts = MachineBoot.Of("driverless", Am5Board.Functions, Am5Board.Wirings, card) with
        {
            CommandLine = "quiet modprobe.blacklist=nouveau",
        };
        return With(parts, new ModuleRule(ModuleRuleKind.Blacklist, "nouveau", "the kernel command line"))
            .WithDesktop(Desktops.Gnome)
            .Booted(Machines.Fernando);
    }

    private static Machine SetAsideAtBoot()
    {
        var card = GraphicsCard.Rtx4090("01:00", "00:01.1", 14);
        var parts = MachineBoot.Of("set-aside", Am5Board.Functions, Am5Board.Wirings, card with
        {
            Functions = [.. card.Functions.Select(function => function with { Driver = null, DriverOverride = VfioSupport.Driver })],
        });
        return (parts with
        {
            Modules = [.. parts.Modules.Select(module =>
                module.Name.StartsWith("vfio", StringComparison.Ordinal) ? module with { IsBuiltIn = true, Registered = -1 } : module)],
        }).WithDesktop(Desktops.Gnome).WithServices(Desktops.SoundOf(Machines.Fernando)).Booted(Machines.Fernando);
    }

    private static Machine OnStub()
    {
        var machine = ReservedAtBoot.Boot();
        return machine.Change(m => m with
        {
            Devices = [.. m.Devices.Select(device => device.IsOnVfio ? device with { Driver = PlaceholderDrivers.PciStub } : device)],
            Modules = [.. m.Modules.Select(module =>
                module.Name.StartsWith("vfio", StringComparison.Ordinal)
                    ? module with { IsLoaded = false, DynamicIds = [], Registered = 0 }
                    : module),
                new ModuleFile("pci_stub", PlaceholderDrivers.PciStub)
                {
                    IsBuiltIn = true,
                    Registered = -1,
                    DynamicIds = [.. m.ModuleSettings.Ids.Select(id => id with { Driver = PlaceholderDrivers.PciStub })],
                }],
            ModuleSettings = new([], [.. m.ModuleSettings.Ids.Select(id => id with { Driver = PlaceholderDrivers.PciStub })]),
        });
    }
}

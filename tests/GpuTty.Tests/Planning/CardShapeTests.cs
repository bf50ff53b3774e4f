using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Holders;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Planning;

/// <summary>What is a card, on machines where it is not simply a slot, and what a switch of it may do.</summary>
public sealed class CardShapeTests
{
    private static readonly PciAddress s_arc = PciAddress.Parse("03:00.0");
    private static readonly PciAddress s_arcSound = PciAddress.Parse("04:00.0");

    [Fact]
    public void The_sound_of_an_arc_on_another_bus_belongs_to_the_card_and_is_found_by_its_address()
    {
        var host = Snapshot("arc");
        Assert.Equal("03:00.0 04:00.0", Names(Card.FindAt(host, s_arc)!));
        Assert.Equal(s_arc, Card.FindAt(host, s_arcSound)!.Address);
        Assert.Equal("00:02.0", Names(Card.FindAt(host, PciAddress.Parse("00:02.0"))!));
    }

    [Fact]
    public void The_sound_of_an_arc_lets_go_before_its_driver_is_unloaded()
    {
        var steps = Lab.On("arc").Plan(Direction.ToVm, s_arc).Steps;
        var sound = steps.IndexOf(new UnbindDevice(s_arcSound, "snd_hda_intel", "snd_hda_intel"));
        Assert.InRange(sound, 0, steps.IndexOf(steps.OfType<UnloadModule>().First(step => step.Module == "xe")) - 1);
        Assert.Contains(new BindDevice(s_arcSound, VfioSupport.Driver, null), steps);
    }

    [Fact]
    public void An_arc_goes_to_the_virtual_machine_with_its_sound_and_comes_home_with_it()
    {
        var lab = Lab.On("arc");
        lab.Run(Direction.ToVm, s_arc);
        Assert.Equal(Owner.Vfio, lab.OwnerOf(s_arc));
        Assert.Equal("vfio-pci", lab.Device("04:00.0").Driver);
        lab.Run(Direction.ToHost, s_arc);
        Assert.Equal(("xe", "snd_hda_intel"), (lab.Device("03:00.0").Driver, lab.Device("04:00.0").Driver));
    }

    [Fact]
    public void A_driver_shared_with_the_processor_s_graphics_is_unbound_from_an_arc_only_after_its_sound()
    {
        var host = Snapshot("arc");
        host = host with
        {
            Devices = [.. host.Devices.Select(device => device.Driver == "xe" ? device with { Driver = "i915" } : device)],
            Modules = host.Modules.RemoveAll(module => module.Name == "xe"),
        };
        var plan = Ready(host, s_arc, HolderConsent.Terminate);
        Assert.Equal([s_arcSound, s_arc], plan.Steps.OfType<UnbindDevice>().Select(step => step.Device));
    }

    [Fact]
    public void The_processor_s_graphics_with_the_board_s_sound_bound_are_refused_with_that_reason()
    {
        var host = Snapshot("arc");
        var refused = Refusals(host, PciAddress.Parse("00:02.0")).OfType<Obstacle.HeldBySound>().Single();
        Assert.Contains("00:1f.3", refused.Problem, StringComparison.Ordinal);
        var silent = host with
        {
            Devices = [.. host.Devices.Select(device =>
                device.Class.IsSound && device.Address.Bus == 0 ? device with { Driver = null } : device)],
        };
        Assert.DoesNotContain(Refusals(silent, PciAddress.Parse("00:02.0")), obstacle => obstacle is Obstacle.HeldBySound);
    }

    [Fact]
    public void A_sound_driver_is_named_as_what_keeps_the_graphics_driver_loaded()
    {
        var host = Snapshot("arc") with { Holders = [] };
        Assert.Contains("held by snd_hda_intel of 04:00.0", new UnloadModule("xe").PendingReason(host), StringComparison.Ordinal);
    }

    [Fact]
    public void A_switch_with_more_than_the_card_below_is_not_the_card_s_own()
    {
        var host = Snapshot("arc");
        var stranger = host.Find(s_arcSound)! with
        {
            Address = PciAddress.Parse("05:00.0"),
            Id = new PciId(0x1b21, 0x1242),
            Class = new PciClass(0x0c0330),
        };
        Assert.Equal("03:00.0", Names(Card.FindAt(host with { Devices = host.Devices.Add(stranger) }, s_arc)!));
    }

    [Fact]
    public void Parts_of_an_apu_in_groups_of_their_own_stay_on_the_host()
    {
        var lab = Lab.On("apu");
        var card = Assert.Single(Card.FindAll(lab.Look()));
        Assert.Equal("10:00.0 10:00.1", Names(card));
        var result = SwitchPlanner.Plan(lab.Look(), new SwitchIntent(card.Address, Direction.ToVm, EndSessions: true) { SingleGpu = true });
        var plan = Assert.IsType<PlanResult.Ready>(result).Plan;
        Assert.Equal(["10:00.0", "10:00.1"], plan.Steps.OfType<BindDevice>().Select(step => step.Device.ShortName));
    }

    [Fact]
    public void Parts_of_an_apu_in_one_group_with_it_travel_along_and_are_named()
    {
        var host = OneGroup(Snapshot("apu"), "ccp", "xhci_hcd");
        var card = Card.FindAll(host).Single();
        Assert.Equal(6, card.Functions.Length);
        var refused = Refusals(host, card.Address, singleGpu: true).OfType<Obstacle.TravelsAlong>().Single();
        Assert.Contains("10:00.2", refused.Problem, StringComparison.Ordinal);

        var quiet = OneGroup(Snapshot("apu"));
        quiet = quiet with
        {
            Devices = [.. quiet.Devices.Select(device =>
                device.Address.SharesSlotWith(card.Address) && device.Driver is "ccp" or "xhci_hcd"
                    ? device with { Driver = null, Uses = [] }
                    : device)],
        };
        var plan = Assert.IsType<PlanResult.Ready>(SwitchPlanner.Plan(
            quiet,
            new SwitchIntent(card.Address, Direction.ToVm, EndSessions: true, HolderConsent.Terminate) { SingleGpu = true })).Plan;
        Assert.Contains(
            plan.Consequences,
            loss =>
                loss.Text.StartsWith("10:00.6", StringComparison.Ordinal) && loss.Text.Contains("goes along", StringComparison.Ordinal));
    }

    [Fact]
    public void Each_virtual_function_is_a_card_with_a_name_of_its_own()
    {
        var host = Snapshot("virtual-functions");
        Assert.Equal(["00:02", "00:02.1", "00:02.2"], Card.FindAll(host).Select(card => card.Address.SlotName));
        Assert.Equal("0000:00:02.0", CardChoice.Find(host, "00:02").Card!.Address.ToString());
        Assert.Equal("0000:00:02.2", CardChoice.Find(host, "00:02.2").Card!.Address.ToString());
    }

    [Fact]
    public void A_virtual_function_goes_while_a_machine_runs_on_another_and_its_parent_keeps_the_driver()
    {
        var lab = Lab.On("virtual-functions");
        var free = PciAddress.Parse("00:02.2");
        var plan = lab.Plan(Direction.ToVm, free);
        Assert.Equal([free], plan.Steps.OfType<UnbindDevice>().Select(step => step.Device));
        Assert.True(plan.Steps.OfType<AwaitRelease>().Single().HasHappened(lab.Look()));
        lab.Run(Direction.ToVm, free);
        Assert.Equal(Owner.Vfio, lab.OwnerOf(free));
        Assert.Equal("i915", lab.Device("00:02.0").Driver);
    }

    [Fact]
    public void The_parent_of_virtual_functions_is_refused_and_the_machine_on_one_is_named()
    {
        var refused = Refusals(Snapshot("virtual-functions"), PciAddress.Parse("00:02.0"));
        var parent = refused.OfType<Obstacle.HasVirtualFunctions>().Single();
        Assert.Contains("in use by qemu-system-x86", parent.Problem, StringComparison.Ordinal);
        Assert.StartsWith("Shut the virtual machine down first", parent.Remedy, StringComparison.Ordinal);
        Assert.Contains(refused, obstacle => obstacle is Obstacle.OnlyCard);
        Assert.IsType<Obstacle.MachineRunning>(Assert.IsType<PlanResult.Blocked>(SwitchPlanner.Plan(Snapshot("virtual-functions"),
            new SwitchIntent(PciAddress.Parse("00:02.1"), Direction.ToHost))).Obstacles.First(obstacle =>
                obstacle is Obstacle.MachineRunning));
    }

    [Fact]
    public void A_machine_on_a_mediated_device_is_a_holder_of_the_card_that_it_is_in()
    {
        var refused = Refusals(Snapshot("mediated"), PciAddress.Parse("00:02.0"));
        Assert.Contains(refused, obstacle => obstacle is Obstacle.MachineRunning { Holder.Name: "qemu-system-x86" });
        Assert.Contains(
            "/sys/bus/mdev/devices/a297db4a-f4c2-11e6-90f6-d3b88d6c9525/remove",
            refused.OfType<Obstacle.HasMediatedDevices>().Single().Remedy,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Accelerators_are_cards_without_a_picture_to_lose_and_share_their_driver()
    {
        var host = Snapshot("accelerators");
        Assert.Equal(["03:00", "0a:00", "0b:00"], Card.FindAll(host).Select(card => card.Address.SlotName));
        var plan = Ready(host, PciAddress.Parse("0a:00.0"));
        Assert.Contains(plan.Steps, step => step is UnbindDevice { Driver: "amdgpu" });
        Assert.DoesNotContain(plan.Steps, step => step is UnloadModule);
        var blind = host with { Devices = host.Devices.RemoveAll(device => device.Driver == "ast") };
        Assert.DoesNotContain(Refusals(blind, PciAddress.Parse("0a:00.0")), obstacle => obstacle is Obstacle.OnlyCard);
    }

    [Fact]
    public void An_npu_of_the_processor_is_no_card()
    {
        var host = Snapshot("accelerators");
        var npu = host.Find(PciAddress.Parse("0a:00.0"))! with
        {
            Address = PciAddress.Parse("00:0b.0"),
            Id = new PciId(PciId.Intel, 0x7d1d),
            Driver = "intel_vpu",
            Nodes = [],
        };
        Assert.DoesNotContain(Card.FindAll(host with { Devices = host.Devices.Add(npu) }), card => card.Address == npu.Address);
        Assert.StartsWith("00:0b.0 is an accelerator", new Obstacle.NotACard(npu).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_container_is_named_and_once_agreed_stopped_through_its_manager()
    {
        var lab = Lab.On("accelerators");
        var card = PciAddress.Parse("0b:00.0");
        var container = Assert.IsType<Obstacle.InContainer>(Assert.Single(Refusals(lab.Look(), card)));
        Assert.StartsWith("Stop the container: docker stop 3f0c5d1e9a7b", container.Remedy, StringComparison.Ordinal);
        var plan = lab.Plan(Direction.ToVm, card, HolderConsent.Kill);
        Assert.Equal("docker stop 3f0c5d1e9a7b", Assert.Single(plan.Steps.OfType<StopContainer>()).Command());
        Assert.Empty(plan.Steps.OfType<EndProcess>());
        lab.Run(plan);
        Assert.Equal(Owner.Vfio, lab.OwnerOf(card));
    }

    [Fact]
    public void A_pod_is_never_stopped_behind_its_manager_s_back()
    {
        var host = Snapshot("accelerators");
        var pod = host with { Holders = [.. host.Holders.Select(holder => holder with { Container = "kubernetes 3f0c5d1e9a7b" })] };
        var result = Assert.IsType<PlanResult.Blocked>(SwitchPlanner.Plan(
            pod, new SwitchIntent(PciAddress.Parse("0b:00.0"), Direction.ToVm, true, HolderConsent.Kill)));
        Assert.False(Assert.IsType<Obstacle.InContainer>(Assert.Single(result.Obstacles)).CanBeAgreed);
    }

    [Theory]
    [InlineData("lxc 102", "jellyfin.service", "pct shutdown 102")]
    [InlineData("lxc media", null, "lxc-stop -n media")]
    [InlineData("waydroid waydroid", null, "waydroid session stop")]
    [InlineData("incus media", null, "incus stop media")]
    [InlineData("incus home_media", null, "incus stop media --project home")]
    [InlineData("lxd media", null, "lxc stop media")]
    [InlineData("podman 0123456789ab", "user@1000.service", "sudo -u '#1000' XDG_RUNTIME_DIR=/run/user/1000 podman stop 0123456789ab")]
    [InlineData("machine debian", null, "machinectl poweroff debian")]
    [InlineData("machine qemu-3-win-11", null, "virsh -c qemu:///system shutdown 3")]
    [InlineData("machine qemu-3", null, "virsh -c qemu:///system shutdown 3")]
    [InlineData("machine lxc-4-web", null, "virsh -c lxc:///system shutdown 4")]
    [InlineData("machine qemu-embed-0123abcd-3-win11", null, null)]
    [InlineData("kubernetes 0123456789ab", null, null)]
    [InlineData("machine --help", null, null)]
    public void Each_kind_of_container_has_its_own_command(string container, string? unit, string? command) =>
        Assert.Equal(command, ContainerCommand.Stop(container, unit)?.ToString());

    [Fact]
    public void A_unit_of_a_container_is_not_the_unit_of_that_name_on_this_machine()
    {
        var host = Snapshot("desktop");
        var inside = new Holder
        {
            Pid = 4000,
            StartTime = 1,
            Name = "gdm-x",
            Uid = 100000,
            Unit = host.DisplayManager!.Unit.Name.Name,
            Container = "lxc 102",
            Nodes = [new HeldNode("/dev/nvidia0", NodeKind.Nvidia, Machines.Card, null, 5)],
        };
        Assert.Equal(HolderActionKind.StopContainer, HolderAction.Of(inside, host).Kind);
    }

    [Fact]
    public void A_card_of_another_domain_is_found_by_its_short_address_and_not_where_domain_0_has_one()
    {
        var host = Snapshot("desktop");
        var far = host with
        {
            Devices = [.. host.Devices.Select(device =>
                device.Address.SharesSlotWith(Machines.Card) ? device with { Address = device.Address with { Domain = 1 } } : device)],
        };
        foreach (var text in (string[])["01:00.0", "01:00.1", "01:00", "0001:01:00", "0001:01:00.0"])
            Assert.Equal("0001:01:00.0", CardChoice.Find(far, text).Card!.Address.ToString());
        var both = far with { Devices = [.. far.Devices, .. host.Devices.Where(device => device.Address.SharesSlotWith(Machines.Card))] };
        Assert.Equal("0000:01:00.0", CardChoice.Find(both, "01:00.0").Card!.Address.ToString());
        Assert.IsType<Obstacle.SeveralCards>(CardChoice.Find(both, "01:00").Obstacle);
    }

    [Fact]
    public void What_no_program_explains_is_said_before_a_module_is_unloaded()
    {
        var host = Snapshot("desktop");
        var leaking = host with
        {
            Modules = [.. host.Modules.Select(module =>
                module.Name == "nvidia" ? module with { References = module.References + 1 } : module)],
        };
        Assert.DoesNotContain(
            Ready(host, Machines.Card).Consequences, loss => loss.Text.Contains("of unknown origin", StringComparison.Ordinal));
        Assert.Contains(
            Ready(leaking, Machines.Card).Consequences,
            loss => loss.Text.StartsWith("nvidia has 1 reference of unknown origin", StringComparison.Ordinal));
    }

    [Fact]
    public void Before_a_virtual_machine_gets_a_card_the_group_of_its_sound_is_looked_at_too()
    {
        var lab = Lab.On("amd");
        Assert.Equal(Outcome.Switched, lab.Run(Direction.ToVm));
        var (host, check) = (lab.Look(), new CheckGroup(Machines.Card));
        Assert.True(check.HasHappened(host));
        var sound = host.Find(PciAddress.Parse("01:00.1"))!;
        Assert.NotEqual(host.Find(Machines.Card)!.IommuGroup, sound.IommuGroup);

        var stranger = sound with { Address = PciAddress.Parse("07:00.0"), Driver = "nvme", Nodes = [] };
        var shared = host with { Devices = host.Devices.Add(stranger) };
        Assert.False(check.HasHappened(shared));
        Assert.Equal("07:00.0 is bound to nvme", check.PendingReason(shared));

        var early = host with { Devices = [.. host.Devices.Select(device => device == sound ? device with { Nodes = [] } : device)] };
        Assert.Equal("no node below /dev/vfio for 01:00.1 yet", check.PendingReason(early));
        Assert.False(check.HasHappened(host with
        {
            Unknowns = [new Unknown(UnknownFact.IommuGroups, "the group", "It does not answer.") { Of = $"{sound.IommuGroup}" }],
        }));
    }

    private static HostSnapshot Snapshot(string machine) => Machines.Find(machine)!.Machine.Snapshot();

    private static string Names(Card card) => string.Join(' ', card.Functions.Select(function => function.Address.ShortName));

    private static SwitchPlan Ready(HostSnapshot host, PciAddress card, HolderConsent consent = HolderConsent.Never)
    {
        var result = SwitchPlanner.Plan(host, new SwitchIntent(card, Direction.ToVm, EndSessions: true, consent));
        return result is PlanResult.Ready ready
            ? ready.Plan
            : throw new Xunit.Sdk.XunitException(string.Join(
                '\n', ((PlanResult.Blocked)result).Obstacles.Select(obstacle => obstacle.Problem)));
    }

    private static ImmutableArray<Obstacle> Refusals(HostSnapshot host, PciAddress card, bool singleGpu = false) =>
        SwitchPlanner.Plan(
            host, new SwitchIntent(card, Direction.ToVm, EndSessions: true) { SingleGpu = singleGpu }) is PlanResult.Blocked blocked
            ? blocked.Obstacles
            : [];

    private static HostSnapshot OneGroup(HostSnapshot host, params string[] drivers) => host with
    {
        Devices = [.. host.Devices.Select(device =>
            device.Address.SharesSlotWith(PciAddress.Parse("10:00.0")) ? device with { IommuGroup = 28 } : device)],
        Groups = [
            .. host.Groups.Where(group => group.Number is < 28 or > 33),
            new IommuGroup(
                28,
                "DMA-FQ",
                [.. host.Devices
                    .Where(device => device.Address.SharesSlotWith(PciAddress.Parse("10:00.0")))
                    .Select(device => device.Address)],
                []),
        ],
    };
}

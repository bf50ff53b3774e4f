using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Tests.Cli;
using GpuTty.Tests.Linux;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Planning;

/// <summary>Cards that are not given away, each with its reason before the first step.</summary>
public sealed class RefusedTests
{
    private static readonly HostSnapshot s_desktop = Machines.Find("desktop")!.Machine.Snapshot();

    [Fact]
    public void M16_without_vfio_pci_nothing_is_begun()
    {
        var without = s_desktop with { Vfio = new VfioSupport(IsRegistered: false, HasModule: false) };
        Assert.Equal("no-vfio", Codes(without, Direction.ToVm));
        var program = Gputty.On(without);
        Assert.Equal(2, program.Run("switch", "vm", "--yes", "--end-sessions").Code);
        Assert.Empty(program.Host.Calls);

        var late = s_desktop with { Vfio = new VfioSupport(IsRegistered: false, HasModule: true) };
        Assert.Contains(new LoadModule(VfioSupport.Driver), Ready(late, Direction.ToVm).Steps);
        var builtIn = s_desktop with { Vfio = new VfioSupport(IsRegistered: true, HasModule: true) };
        Assert.DoesNotContain(new LoadModule(VfioSupport.Driver), Ready(builtIn, Direction.ToVm).Steps);
    }

    [Theory]
    [InlineData("kernel/drivers/vfio/pci/vfio-pci.ko.xz: kernel/drivers/vfio/vfio.ko.xz\n", null, false, true)]
    [InlineData("kernel/drivers/gpu/drm/drm.ko:\n", null, false, false)]
    [InlineData("kernel/drivers/gpu/drm/drm.ko:\n", "kernel/drivers/vfio/pci/vfio-pci.ko\n", false, true)]
    [InlineData("kernel/drivers/vfio/pci/mlx5/mlx5-vfio-pci.ko:\n", null, false, false)]
    [InlineData(null, null, false, null)]
    [InlineData("kernel/drivers/gpu/drm/drm.ko:\n", null, true, true)]
    public async Task M16_whether_the_kernel_has_vfio_pci_is_known_before_anything_is_loaded(
        string? modules, string? builtIn, bool isRegistered, bool? expected)
    {
        using var machine = new MachineTree().Pci("0000:01:00.0", "030000", "10de:2684").File("proc/sys/kernel/osrelease", "6.12.0-test\n");
        if (modules is not null) machine.File("lib/modules/6.12.0-test/modules.dep", modules);
        if (builtIn is not null) machine.File("lib/modules/6.12.0-test/modules.builtin", builtIn);
        if (isRegistered) machine.Folder("sys/bus/pci/drivers/vfio-pci");
        using var reader = Readers.For(machine);
        Assert.Equal(new VfioSupport(isRegistered, expected), (await reader.ReadAsync(SnapshotSections.Devices, null, default)).Vfio);
    }

    [Theory]
    [InlineData(Direction.ToVm)]
    [InlineData(Direction.ToHost)]
    public void M23_a_card_that_no_longer_answers_is_not_moved_in_either_direction(Direction direction)
    {
        var lab = Lab.On("kept-off");
        if (direction == Direction.ToHost) lab.Run(Direction.ToVm);
        Assert.Equal("off-the-bus", Codes(With(lab.Look(), Machines.Card, card => card with { HeaderType = 0x7f }), direction));
    }

    [Fact]
    public void M24_a_card_with_virtual_functions_is_refused_and_its_functions_are_named()
    {
        var host = With(s_desktop, Machines.Card, card => card with { VirtualFunctions = 16 });
        var refused = Assert.IsType<Obstacle.HasVirtualFunctions>(Assert.Single(Refusals(host, Machines.Card, Direction.ToVm)));
        Assert.Contains("has 16 virtual functions", refused.Problem, StringComparison.Ordinal);
        Assert.Equal(
            "Shut down any virtual machine that uses one; then write 0 to /sys/bus/pci/devices/0000:01:00.0/sriov_numvfs.", refused.Remedy);
    }

    [Fact]
    public void M24_the_primary_card_is_never_guessed_and_not_given_away_once_it_is_the_last()
    {
        var lab = Lab.On("kept-off");
        var primary = Card.FindAll(lab.Look()).Single(card => card.Display.IsBootVga == true);
        Assert.DoesNotContain(CardChoice.Candidates(lab.Look()), card => card.Address == primary.Address);
        lab.Run(Direction.ToVm);
        Assert.Contains(Refusals(lab.Look(), primary.Address, Direction.ToVm), obstacle => obstacle is Obstacle.OnlyCard);
    }

    [Fact]
    public void M24_the_card_that_draws_this_very_terminal_is_refused_where_there_is_no_other_screen()
    {
        var console = s_desktop.Console.Framebuffers[0] with { Device = Machines.Card };
        var host = s_desktop with { Console = s_desktop.Console with { Framebuffers = [console], Shown = console } };
        Assert.Equal(Machines.Card, host.Console.Shown?.Device);
        Assert.Equal("drives-console", Codes(host, Direction.ToVm));
        Assert.Equal("inside-desktop", Codes(Machines.Find("window")!.Machine.Snapshot(), Direction.ToVm));
    }

    [Fact]
    public void O2_what_is_no_endpoint_is_no_card()
    {
        var bridge = s_desktop.Devices.First(device => device.IsBridge);
        Assert.IsType<Obstacle.NotACard>(Assert.Single(Refusals(s_desktop, bridge.Address, Direction.ToVm)));
        foreach (var header in (int[])[1, 2])
        {
            var odd = With(s_desktop, Machines.Card, card => card with { HeaderType = header });
            Assert.DoesNotContain(Card.FindAll(odd).SelectMany(card => card.Functions), function => function.Address == Machines.Card);
            Assert.IsType<Obstacle.NotACard>(Assert.Single(Refusals(odd, Machines.Card, Direction.ToVm)));
        }
    }

    /// <summary>The card has no driver, its neighbour in the group is in a running virtual machine: neither way is open.</summary>
    [Theory]
    [InlineData(Direction.ToVm)]
    [InlineData(Direction.ToHost)]
    public void O2_a_group_of_which_another_virtual_machine_has_a_member_is_refused(Direction direction)
    {
        var free = Machines.Find("shared-group")!.Machine.Snapshot();
        var neighbour = free.Devices.Single(device => device.Class.IsNetwork && device.IommuGroup == 14);
        var node = new DeviceNode("/dev/vfio/14", NodeKind.Vfio, 511, 14);
        free = free with
        {
            Devices = [.. free.Devices.Select(d =>
                d.Address == neighbour.Address
                    ? d with { Driver = VfioSupport.Driver, Nodes = [node] }
                    : d.Address.SharesSlotWith(Machines.Card) ? d with { Driver = null, Nodes = [] } : d)],
            Holders = [],
        };
        Assert.IsType<PlanResult.Ready>(SwitchPlanner.Plan(free, new SwitchIntent(Machines.Card, direction, EndSessions: true)));
        var taken = free with
        {
            Holders = [new Holder
            {
                Pid = 4711,
                StartTime = 1,
                Name = "qemu-system-x86",
                Uid = 64055,
                Nodes = [new HeldNode(node.Path, NodeKind.Vfio, neighbour.Address, null, 20)],
            }],
        };
        Assert.Equal("vm-running", Codes(taken, direction));
    }

    [Fact]
    public async Task O2_a_group_with_a_member_that_is_no_pci_function_is_refused()
    {
        using var machine = new MachineTree()
            .Pci("0000:01:00.0", "030000", "10de:2684")
            .Group(14, "0000:01:00.0")
            .Pci("0000:02:00.0", "030000", "1002:744c")
            .Group(15, "0000:02:00.0")
            .Folder("sys/devices/platform/fd580000.ethernet")
            .Link("sys/kernel/iommu_groups/14/devices/fd580000.ethernet", "sys/devices/platform/fd580000.ethernet");
        using var reader = Readers.For(machine);
        var host = await reader.ReadAsync(SnapshotSections.All, null, default);
        var refused = Assert.Single(Refusals(host, Machines.Card, Direction.ToVm).OfType<Obstacle.NonPciGroupMember>());
        Assert.Contains("fd580000.ethernet", refused.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain(
            Refusals(host, PciAddress.Parse("02:00.0"), Direction.ToVm), obstacle => obstacle is Obstacle.NonPciGroupMember);
    }

    private static HostSnapshot With(HostSnapshot host, PciAddress address, Func<PciDevice, PciDevice> change) =>
        host with { Devices = [.. host.Devices.Select(device => device.Address == address ? change(device) : device)] };

    private static System.Collections.Immutable.ImmutableArray<Obstacle> Refusals(
        HostSnapshot host, PciAddress card, Direction direction) =>
        Assert.IsType<PlanResult.Blocked>(SwitchPlanner.Plan(host, new SwitchIntent(card, direction, EndSessions: true))).Obstacles;

    private static string Codes(HostSnapshot host, Direction direction) =>
        string.Join(' ', Refusals(host, Machines.Card, direction).Select(obstacle => obstacle.Code));

    private static SwitchPlan Ready(HostSnapshot host, Direction direction) =>
        Assert.IsType<PlanResult.Ready>(SwitchPlanner.Plan(host, new SwitchIntent(Machines.Card, direction, EndSessions: true))).Plan;
}

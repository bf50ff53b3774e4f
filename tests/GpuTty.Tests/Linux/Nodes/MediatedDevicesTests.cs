using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;

namespace GpuTty.Tests.Linux.Nodes;

/// <summary>Parts of a card that drivers make for virtual machines, and whose they are.</summary>
public sealed class MediatedDevicesTests
{
    private const string Uuid = "a297db4a-f4c2-11e6-90f6-d3b88d6c9525";
    private static readonly PciAddress s_card = PciAddress.Parse("00:02.0");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_node_of_its_group_belongs_to_the_function_that_it_is_in(bool isLinked)
    {
        using var machine = Machine();
        if (isLinked)
            machine
                .Folder($"sys/devices/pci0000:00/0000:00:02.0/{Uuid}")
                .Link($"sys/bus/mdev/devices/{Uuid}", $"sys/devices/pci0000:00/0000:00:02.0/{Uuid}");
        else machine.Folder($"sys/bus/mdev/devices/{Uuid}");
        var host = await Read(machine);
        var card = host.Find(s_card)!;
        Assert.Equal(Uuid, Assert.Single(card.MediatedDevices));
        Assert.Equal(new DeviceNode("/dev/vfio/21", NodeKind.Vfio, 511, 3), Assert.Single(card.Nodes, node => node.Kind == NodeKind.Vfio));
        var other = host.Find(PciAddress.Parse("01:00.0"))!;
        Assert.Empty(other.MediatedDevices);
        Assert.DoesNotContain(other.Nodes, node => node.Kind == NodeKind.Vfio);
    }

    [Fact]
    public async Task Where_nothing_tells_whose_it_is_it_may_be_any_card_s()
    {
        using var machine = Machine().Folder($"sys/bus/mdev/devices/{Uuid}").File("proc/modules", "mdev 20480 0 - Live 0x0\n");
        var host = await Read(machine);
        Assert.All(host.Devices.Where(device => device.IsGraphics), card => Assert.Single(card.MediatedDevices));
    }

    private static MachineTree Machine() => new MachineTree()
        .Pci("0000:00:02.0", "038000", "8086:9bc5").Driver("0000:00:02.0", "i915", "i915").Group(0, "0000:00:02.0")
        .Pci("0000:01:00.0", "030000", "10de:2504").Driver("0000:01:00.0", "nvidia", "nvidia").Group(1, "0000:01:00.0")
        .Folder($"sys/kernel/iommu_groups/21/devices/{Uuid}").File("sys/class/vfio/21/dev", "511:3\n")
        .File(
            "proc/modules",
            "kvmgt 1 1 - Live 0x0\nmdev 1 2 kvmgt, Live 0x0\ni915 1 12 kvmgt, Live 0x0\nnvidia 1 40 nvidia_modeset, Live 0x0\n");

    private static async Task<HostSnapshot> Read(MachineTree machine)
    {
        using var reader = Readers.For(machine);
        return await reader.ReadAsync(SnapshotSections.Devices, null, default);
    }
}

using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;

namespace GpuTty.Tests.Linux.Nodes;

public sealed class NodesAndUsesTests : IDisposable
{
    private const string Card = "0000:01:00.0";
    private const string Usb = "0000:01:00.2";
    private readonly MachineTree _machine = new MachineTree()
        .Pci(Card, "030000", "10de:2684")
        .Pci("0000:01:00.1", "040300", "10de:22ba")
        .Pci(Usb, "0c0330", "10de:1ad8");

    [Fact]
    public async Task Every_node_below_a_function_is_found_with_its_number()
    {
        _machine.Class("drm", "card1", $"{Card}/drm/card1", "226:1", "dri/card1")
            .Class("drm", "renderD128", $"{Card}/drm/renderD128", "226:128", "dri/renderD128")
            .Class("i2c-dev", "i2c-7", $"{Card}/drm/card1/card1-DP-1/i2c-7/i2c-dev/i2c-7", "89:7")
            .Class("graphics", "fb0", $"{Card}/graphics/fb0", "29:0")
            .Class("sound", "controlC1", "0000:01:00.1/sound/card1/controlC1", "116:9", "snd/controlC1");

        var host = await ReadAsync();

        Assert.Equal(
            [
                new DeviceNode("/dev/dri/card1", NodeKind.Card, 226, 1), new DeviceNode("/dev/dri/renderD128", NodeKind.Render, 226, 128),
                new DeviceNode("/dev/i2c-7", NodeKind.I2c, 89, 7), new DeviceNode("/dev/fb0", NodeKind.Framebuffer, 29, 0),
            ],
            host.Devices[0].Nodes.AsEnumerable());
        Assert.Equal([new DeviceNode("/dev/snd/controlC1", NodeKind.Sound, 116, 9)], host.Devices[1].Nodes.AsEnumerable());
    }

    [Fact]
    public async Task A_screen_of_the_firmware_is_in_the_cards_memory_and_not_its_drivers()
    {
        _machine
            .Class("drm", "card0", $"{Card}/simple-framebuffer.0/drm/card0", "226:0", "dri/card0")
            .Class("graphics", "fb0", $"{Card}/simple-framebuffer.0/graphics/fb0", "29:0")
            .File($"sys/devices/pci0000:00/{Card}/simple-framebuffer.0/graphics/fb0/name", "simpledrmdrmfb\n");

        var host = await ReadAsync();

        Assert.Empty(host.Devices[0].Nodes);
        Assert.Equal(new Framebuffer(0, "simpledrmdrmfb", PciAddress.Parse(Card)), host.Console.Shown);
    }

    [Fact]
    public async Task The_node_of_an_nvidia_card_is_found_by_its_minor()
    {
        _machine
            .Driver(Card, "nvidia", "nvidia")
            .File(
                $"proc/driver/nvidia/gpus/{Card}/information",
                "Model: \t\t NVIDIA RTX\nIRQ:   \t\t 173\nDevice Minor: \t 3\nGPU Excluded:\t No\n");

        Assert.Equal([new DeviceNode("/dev/nvidia3", NodeKind.Nvidia, 195, 3)], (await ReadAsync()).Devices[0].Nodes.AsEnumerable());
    }

    [Fact]
    public async Task Both_nodes_of_vfio_belong_to_every_function_of_the_group()
    {
        foreach (var function in (string[])[Card, "0000:01:00.1"]) _machine.Driver(function, "vfio-pci", "vfio_pci").Group(14, function);
        _machine
            .Group(14, Usb)
            .File("sys/class/vfio/14/dev", "244:0\n")
            .Class("vfio-dev", "vfio0", $"{Card}/vfio-dev/vfio0", "243:0", "vfio/devices/vfio0");

        var host = await ReadAsync();

        Assert.Equal(
            [new DeviceNode("/dev/vfio/14", NodeKind.Vfio, 244, 0), new DeviceNode("/dev/vfio/devices/vfio0", NodeKind.Vfio, 243, 0)],
            host.Devices[0].Nodes.AsEnumerable());
        Assert.Equal([new DeviceNode("/dev/vfio/14", NodeKind.Vfio, 244, 0)], host.Devices[1].Nodes.AsEnumerable());
        Assert.Empty(host.Devices[2].Nodes);
    }

    [Fact]
    public async Task A_monitor_is_called_as_it_calls_itself()
    {
        var edid = new byte[128];
        ((byte[])[0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0x10, 0xac, 0x31, 0x42]).CopyTo(edid, 0);
        _machine
            .Class("drm", "card1-DP-1", $"{Card}/drm/card1/card1-DP-1")
            .File($"sys/devices/pci0000:00/{Card}/drm/card1/card1-DP-1/status", "connected\n");
        _machine.File($"sys/devices/pci0000:00/{Card}/drm/card1/card1-DP-1/edid", edid);
        Assert.Equal("DEL 4231", (await ReadAsync()).Devices[0].Connectors.Single().Monitor);
        ((byte[])[0, 0, 0, 0xfc, 0, .. "DELL U2723QE\n"u8]).CopyTo(edid, 72);
        _machine.File($"sys/devices/pci0000:00/{Card}/drm/card1/card1-DP-1/edid", edid);
        Assert.Equal("DELL U2723QE", (await ReadAsync()).Devices[0].Connectors.Single().Monitor);
        _machine.File($"sys/devices/pci0000:00/{Card}/drm/card1/card1-DP-1/edid", new byte[128]);
        Assert.Null((await ReadAsync()).Devices[0].Connectors.Single().Monitor);
    }

    /// <summary>The kernel tells that something is plugged in before it has read what.</summary>
    [Fact]
    public async Task A_monitor_that_has_just_been_plugged_in_gets_its_name_with_a_later_look()
    {
        var folder = $"sys/devices/pci0000:00/{Card}/drm/card1/card1-DP-1";
        _machine.Class("drm", "card1-DP-1", $"{Card}/drm/card1/card1-DP-1").File($"{folder}/status", "connected\n");
        _machine.File($"{folder}/edid", Array.Empty<byte>());
        using var reader = Readers.For(_machine);
        var first = await reader.ReadAsync(SnapshotSections.Devices, null, default);
        Assert.Null(first.Devices[0].Connectors.Single().Monitor);
        var edid = new byte[128];
        ((byte[])[0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0x10, 0xac, 0x31, 0x42]).CopyTo(edid, 0);
        _machine.File($"{folder}/edid", edid);
        Assert.Equal("DEL 4231", (await reader.ReadAsync(SnapshotSections.Devices, first, default)).Devices[0].Connectors.Single().Monitor);
    }

    [Fact]
    public async Task Monitors_are_told_by_socket()
    {
        foreach (var (name, status) in (ReadOnlySpan<(string, string)>)[
            ("DP-1", "connected"),
            ("HDMI-A-1", "disconnected"),
            ("Writeback-1", "unknown"),
        ])
            _machine
                .Class("drm", $"card1-{name}", $"{Card}/drm/card1/card1-{name}")
                .File($"sys/devices/pci0000:00/{Card}/drm/card1/card1-{name}/status", $"{status}\n");

        Assert.Equal(
            [new Connector("DP-1", true), new Connector("HDMI-A-1", false), new Connector("Writeback-1", null)],
            (await ReadAsync()).Devices[0].Connectors.AsEnumerable());
    }

    [Fact]
    public async Task A_network_card_below_the_default_route_is_vital_also_through_a_bridge()
    {
        _machine.Pci("0000:03:00.0", "020000", "8086:15f3").Pci("0000:04:00.0", "020000", "8086:15f3")
            .Class("net", "enp3s0", "0000:03:00.0/net/enp3s0").Class("net", "enp4s0", "0000:04:00.0/net/enp4s0")
            .Folder("sys/devices/virtual/net/br0").Link("sys/class/net/br0", "sys/devices/virtual/net/br0")
            .Link("sys/devices/pci0000:00/0000:03:00.0/net/enp3s0/upper_br0", "sys/devices/virtual/net/br0")
            .File(
                "proc/net/route",
                "Iface\tDestination\tGateway "
                    + "\tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
                    + "br0\t00000000\t0102A8C0\t0003\t0\t0\t425\t00000000\t0\t0\t0\n"
                    + "enp4s0\t0000A8C0\t00000000\t0001\t0\t0\t425\t00FFFFFF\t0\t0\t0\n");

        var host = await ReadAsync();

        Assert.Equal(new HostUse(HostUseKind.Network, "enp3s0", true), host.Find(PciAddress.Parse("0000:03:00.0"))!.Uses.Single());
        Assert.Equal(new HostUse(HostUseKind.Network, "enp4s0", false), host.Find(PciAddress.Parse("0000:04:00.0"))!.Uses.Single());
    }

    [Fact]
    public async Task A_disk_with_the_root_file_system_is_vital_also_through_encryption()
    {
        _machine
            .Pci("0000:05:00.0", "010802", "144d:a80a")
            .Class("block", "nvme0n1", "0000:05:00.0/nvme/nvme0/nvme0n1")
            .Class("block", "nvme0n1p2", "0000:05:00.0/nvme/nvme0/nvme0n1/nvme0n1p2")
            .Folder("sys/devices/virtual/block/dm-0")
            .Link("sys/class/block/dm-0", "sys/devices/virtual/block/dm-0")
            .Link("sys/devices/pci0000:00/0000:05:00.0/nvme/nvme0/nvme0n1/nvme0n1p2/holders/dm-0", "sys/devices/virtual/block/dm-0")
            .Link("dev/mapper/root", "dev/dm-0")
            .Pci("0000:06:00.0", "010601", "8086:7ae2")
            .Class("block", "sda", "0000:06:00.0/ata1/host0/target0:0:0/0:0:0:0/block/sda")
            .File(
                "proc/self/mountinfo",
                "22 1 253:0 / / rw,relatime shared:1 - ext4 /dev/mapper/root rw\n23 22 0:21 / /proc rw - proc proc rw\n")
            .File("proc/swaps", "Filename\tType\tSize\tUsed\tPriority\n/dev/dm-0 partition 1 0 -2\n");

        var host = await ReadAsync();

        Assert.Equal(
            new HostUse(HostUseKind.Storage, "nvme0n1 (/, swap)", true),
            host.Find(PciAddress.Parse("0000:05:00.0"))!.Uses.Single());
        Assert.Equal(new HostUse(HostUseKind.Storage, "sda", false), host.Find(PciAddress.Parse("0000:06:00.0"))!.Uses.Single());
    }

    /// <summary>Any user may mount a file system of his own and name any disk as its source (fusermount3(1), fsname=).</summary>
    [Fact]
    public async Task A_disk_is_mounted_where_the_kernel_says_so_and_not_where_somebodys_file_system_names_it()
    {
        _machine
            .Pci("0000:05:00.0", "010802", "144d:a80a")
            .Class("block", "nvme0n1", "0000:05:00.0/nvme/nvme0/nvme0n1")
            .File("sys/devices/pci0000:00/0000:05:00.0/nvme/nvme0/nvme0n1/dev", "259:0\n")
            .Pci("0000:06:00.0", "010601", "8086:7ae2")
            .Class("block", "sda", "0000:06:00.0/ata1/host0/target0:0:0/0:0:0:0/block/sda")
            .File("sys/devices/pci0000:00/0000:06:00.0/ata1/host0/target0:0:0/0:0:0:0/block/sda/dev", "8:0\n")
            .Pci("0000:07:00.0", "010601", "8086:7ae2")
            .Class("block", "sdb", "0000:07:00.0/ata2/host1/target1:0:0/1:0:0:0/block/sdb")
            .File("sys/devices/pci0000:00/0000:07:00.0/ata2/host1/target1:0:0/1:0:0:0/block/sdb/dev", "8:16\n")
            .File(
                "proc/self/mountinfo",
                "22 1 0:45 / /home/mallory/x rw,nosuid - fuse.sshfs /dev/nvme0n1 rw\n23 1 0:46 / /home/mallory/y rw - fuse /dev/sda rw\n"
                        + "24 1 8:0 / /data rw - ext4 /dev/nvme0n1 rw\n25 1 0:33 /@ /pool rw - btrfs /dev/sdb rw\n");

        var host = await ReadAsync();

        Assert.Equal(new HostUse(HostUseKind.Storage, "nvme0n1", false), host.Find(PciAddress.Parse("0000:05:00.0"))!.Uses.Single());
        Assert.Equal(new HostUse(HostUseKind.Storage, "sda (/data)", true), host.Find(PciAddress.Parse("0000:06:00.0"))!.Uses.Single());
        Assert.Equal(new HostUse(HostUseKind.Storage, "sdb (/pool)", true), host.Find(PciAddress.Parse("0000:07:00.0"))!.Uses.Single());
    }

    [Fact]
    public async Task Every_disk_of_a_file_system_that_spreads_over_several_is_vital()
    {
        Disk(5, "sda", "8:0");
        Disk(6, "sdb", "8:16");
        Disk(7, "sdc", "8:32");
        Disk(8, "sdd", "8:48");
        Disk(9, "sde", "8:64");
        _machine
            .Folder("sys/fs/btrfs/features")
            .Link("sys/fs/btrfs/0f0f/devices/sda", "sys/class/block/sda")
            .Link("sys/fs/btrfs/0f0f/devices/sdb", "sys/class/block/sdb")
            // Mounted where only a container sees it.
            .Link("sys/fs/btrfs/1e1e/devices/sde", "sys/class/block/sde")
            .File(
                "proc/self/mountinfo",
                "25 1 0:33 /@ /pool rw - btrfs /dev/sda rw\n26 1 0:34 / /media rw - bcachefs /dev/sdc:/dev/sdd rw\n"
                    + "27 1 0:35 / /home/mallory rw - fuse /dev/sda:/dev/sde rw\n");

        Assert.Equal(
            ["sda (/pool)", "sdb (/pool)", "sdc (/media)", "sdd (/media)", "sde (btrfs)"],
            (await VitalAsync()).AsEnumerable());
    }

    [Fact]
    public async Task A_disk_of_ZFS_is_vital_while_ZFS_is_there_and_so_is_one_of_which_udev_tells_nothing()
    {
        Disk(5, "sda", "8:0");
        Disk(6, "sdb", "8:16");
        Disk(7, "sdc", "8:32");
        _machine
            .Class("block", "sda1", "0000:05:00.0/ata1/block/sda/sda1", "8:1")
            .File("run/udev/data/b8:0", "E:ID_PART_TABLE_TYPE=gpt\n")
            .File("run/udev/data/b8:1", "S:disk/by-label/tank\nE:ID_FS_TYPE=zfs_member\nE:ID_FS_USAGE=filesystem\n")
            .File("run/udev/data/b8:16", "E:ID_FS_TYPE=ext4\n");
        Assert.Empty(await VitalAsync());
        _machine.Folder("sys/module/zfs");
        Assert.Equal(["sda (ZFS)", "sdc (perhaps ZFS)"], (await VitalAsync()).AsEnumerable());
    }

    [Fact]
    public async Task A_keyboard_behind_the_cards_usb_port_is_vital_a_mouse_and_a_camera_are_not()
    {
        Product("1-1", "Logitech", "G Pro Keyboard");
        Product("1-2", "Logitech", "M500");
        Product("1-3", null, "HD Webcam");
        Input("1-1", 5, "1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe", "0");
        Input("1-1", 6, "0", "3");
        Input("1-2", 7, "ffff0000 0 0 0 0", "143");

        Assert.Equal(
            [
                new HostUse(HostUseKind.Input, "Logitech G Pro Keyboard (keyboard)", true),
                new HostUse(HostUseKind.Input, "Logitech M500 (pointer)", false),
                new HostUse(HostUseKind.Usb, "HD Webcam", false),
            ],
            (await ReadAsync()).Devices[2].Uses.AsEnumerable());
    }

    public void Dispose() => _machine.Dispose();

    private async Task<HostSnapshot> ReadAsync()
    {
        using var reader = Readers.For(_machine);
        return await reader.ReadAsync(SnapshotSections.Devices | SnapshotSections.Console, null, default);
    }

    private void Disk(int bus, string name, string number) => _machine
        .Pci($"0000:{bus:x2}:00.0", "010601", "8086:7ae2")
        .Class("block", name, $"0000:{bus:x2}:00.0/ata1/block/{name}", number);

    private async Task<IEnumerable<string>> VitalAsync() =>
        (await ReadAsync()).Devices.SelectMany(device => device.Uses).Where(use => use.IsVital).Select(use => use.Name);

    private void Product(string port, string? maker, string product)
    {
        var folder = $"sys/devices/pci0000:00/{Usb}/usb1/{port}";
        _machine
            .File($"{folder}/product", $"{product}\n")
            .File($"{folder}/bDeviceClass", "00\n")
            .Link($"sys/bus/usb/devices/{port}", folder);
        if (maker is not null) _machine.File($"{folder}/manufacturer", $"{maker}\n");
    }

    private void Input(string port, int number, string keys, string relative)
    {
        var where = $"{Usb}/usb1/{port}/{port}:1.0/input/input{number}";
        _machine
            .Class("input", $"input{number}", where)
            .File($"sys/devices/pci0000:00/{where}/capabilities/key", $"{keys}\n")
            .File($"sys/devices/pci0000:00/{where}/capabilities/rel", $"{relative}\n")
            .File($"sys/devices/pci0000:00/{where}/capabilities/abs", "0\n");
    }
}

using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Linux.Pci;

namespace GpuTty.Tests.Linux.Pci;

public sealed class PciFunctionReaderTests : IDisposable
{
    private readonly MachineTree _machine = new();
    private readonly List<Unknown> _unknowns = [];

    [Fact]
    public void A_card_is_read_with_all_that_sysfs_says()
    {
        var config = new byte[64];
        config[0x0e] = 0x80;
        _machine.Pci("0000:01:00.0", "030000", "10de:2684", "pci0000:00/0000:00:01.0")
            .File("sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0/config", config);
        foreach (var (name, text) in (ReadOnlySpan<(string, string)>)
            [
                ("subsystem_vendor", "0x1043\n"),
                ("subsystem_device", "0x889d\n"),
                ("boot_vga", "1\n"),
                ("power_state", "D0\n"),
                ("reset_method", "flr bus\n"),
                ("driver_override", "vfio-pci\n"),
            ])
        {
            _machine.Attribute("0000:01:00.0", name, text, "pci0000:00/0000:00:01.0");
        }
        _machine.Driver("0000:01:00.0", "nvidia", "nvidia", "pci0000:00/0000:00:01.0").Group(14, "0000:01:00.0", "pci0000:00/0000:00:01.0");

        var card = Read().Single();

        Assert.Equal(["flr", "bus"], card.ResetMethods.AsEnumerable());
        Assert.Equal(
            new PciDevice
            {
                Address = new PciAddress(0, 1, 0, 0),
                Class = new PciClass(0x030000),
                Id = new PciId(0x10de, 0x2684, 0x1043, 0x889d),
                Name = "10de:2684",
                Driver = "nvidia",
                DriverOverride = "vfio-pci",
                IommuGroup = 14,
                IsBootVga = true,
                HeaderType = 0,
                PowerState = "D0",
                Parent = PciAddress.Parse("0000:00:01.0"),
                ResetMethods = card.ResetMethods,
            },
            card);
        Assert.Empty(_unknowns);
    }

    [Theory]
    [InlineData("(null)\n")]
    [InlineData("\n")]
    [InlineData("")]
    [InlineData(null)]
    public void An_override_that_is_not_set_is_none(string? text)
    {
        _machine.Pci("0000:01:00.0", "030000", "10de:2684");
        if (text is not null) _machine.Attribute("0000:01:00.0", "driver_override", text);

        Assert.Null(Read().Single().DriverOverride);
    }

    [Fact]
    public void A_driver_is_named_even_where_its_link_leads_nowhere()
    {
        _machine
            .Pci("0000:00:1b.0", "040300", "8086:284b")
            .Link("sys/devices/pci0000:00/0000:00:1b.0/driver", "sys/bus/pci/drivers/HDA Intel");

        Assert.Equal("HDA Intel", Read().Single().Driver);
    }

    [Fact]
    public void M23_a_card_that_fell_off_the_bus_is_told_from_one_whose_config_is_unreadable()
    {
        _machine
            .Pci("0000:01:00.0", "030000", "10de:2684")
            .File("sys/devices/pci0000:00/0000:01:00.0/config", [.. Enumerable.Repeat((byte)0xff, 64)])
            .Pci("0000:02:00.0", "030000", "10de:2684");

        Assert.Equal([true, false], Read().Select(device => device.HasFallenOffTheBus));
    }

    [Fact]
    public void A_sleeping_card_is_not_woken_to_read_what_is_known()
    {
        _machine.Pci("0000:01:00.0", "030000", "10de:2684").Attribute("0000:01:00.0", "power_state", "D3cold\n")
            .File("sys/devices/pci0000:00/0000:01:00.0/config", new byte[64]);
        var reader = new PciFunctionReader(_machine.Root);
        Assert.Null(reader.Read(_ => false, _unknowns).Single().Device.HeaderType);

        _machine.Attribute("0000:01:00.0", "power_state", "D0\n");
        Assert.Equal(0, reader.Read(_ => false, _unknowns).Single().Device.HeaderType);

        _machine
            .Attribute("0000:01:00.0", "power_state", "D3cold\n")
            .File("sys/devices/pci0000:00/0000:01:00.0/config", [.. Enumerable.Repeat((byte)0xff, 64)]);
        Assert.Equal(0, reader.Read(_ => false, _unknowns).Single().Device.HeaderType);
    }

    [Fact]
    public void Virtual_functions_know_their_card_and_the_card_counts_them()
    {
        _machine
            .Pci("0000:08:00.0", "030200", "10de:25b6")
            .Attribute("0000:08:00.0", "sriov_numvfs", "16\n")
            .Pci("0000:08:00.4", "030200", "10de:25b6")
            .Link("sys/devices/pci0000:00/0000:08:00.4/physfn", "sys/devices/pci0000:00/0000:08:00.0");

        var devices = Read();

        Assert.Equal(16, devices[0].VirtualFunctions);
        Assert.Equal(devices[0].Address, devices[1].PhysicalFunction);
    }

    [Fact]
    public void Roots_below_a_platform_device_and_long_domains_are_read_like_others()
    {
        _machine.Pci("0000:01:00.0", "0c0330", "1106:3483", "platform/scb/fd500000.pcie/pci0000:00/0000:00:00.0")
            .Pci("10000:00:04.0", "030000", "1013:00b8", "pci10000:00");

        var devices = Read();

        Assert.Equal(PciAddress.Parse("0000:00:00.0"), devices[0].Parent);
        Assert.Equal((new PciAddress(0x10000, 0, 4, 0), (PciAddress?)null), (devices[1].Address, devices[1].Parent));
    }

    [Fact]
    public void A_device_without_ids_stays_in_the_list_and_is_noted()
    {
        _machine.File("sys/bus/pci/devices/0035:05:00.0/class", "0x030200\n");

        var device = Read().Single();

        Assert.Equal((true, new PciId(0, 0)), (device.Class.IsDisplay, device.Id));
        Assert.Equal("the ids of 0035:05:00.0", Assert.Single(_unknowns).Fact);
    }

    [Fact]
    public void A_machine_without_pci_says_so()
    {
        Assert.Empty(Read());
        Assert.Equal("PCI devices", Assert.Single(_unknowns).Fact);
    }

    [Fact]
    public void A_device_with_a_write_under_way_is_left_alone_and_told_as_last_seen()
    {
        _machine.Pci("0000:01:00.0", "030000", "10de:2684").Driver("0000:01:00.0", "nvidia", "nvidia");
        var reader = new PciFunctionReader(_machine.Root);
        reader.Read(_ => false, _unknowns);
        File.Delete(_machine.At("sys/devices/pci0000:00/0000:01:00.0/driver"));

        Assert.Equal("nvidia", reader.Read(_ => true, _unknowns).Single().Device.Driver);
        Assert.Null(reader.Read(_ => false, _unknowns).Single().Device.Driver);
    }

    /// <summary>Case M7 of the failure matrix: the files that take the device's lock would never answer.</summary>
    [Fact]
    public void Who_looks_for_the_first_time_while_a_write_is_under_way_still_knows_the_device()
    {
        _machine.Pci("0000:01:00.0", "030000", "10de:2684").Attribute("0000:01:00.0", "driver_override", "vfio-pci\n");
        var reader = new PciFunctionReader(_machine.Root);

        var device = reader.Read(_ => true, _unknowns).Single().Device;
        Assert.Equal(
            (true, new PciId(0x10de, 0x2684), null),
            (device.Class.IsDisplay, device.Id with { SubsystemVendor = null, SubsystemDevice = null }, device.DriverOverride));
        Assert.Equal("vfio-pci", reader.Read(_ => false, _unknowns).Single().Device.DriverOverride);
    }

    public void Dispose() => _machine.Dispose();

    private List<PciDevice> Read() =>
        [.. new PciFunctionReader(_machine.Root).Read(_ => false, _unknowns).Select(function => function.Device)];
}

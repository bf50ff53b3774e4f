using GpuTty.Host;

namespace GpuTty.Tests.Linux.Pci;

/// <summary>Drivers that are a part of the kernel have no file that modules.alias could name.</summary>
public sealed class BuiltInDriversTests : IDisposable
{
    private const string Folder = "lib/modules/6.18.0";
    private readonly MachineTree _machine = new MachineTree()
        .Pci("0000:01:00.0", "030000", "1002:744c")
        .Attribute("0000:01:00.0", "modalias", "pci:v00001002d0000744Csv00001043sd0000889Dbc03sc00i00\n")
        .Pci("0000:01:00.1", "040300", "1002:ab30")
        .Pci("0000:01:00.2", "0c0330", "1002:7446")
        .Attribute("0000:01:00.2", "modalias", "pci:v00001002d00007446sv00001043sd0000889Dbc0Csc03i30\n")
        .File("proc/sys/kernel/osrelease", "6.18.0\n")
        .File($"{Folder}/modules.alias", "alias pci:v00001002d0000744Csv*sd*bc*sc*i* amdgpu_next\n");

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task Their_ids_are_read_where_the_kernel_has_written_them()
    {
        _machine.File(
            $"{Folder}/modules.builtin.modinfo",
            "amdgpu.license=GPL and additional rights\0amdgpu.alias=pci:v00001002d*sv*sd*bc03sc00i00*\0amdgpu.alias=i2c:x\0"
                + "xhci-pci.alias=pci:v*d*sv*sd*bc0Csc03i30*\0vfio_pci.alias=vfio_pci:v*d*sv*sd*bc*sc*i*\0");
        var host = await LookAsync();
        // The one that names the product first.
        Assert.Equal(["amdgpu_next", "amdgpu"], host.Devices[0].CandidateModules.AsEnumerable());
        Assert.Equal(["xhci_pci"], host.Devices[2].CandidateModules.AsEnumerable());
    }

    [Fact]
    public async Task One_that_is_there_and_takes_every_function_of_its_kind_is_offered_although_no_list_says_so_and_no_blacklist_bars_it()
    {
        Assert.Empty((await LookAsync()).Devices[2].CandidateModules);
        _machine.Folder("sys/bus/pci/drivers/xhci_hcd").Folder("sys/bus/pci/drivers/snd_hda_intel")
            .File("etc/modprobe.d/no-usb.conf", "blacklist xhci_pci\n");
        var host = await LookAsync();
        Assert.Equal(["snd_hda_intel"], host.Devices[1].CandidateModules.AsEnumerable());
        Assert.Equal(["xhci_pci"], host.Devices[2].CandidateModules.AsEnumerable());
        Assert.Empty(host.Devices[2].BarredModules);
    }

    [Fact]
    public async Task A_list_of_them_that_cannot_be_read_is_not_taken_for_an_empty_one()
    {
        // It leads in a circle, so that not even root can.
        _machine.LinkText($"{Folder}/modules.builtin.modinfo", "modules.builtin.modinfo");
        Assert.Contains(
            (await LookAsync()).Unknowns,
            unknown =>
                unknown.Code == UnknownFact.DeviceModules && unknown.Reason.Contains("modinfo cannot be read", StringComparison.Ordinal));
    }

    private async Task<HostSnapshot> LookAsync()
    {
        using var reader = Readers.For(_machine);
        return await reader.ReadAsync(SnapshotSections.All, null, default);
    }
}

namespace GpuTty.Lab.Driver;

/// <summary>Devices, drivers and groups, as sysfs tells them; the card is at 0000:01:00.</summary>
public sealed class Pci(Shell shell)
{
    public const string HostGpu = "0000:00:02.0";
    public const string Card = "0000:01:00.0";
    public const string CardSound = "0000:01:00.1";
    public const string NoDriver = "(none)";

    public Task<string> DriverOfAsync(string address) =>
        shell.DoAsync($"basename \"$(readlink /sys/bus/pci/devices/{address}/driver || echo '{NoDriver}')\"");

    public Task<string> OverrideOfAsync(string address) => shell.DoAsync($"cat /sys/bus/pci/devices/{address}/driver_override");

    /// <summary>The number of its IOMMU group.</summary>
    public Task<string> GroupOfAsync(string address) =>
        shell.DoAsync($"basename \"$(readlink -e /sys/bus/pci/devices/{address}/iommu_group)\"");

    public async Task<string[]> MembersOfGroupAsync(string group) =>
        (await shell.DoAsync($"ls /sys/kernel/iommu_groups/{group}/devices")).Split('\n');

    public async Task AssertDriverAsync(string address, string driver) =>
        Assert.Equal($"{address}: {driver}", $"{address}: {await DriverOfAsync(address)}");

    /// <summary>Both functions of the card at their own drivers, and no override left behind.</summary>
    public async Task AssertCardIsHomeAsync(string driver = "bochs-drm")
    {
        await AssertDriverAsync(Card, driver);
        await AssertDriverAsync(CardSound, "snd_hda_intel");
        foreach (var function in new[] { Card, CardSound }) Assert.Equal("(null)", await OverrideOfAsync(function));
    }

    /// <summary>Both functions of the card at vfio-pci, its group's node there, and the kernel calls the group viable.</summary>
    public async Task AssertCardIsReadyForVmAsync()
    {
        await AssertDriverAsync(Card, "vfio-pci");
        await AssertDriverAsync(CardSound, "vfio-pci");
        await shell.DoAsync($"vfio-viable {await GroupOfAsync(Card)}");
    }
}

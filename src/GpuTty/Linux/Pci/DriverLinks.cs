using GpuTty.Host.Pci;
using GpuTty.Interop;

namespace GpuTty.Linux.Pci;

/// <summary>Which driver has which function now, by the links in sysfs alone: reading a link takes no lock, so it cannot hang.</summary>
/// <param name="root">Empty on the real machine.</param>
internal sealed class DriverLinks(string root)
{
    /// <summary>A link without a target reads as its last name too: a driver that is going away still counts as bound.</summary>
    public string? DriverOf(PciAddress device)
    {
        try
        {
            return File.ResolveLinkTarget($"{root}/sys/bus/pci/devices/{device}/driver", returnFinalTarget: false)?.Name;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Functions that loading a module may bind.</summary>
    public IEnumerable<PciAddress> WithoutDriver() => Addresses($"{root}/sys/bus/pci/devices").Where(device => DriverOf(device) is null);

    /// <summary>Functions that unloading a module unbinds (/sys/module/NAME/drivers/pci:DRIVER).</summary>
    public IEnumerable<PciAddress> DrivenBy(string module) =>
        SysFiles.Names($"{root}/sys/module/{module.Replace('-', '_')}/drivers")
            .Where(name => name.StartsWith("pci:", StringComparison.Ordinal))
            .SelectMany(name => Addresses($"{root}/sys/bus/pci/drivers/{name["pci:".Length..]}"));

    private static IEnumerable<PciAddress> Addresses(string folder) =>
        SysFiles.Names(folder)
            .Select(name => PciAddress.TryParse(name, out var address) ? address : (PciAddress?)null)
            .OfType<PciAddress>();
}

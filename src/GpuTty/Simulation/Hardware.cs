using System.Collections.Immutable;
using System.Globalization;
using GpuTty.Host.Pci;

namespace GpuTty.Simulation;

/// <summary>Functions of boards and cards, one line each.</summary>
internal static class Hardware
{
    /// <param name="id"><c>10de:2684</c>.</param>
    /// <param name="group">Null for the few functions in no group.</param>
    /// <param name="driver">Bound from the start; null for none.</param>
    /// <param name="modules">What modules.alias offers; the driver's own name where left out.</param>
    public static PciDevice Function(
        string address,
        int kind,
        string id,
        string name,
        int? group,
        string? driver = null,
        params ImmutableArray<string> modules)
    {
        var at = PciAddress.Parse(address);
        return new PciDevice
        {
            Address = at,
            Class = new PciClass(kind << 8),
            Id = Id(id),
            Name = name,
            IommuGroup = group,
            Driver = driver,
            CandidateModules = modules.Length > 0 ? modules : driver is null or "pcieport" ? [] : [KernelModule.Canonical(driver)],
            HeaderType = kind == 0x0604 ? 1 : 0,
            IsBootVga = kind == 0x0300 ? false : null,
            PowerState = "D0",
            ResetMethods = kind >> 8 is 0x03 or 0x02 or 0x01 ? ["flr", "bus"] : kind == 0x0604 ? [] : ["pm"],
        };
    }

    public static PciDevice Bridge(string address, string id, string name, int group) =>
        Function(address, 0x0604, id, name, group, "pcieport");

    /// <summary>Behind a bridge.</summary>
    public static PciDevice Below(this PciDevice device, string parent) => device with { Parent = PciAddress.Parse(parent) };

    /// <summary>What the host does through it.</summary>
    public static PciDevice For(this PciDevice device, HostUseKind kind, string name, bool isVital = false) =>
        device with { Uses = device.Uses.Add(new HostUse(kind, name, isVital)) };

    public static PciDevice AsBootVga(this PciDevice device) => device with { IsBootVga = true };

    private static PciId Id(string id)
    {
        var parts = id.Split(':').Select(part => int.Parse(part, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)).ToArray();
        return new PciId(parts[0], parts[1], parts.Length > 2 ? parts[2] : null, parts.Length > 3 ? parts[3] : null);
    }
}

using System.Text.RegularExpressions;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;

namespace GpuTty.Diagnosis;

/// <summary>Devices of this machine that a rule of udev(7) is about, by what it compares. What is not known here may fit.</summary>
internal static partial class RuleTargets
{
    /// <summary>Functions for whose own events a rule counts: those of the subsystem pci.</summary>
    public static IEnumerable<PciDevice> Functions(HostSnapshot host, UdevRule rule) =>
        !rule.Fits("SUBSYSTEM", "pci") ? []
            : host.Devices.Where(device => !device.IsBridge && Fits(host, rule, device, isNode: false));

    /// <summary>Display functions of whose nodes (card0, renderD128) a rule may be about.</summary>
    public static IEnumerable<PciDevice> Displays(HostSnapshot host, UdevRule rule) =>
        host.Devices.Where(device => device.IsGraphics && Fits(host, rule, device, isNode: true));

    /// <param name="isNode">The rule is about something below the function, whose parent it is.</param>
    private static bool Fits(HostSnapshot host, UdevRule rule, PciDevice device, bool isNode)
    {
        // All that is asked of parents has to be true of the same one (udev-rules.c).
        var parents = rule.Keys.Where(key => key.IsMatch && key.Key is "KERNELS" or "ATTRS" or "DRIVERS" or "SUBSYSTEMS").ToList();
        return rule.Keys
                .Where(key => key.IsMatch && (key.Key == "ENV" || (!isNode && key.Key is "KERNEL" or "ATTR" or "DRIVER" or "DEVPATH")))
                .All(key => Fits(host, key, device))
            && (parents.Count == 0 || Chain(host, device).Any(one => parents.TrueForAll(key => Fits(host, key, one))));
    }

    private static bool Fits(HostSnapshot host, UdevKey key, PciDevice device) =>
        Value(host, key, device)?.ToLowerInvariant() is not { } value
        || key.Value.ToLowerInvariant().Split('|').Any(pattern => Pattern.Fits(pattern, value)) == (key.Operator == "==");

    /// <summary>What a function has there; null where that is not known, or changes.</summary>
    private static string? Value(HostSnapshot host, UdevKey key, PciDevice device) => (key.Key, key.Attribute) switch
    {
        ("KERNEL" or "KERNELS", _) => $"{device.Address}",
        ("SUBSYSTEMS", _) => "pci",
        ("DRIVER" or "DRIVERS", _) => device.IsReserved ? null : device.Driver,
        ("DEVPATH", _) => Path(host, device),
        ("ATTR" or "ATTRS", "vendor") => $"0x{device.Id.Vendor:x4}",
        ("ATTR" or "ATTRS", "device") => $"0x{device.Id.Device:x4}",
        ("ATTR" or "ATTRS", "subsystem_vendor") => device.Id.SubsystemVendor is { } vendor ? $"0x{vendor:x4}" : null,
        ("ATTR" or "ATTRS", "subsystem_device") => device.Id.SubsystemDevice is { } product ? $"0x{product:x4}" : null,
        ("ATTR" or "ATTRS", "class") => $"0x{device.Class.Code:x6}",
        ("ENV", "PCI_ID") => $"{device.Id}",
        ("ENV", "PCI_CLASS") => $"{device.Class.Code:x}",
        ("ENV", "PCI_SLOT_NAME") => $"{device.Address}",
        // Of a path through several devices the last one counts: drm-pci-0000_01_00_0.
        ("ENV", "ID_PATH" or "ID_PATH_TAG" or "ID_FOR_SEAT")
            when !key.Value.Contains('|', StringComparison.Ordinal) && Places().Matches(key.Value) is [.., var last] =>
            Plain(last.Value) == Plain($"pci-{device.Address}") ? key.Value : "",
        _ => null,
    };

    private static string Plain(string path) => path.Replace(':', '_').Replace('.', '_');

    private static string Path(HostSnapshot host, PciDevice device)
    {
        var chain = Chain(host, device).Reverse().ToList();
        return $"/devices/pci{chain[0].Address.Domain:x4}:{chain[0].Address.Bus:x2}/{string.Join('/', chain.Select(one => one.Address))}";
    }

    /// <summary>A function and the bridges above it, which udev takes for its parents.</summary>
    private static IEnumerable<PciDevice> Chain(HostSnapshot host, PciDevice device)
    {
        // As deep as a bus number allows: links may lead in a circle.
        var one = device;
        for (var depth = 0; one is not null && depth < 256; depth++)
        {
            yield return one;
            one = one.Parent is { } parent ? host.Find(parent) : null;
        }
    }

    [GeneratedRegex(@"pci-[0-9a-f]{4}[:_][0-9a-f]{2}[:_][0-9a-f]{2}[._][0-7]", RegexOptions.CultureInvariant)]
    private static partial Regex Places();
}

using System.Globalization;
using GpuTty.Host;
using GpuTty.Interop;

namespace GpuTty.Linux.Kernel;

/// <summary>What kind of machine this is, from what costs little to read: the
/// processor, DMI, the device tree, and Xen's and WSL's own marks.</summary>
internal static class MachineFacts
{
    /// <summary>A machine of a thousand processors has less than this.</summary>
    private const int LongestCpuinfo = 16 * 1024 * 1024;

    /// <summary>XENFEAT_dom0 of Xen's features.h, a bit of /sys/hypervisor/properties/features.</summary>
    private const int ControlDomainBit = 11;

    public static MachineKind Read(FileSystemRoot root)
    {
        var processor = (SysFiles.Text(root.Proc("cpuinfo"), LongestCpuinfo) ?? "").Split("\n\n")[0].Split('\n');
        return new MachineKind(Maker(processor), PlatformOf(root, processor), ChassisOf(root));
    }

    private static ProcessorMaker Maker(string[] processor) => Value(processor, "vendor_id") switch
    {
        "GenuineIntel" => ProcessorMaker.Intel,
        "AuthenticAMD" or "HygonGenuine" => ProcessorMaker.Amd,
        not null => ProcessorMaker.Other,
        _ => Value(processor, "CPU implementer") is not null ? ProcessorMaker.Arm
            : Value(processor, "isa") is not null || Value(processor, "cpu") is not null ? ProcessorMaker.Other : ProcessorMaker.Unknown,
    };

    private static Platform PlatformOf(FileSystemRoot root, string[] processor)
    {
        if (KernelFacts.Release(root).Contains("microsoft", StringComparison.OrdinalIgnoreCase)) return Platform.Wsl;
        if (SysFiles.Word(root.Sys("hypervisor/type")) == "xen") return UnderXen(root);
        if (Value(processor, "flags") is { } flags) return flags.Split(' ').Contains("hypervisor") ? Platform.Guest : Platform.Hardware;
        var vendor = SysFiles.Word(root.Sys("class/dmi/id/sys_vendor"));
        if (SysFiles.Exists(root.Proc("device-tree/hypervisor")) || vendor is "QEMU" or "KVM" or "VMware, Inc.") return Platform.Guest;
        return vendor is not null || SysFiles.Exists(root.Proc("device-tree")) ? Platform.Hardware : Platform.Unknown;
    }

    private static Platform UnderXen(FileSystemRoot root) =>
        long.TryParse(SysFiles.Word(root.Sys("hypervisor/properties/features")), NumberStyles.AllowHexSpecifier, null, out var features)
            ? (features & (1L << ControlDomainBit)) != 0 ? Platform.XenControlDomain : Platform.Guest
        : SysFiles.Word(root.Proc("xen/capabilities")) is { } capabilities
            ? capabilities.Contains("control_d", StringComparison.Ordinal) ? Platform.XenControlDomain : Platform.Guest
        : Platform.Unknown;

    /// <summary>DMTF DSP0134, table of enclosure types; on boards with a device tree its property chassis-type.</summary>
    private static Chassis ChassisOf(FileSystemRoot root) =>
        int.TryParse(SysFiles.Word(root.Sys("class/dmi/id/chassis_type")), NumberStyles.None, null, out var type) ? type switch
        {
            8 or 9 or 10 or 11 or 12 or 14 or 30 or 31 or 32 => Chassis.Portable,
            13 or 33 or 34 or 35 or 36 => Chassis.Compact,
            3 or 4 or 6 or 7 or 24 => Chassis.Desktop,
            17 or 23 or 25 or 28 or 29 => Chassis.Server,
            _ => Chassis.Unknown,
        }
        : SysFiles.Text(root.Proc("device-tree/chassis-type"), 100)?.TrimEnd('\0') switch
        {
            "laptop" or "convertible" or "tablet" or "handset" => Chassis.Portable,
            "desktop" => Chassis.Desktop,
            "server" => Chassis.Server,
            "embedded" => Chassis.Compact,
            _ => Chassis.Unknown,
        };

    /// <summary>A line of the first processor's: <c>name : value</c>.</summary>
    private static string? Value(string[] processor, string name) =>
        processor.Select(line => line.Split(':', 2)).FirstOrDefault(parts => parts.Length == 2 && parts[0].Trim() == name)?[1].Trim();
}

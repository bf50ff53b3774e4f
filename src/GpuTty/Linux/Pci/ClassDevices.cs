using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Interop;

namespace GpuTty.Linux.Pci;

/// <summary>What drivers offer through /sys/class, by the PCI function it hangs below.</summary>
internal static class ClassDevices
{
    /// <summary>Long lists that never lead to a PCI function's character device; and batteries, whose uevent asks the hardware, which
    /// may be a mouse that sleeps (power_supply_sysfs.c).</summary>
    private static readonly string[] s_skipped =
    [
        "bdi", "cpuid", "devlink", "mem", "msr", "pci_bus", "power_supply", "regulator", "thermal", "vc", "wakeup",
    ];

    public static ImmutableArray<ClassDevice> Read(FileSystemRoot root, List<Unknown> unknowns)
    {
        var devices = ImmutableArray.CreateBuilder<ClassDevice>();
        // Nodes and uses are found through these, so neither is known where a class cannot be listed.
        var files = new PartFiles(unknowns, UnknownFact.DeviceNodes, "device nodes");
        foreach (var kind in files.Names(root.Sys("class")).Except(s_skipped))
        {
            var folder = root.Sys($"class/{kind}");
            foreach (var (name, link) in files.Links(folder))
            {
                // Most lead to nothing below a function: consoles, disks in memory, sensors.
                if (PciPath.Owner(link) is not null && SysFiles.Target(folder, link) is { } path && PciPath.Owner(path) is { } owner)
                    devices.Add(new ClassDevice(kind, name, path, owner));
            }
        }
        return devices.ToImmutable();
    }
}

/// <summary>One entry of a class, e.g. class <c>drm</c>, name <c>card1-HDMI-A-1</c>.</summary>
/// <param name="Path">Its folder below /sys/devices.</param>
internal sealed record ClassDevice(string Class, string Name, string Path, PciAddress Owner);

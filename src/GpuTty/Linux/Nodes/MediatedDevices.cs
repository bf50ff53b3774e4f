using System.Collections.Immutable;
using System.Globalization;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux.Pci;
using GpuTty.Text;

namespace GpuTty.Linux.Nodes;

/// <summary>A device that a driver has made inside a PCI function for a virtual
/// machine (/sys/bus/mdev; driver-api/vfio-mediated-device.rst).</summary>
/// <param name="Parents">The function it is in; several where that is unknown: then each of them may be it.</param>
/// <param name="Group">Its own IOMMU group, whose node /dev/vfio/N a virtual
/// machine opens; null where it has none, as with a vfio character device.</param>
internal sealed record MediatedDevice(string Uuid, ImmutableArray<PciAddress> Parents, int? Group);

/// <summary>Mediated devices of Intel GVT-g and NVIDIA vGPU, and their nodes.</summary>
internal static class MediatedDevices
{
    public static ImmutableArray<MediatedDevice> Read(FileSystemRoot root, IReadOnlyCollection<PciFunction> functions)
    {
        var folder = root.Sys("bus/mdev/devices");
        var names = SysFiles.Names(folder);
        return names.IsEmpty ? [] : [.. names.Select(name => Read(root, folder, name, functions))];
    }

    /// <summary>The group's node holds the function that the device is in.</summary>
    public static IEnumerable<(PciAddress Owner, DeviceNode? Node)> Nodes(FileSystemRoot root, IEnumerable<MediatedDevice> devices) =>
        from device in devices
        where device.Group is not null
        let number = DriverNodes.ParseNumber(SysFiles.Word(root.Sys($"class/vfio/{device.Group}/dev")))
        where number is not null
        from parent in device.Parents
        select (parent, (DeviceNode?)new DeviceNode($"/dev/vfio/{device.Group}", NodeKind.Vfio, number.Value.Major, number.Value.Minor));

    private static MediatedDevice Read(FileSystemRoot root, string folder, string name, IReadOnlyCollection<PciFunction> functions)
    {
        var owner = SysFiles.Target(folder, SysFiles.Link($"{folder}/{name}")) is { } path ? PciPath.Owner(path) : null;
        return new MediatedDevice(
            Visible.Text(name, 80),
            owner is { } parent ? [parent] : Suspects(root, functions),
            GroupOf(root, $"{folder}/{name}", name));
    }

    private static int? GroupOf(FileSystemRoot root, string path, string name)
    {
        var told = SysFiles.LastPart(SysFiles.Link($"{path}/iommu_group"))
            ?? SysFiles.Names(root.Groups).FirstOrDefault(group => SysFiles.Exists($"{root.Groups}/{group}/devices/{name}"));
        return int.TryParse(told, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    /// <summary>Functions that can have such devices: they say so, or a module stands on their
    /// driver and on mdev, or no more is known than that they are graphics.</summary>
    private static ImmutableArray<PciAddress> Suspects(FileSystemRoot root, IReadOnlyCollection<PciFunction> functions)
    {
        var bound = functions
            .Select(function => function.Device)
            .Where(device => device is { Driver: not null, IsOnVfio: false } && device.IsGraphics)
            .ToList();
        var able = bound.Where(device => SysFiles.Exists($"{root.PciDevices}/{device.Address}/mdev_supported_types")).ToList();
        if (able.Count == 0)
        {
            var users = SysFiles.Lines(root.Proc("modules"))
                .Select(line => line.Split(' '))
                .Where(fields => fields.Length > 3)
                .ToLookup(fields => fields[0], fields => fields[3].Split(',', StringSplitOptions.RemoveEmptyEntries))
                .ToDictionary(module => module.Key, module => module.First());
            var middle = users.GetValueOrDefault("mdev", []).Where(user => user != "-").ToHashSet();
            able = bound
                .Where(device =>
                    ModuleOf(root, device.Driver!) is { } module
                    && (middle.Contains(module) || users.GetValueOrDefault(module, []).Any(middle.Contains)))
                .ToList();
        }
        return [.. (able.Count > 0 ? able : bound).Select(device => device.Address)];
    }

    private static string? ModuleOf(FileSystemRoot root, string driver) =>
        SysFiles.LastPart(SysFiles.Link($"{root.PciDrivers}/{driver}/module"));
}

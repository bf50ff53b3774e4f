using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux.Desktop;
using GpuTty.Linux.Pci;
using GpuTty.Linux.Systemd;
using GpuTty.Text;

namespace GpuTty.Linux.Nodes;

/// <summary>Character devices below each function, by their <c>dev</c> files;
/// plus those of nvidia and of vfio groups, which are elsewhere.</summary>
internal static class DeviceNodes
{
    /// <param name="unknowns">Gets what is unknown.</param>
    public static ILookup<PciAddress, DeviceNode> Read(
        FileSystemRoot root,
        IReadOnlyCollection<ClassDevice> classes,
        IReadOnlyCollection<PciFunction> functions,
        IEnumerable<MediatedDevice> mediated,
        List<Unknown> unknowns) =>
        classes.Where(entry => entry.Class is not ("block" or "net"))
            .Select(entry => (entry.Owner, Node: Read(root, entry, unknowns)))
            .Concat(functions.Select(function =>
                (Owner: function.Device.Address, Node: function.NvidiaMinor is { } minor ? NvidiaNodes.OfCard(minor) : null)))
            .Concat(OfGroups(root, classes, functions))
            .Concat(MediatedDevices.Nodes(root, mediated))
            .Where(found => found.Node is not null)
            .ToLookup(found => found.Owner, found => found.Node!);

    public static ImmutableArray<DeviceNode> Sorted(IEnumerable<DeviceNode> nodes) =>
        [.. nodes.Distinct().OrderBy(node => node.Kind).ThenBy(node => node.Path, StringComparer.Ordinal)];

    private static DeviceNode? Read(FileSystemRoot root, ClassDevice entry, List<Unknown> unknowns)
    {
        var uevent = KeyValues.Parse(SysFiles.Text($"{entry.Path}/uevent", 64 * 1024) ?? "").FirstOrDefault();
        var number = DriverNodes.ParseNumber(SysFiles.Word($"{entry.Path}/dev"))
            ?? DriverNodes.ParseNumber($"{uevent?.GetValueOrDefault("MAJOR")}:{uevent?.GetValueOrDefault("MINOR")}");
        if (number is not { } known) return null;
        var kind = Kind(entry);
        var seat = kind != NodeKind.Card ? (IsOnSeat: null, IsOffByRule: false) : SeatRuleReader.SeatOf(root, known.Major, known.Minor,
            new PartFiles(unknowns, UnknownFact.SeatTags, $"whether desktops are offered {entry.Owner.ShortName}", $"{entry.Owner}"));
        return new DeviceNode($"/dev/{NameBelowDev(entry, uevent?.GetValueOrDefault("DEVNAME"))}", kind, known.Major, known.Minor)
        {
            IsOnSeat = seat.IsOnSeat,
            IsOffSeatByRule = seat.IsOffByRule,
            Owner = kind == NodeKind.Vfio ? OwnerOf(root, $"vfio/devices/{Visible.Text(entry.Name, 200)}") : null,
        };
    }

    /// <summary>A vfio group's node belongs to every member that vfio has, be it under a driver of another name.</summary>
    private static IEnumerable<(PciAddress Owner, DeviceNode? Node)> OfGroups(
        FileSystemRoot root, IReadOnlyCollection<ClassDevice> classes, IReadOnlyCollection<PciFunction> functions)
    {
        var registered = classes.Where(entry => entry.Class == "vfio-dev").Select(entry => entry.Owner).ToHashSet();
        return
            from @group in functions.Where(function => function.Device.IommuGroup is not null).GroupBy(f => f.Device.IommuGroup!.Value)
            from name in (string[])[$"{@group.Key}", $"noiommu-{@group.Key}"]
            let number = DriverNodes.ParseNumber(SysFiles.Word(root.Sys($"class/vfio/{name}/dev")))
            where number is not null
            from device in OnVfio([.. @group.Select(function => function.Device)], registered)
            select (
                device.Address,
                (DeviceNode?)new DeviceNode($"/dev/vfio/{name}", NodeKind.Vfio, number.Value.Major, number.Value.Minor)
                {
                    Owner = OwnerOf(root, $"vfio/{name}"),
                });
    }

    /// <summary>Those on vfio's own drivers, and those that another driver has registered with vfio, as NVIDIA's does for a virtual
    /// function with a vGPU: each has a folder vfio-dev since Linux 6.1. Where none is either, each with a driver may be the one for
    /// which the group's node is there.</summary>
    private static IEnumerable<PciDevice> OnVfio(List<PciDevice> members, HashSet<PciAddress> registered)
    {
        var sure = members.Where(device => device.IsOnVfio || registered.Contains(device.Address)).ToList();
        return sure.Count > 0 ? sure : members.Where(device => device is { Driver: not null, IsBridge: false });
    }

    /// <summary>Null where there is no such node.</summary>
    /// <param name="name">Below /dev.</param>
    public static NodeOwner? OwnerOf(FileSystemRoot root, string name) =>
        SysFiles.Stat(root.Dev(name)) is { } facts ? new NodeOwner((int)facts.Uid, (int)facts.Gid, facts.Mode & 0b111_111_111) : null;

    /// <summary>DEVNAME of uevent, without /dev/; where it is missing, the kernel's custom for the class.</summary>
    private static string NameBelowDev(ClassDevice entry, string? name)
    {
        if (name?.StartsWith("/dev/", StringComparison.Ordinal) == true) name = name["/dev/".Length..];
        if (!string.IsNullOrEmpty(name) && !name.Contains("..", StringComparison.Ordinal)) return Visible.Text(name, 200);
        var folder = entry.Class switch { "drm" => "dri/", "sound" => "snd/", "input" => "input/", "vfio-dev" => "vfio/devices/", _ => "" };
        return folder + Visible.Text(entry.Name, 200);
    }

    private static NodeKind Kind(ClassDevice entry) => entry.Class switch
    {
        "drm" when entry.Name.StartsWith("renderD", StringComparison.Ordinal) => NodeKind.Render,
        "drm" when entry.Name.StartsWith("card", StringComparison.Ordinal) => NodeKind.Card,
        "sound" => NodeKind.Sound,
        "i2c-dev" => NodeKind.I2c,
        "graphics" => NodeKind.Framebuffer,
        "vfio-dev" => NodeKind.Vfio,
        _ => NodeKind.Other,
    };
}

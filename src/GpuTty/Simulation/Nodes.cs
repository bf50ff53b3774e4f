using System.Collections.Immutable;
using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;

namespace GpuTty.Simulation;

/// <summary>What functions show below /dev, following from drivers and modules. Numbers are the lowest free ones, so they move.</summary>
internal static class Nodes
{
    /// <param name="machine">After a change.</param>
    /// <param name="firstCard">1 while firmware's framebuffer still has card0, as at boot.</param>
    public static Machine Settle(Machine machine, int firstCard = 0)
    {
        var settled = machine.Fold(machine.Devices, (m, device) => m.With(Trimmed(m, device)));
        settled = settled.Fold(machine.Devices, (m, device) => m.With(Grown(m, m.Find(device.Address)!, firstCard)));
        return SeatVerbs.Tagged(Consoles(Deleted(settled)));
    }

    public static bool HasDrm(Machine machine, PciDevice device) => device.IsGraphics && device.Driver switch
    {
        "nvidia" => machine.IsLoaded("nvidia_drm"),
        null => false,
        var driver => !VfioSupport.IsVfioDriver(driver),
    };

    /// <summary>The module that an open node pins (drm_drv.c, i2c-dev.c): for nvidia's DRM nodes it is not the driver's own.</summary>
    public static string? PinnedBy(Machine machine, PciDevice device, NodeKind kind) =>
        device.Driver is not { } driver ? null
        : driver == "nvidia" && kind is NodeKind.Card or NodeKind.Render or NodeKind.Framebuffer ? "nvidia_drm"
        : machine.FindDriver(driver) is { IsBuiltIn: false } module ? module.Name : null;

    private static int Wanted(Machine machine, PciDevice device, NodeKind kind) => kind switch
    {
        NodeKind.Card or NodeKind.Render => HasDrm(machine, device) ? 1 : 0,
        // No socket, no picture.
        NodeKind.Framebuffer => HasDrm(machine, device) && device is { Class.IsDisplay: true, PhysicalFunction: null } ? 1 : 0,
        NodeKind.Nvidia => device.Driver == "nvidia" ? 1 : 0,
        NodeKind.Sound => device.Driver == "snd_hda_intel" ? 1 + machine.WiringOf(device.Address).Playback.Length : 0,
        NodeKind.I2c => HasDrm(machine, device) || device.Driver == "nvidia-gpu" ? machine.WiringOf(device.Address).I2cBuses : 0,
        NodeKind.Vfio => VfioGroup(device) is null ? 0 : 1,
        _ => 0,
    };

    /// <summary>A mediated device has a group of its own, beyond those of the functions.</summary>
    private static int? VfioGroup(PciDevice device) => device.IsOnVfio ? device.IommuGroup
        : device is { MediatedDevices.Length: > 0, Driver: not null } ? 100 + device.IommuGroup : null;

    private static PciDevice Trimmed(Machine machine, PciDevice device) => device with
    {
        Nodes = [.. device.Nodes.Where(node => Wanted(machine, device, node.Kind) > 0)],
        Connectors = HasDrm(machine, device) ? machine.WiringOf(device.Address).Connectors : [],
    };

    private static PciDevice Grown(Machine machine, PciDevice device, int firstCard)
    {
        var missing = Enum.GetValues<NodeKind>()
            .Where(kind => Wanted(machine, device, kind) > 0 && !device.Nodes.Any(node => node.Kind == kind))
            .SelectMany(kind => Made(machine, device, kind, firstCard));
        return device with { Nodes = device.Nodes.AddRange(missing) };
    }

    private static IEnumerable<DeviceNode> Made(Machine machine, PciDevice device, NodeKind kind, int firstCard)
    {
        var taken = machine.Devices.SelectMany(d => d.Nodes).Where(node => node.Kind == kind).Select(node => node.Minor).ToHashSet();
        int Free(int from, int step = 1) => Enumerable.Range(0, 256).Select(i => from + (i * step)).First(minor => !taken.Contains(minor));
        switch (kind)
        {
            case NodeKind.Card: return [new($"/dev/dri/card{Free(firstCard)}", kind, 226, Free(firstCard))];
            case NodeKind.Render: return [new($"/dev/dri/renderD{Free(128)}", kind, 226, Free(128))];
            case NodeKind.Framebuffer: return [new($"/dev/fb{Free(0)}", kind, 29, Free(0))];
            case NodeKind.Nvidia: return [new($"/dev/nvidia{Free(0)}", kind, 195, Free(0))];
            case NodeKind.I2c:
                return Enumerable.Range(Free(0), Wanted(machine, device, kind)).Select(n => new DeviceNode($"/dev/i2c-{n}", kind, 89, n));
            case NodeKind.Sound: return Sound(Free(0, 32) / 32, machine.WiringOf(device.Address).Playback);
            case NodeKind.Vfio: return [new($"/dev/vfio/{VfioGroup(device)}", kind, 243, VfioGroup(device)!.Value)];
            default: return [];
        }
    }

    private static IEnumerable<DeviceNode> Sound(int card, ImmutableArray<int> playback) =>
    [
        new($"/dev/snd/controlC{card}", NodeKind.Sound, 116, card * 32),
        .. playback.Select((number, i) => new DeviceNode($"/dev/snd/pcmC{card}D{number}p", NodeKind.Sound, 116, (card * 32) + 16 + i)),
    ];

    /// <summary>A descriptor outlives its node: /proc shows it as deleted, and the module stays pinned.</summary>
    private static Machine Deleted(Machine machine)
    {
        OpenNode Mark(OpenNode open) =>
            open.Node.Device is not { } address || machine.Find(address)!.Nodes.Any(node => node.Path == open.Node.Path) ? open
            : open with { Node = open.Node with { Path = $"{open.Node.Path} (deleted)", Device = null, Module = open.Pins } };
        return machine with
        {
            Processes = [.. machine.Processes.Select(process => process with { Open = [.. process.Open.Select(Mark)] })],
        };
    }

    private static Machine Consoles(Machine machine)
    {
        var shown = machine.Devices
            .SelectMany(device => device.Nodes.Where(node => node.Kind == NodeKind.Framebuffer)
                .Select(node => new Framebuffer(node.Minor, NameOf(device.Driver!), device.Address)))
            .OrderBy(fb => fb.Index)
            .ToImmutableArray();
        var console = shown.Any(fb => fb.Index == machine.Console && machine.Framebuffers.Contains(fb)) ? machine.Console
            : shown.Length > 0 ? shown[0].Index : (int?)null;
        return machine with { Framebuffers = shown, Console = console };
    }

    private static string NameOf(string driver) => driver == "nvidia" ? "nvidia-drmdrmfb" : $"{driver}drmfb";
}

using GpuTty.Host.Pci;
using GpuTty.Planning.Groups;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Panels;

/// <summary>What is worth saying about a PCI function, in words.</summary>
internal static class DeviceText
{
    /// <summary>What people call it: pci.ids puts a card's product name into brackets
    /// behind the chip's, and the vendor's nickname behind the vendor.</summary>
    public static string ShortName(PciDevice device)
    {
        var name = device.Name;
        if (device.IsGraphics && name.EndsWith(']') && name.LastIndexOf('[') is var open and >= 0) return name[(open + 1)..^1];
        var vendor = name.IndexOf("] ", StringComparison.Ordinal);
        return vendor < 0 ? name : name[(vendor + 2)..].Trim();
    }

    public static Label Driver(PciDevice device) => device switch
    {
        { IsOnVfio: true } => new Label(device.Driver!, Theme.Good),
        { Driver: { } driver } => driver,
        { IsBridge: true } or { Class.IsBridge: true } => "",
        { IsMeantWithoutDriver: true } => "no driver",
        _ => new Label("no driver", Theme.Warn),
    };

    public static Label Owner(Card card) => card.Owner switch
    {
        Host.Pci.Owner.HostDriver => "on the host",
        Host.Pci.Owner.Vfio => new Label("for the VM", Theme.Good),
        Host.Pci.Owner.Nobody => new Label("no driver", Theme.Warn),
        Host.Pci.Owner.Reserved => new Label("reserved", Theme.Warn),
        _ => new Label("halfway", Theme.Bad),
    };

    public static Label Verdict(GroupVerdict verdict) => new(verdict.InBrief, verdict.State switch
    {
        GroupState.Isolated or GroupState.WithVm => Theme.Good,
        GroupState.BridgesOnly => Theme.Plain,
        _ => Theme.Warn,
    });
}

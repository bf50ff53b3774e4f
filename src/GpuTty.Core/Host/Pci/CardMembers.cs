using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace GpuTty.Host.Pci;

/// <summary>
/// Which functions are one card. The slot alone does not tell: the slot of an AMD APU also holds
/// the processor's USB, PSP and sound, which stay on the host where they have IOMMU groups of
/// their own; and the sound of an Intel Arc sits on another bus, behind the switch on the card.
/// </summary>
internal static class CardMembers
{
    public static ImmutableArray<PciDevice> Of(PciDevice[] devices, PciDevice display)
    {
        if (display.PhysicalFunction is not null) return [display];
        var slot = devices
            .Where(other => other.Address.SharesSlotWith(display.Address) && other.PhysicalFunction is null && !other.IsBridge)
            .ToList();
        var groups = slot.Where(other => IsOwn(display, other) && other.IommuGroup is not null)
            .Select(other => other.IommuGroup)
            .ToHashSet();
        return
        [
            .. slot.Where(other => IsOwn(display, other) || groups.Contains(other.IommuGroup))
                .Concat(SoundBehindItsSwitch(ImmutableCollectionsMarshal.AsImmutableArray(devices), display))
                .OrderBy(other => other.Address),
        ];
    }

    /// <summary>Parts of the graphics carry its maker's id (ATI's for AMD), parts of the processor another one (AMD's own).</summary>
    public static bool IsOwn(PciDevice display, PciDevice other) => other.IsGraphics || other.Id.Vendor == display.Id.Vendor;

    /// <summary>A switch is the card's own when its maker made all of it and nothing
    /// else hangs below: root port, upstream port, a port for each of the two.</summary>
    private static IEnumerable<PciDevice> SoundBehindItsSwitch(ImmutableArray<PciDevice> devices, PciDevice display)
    {
        bool IsPort(PciDevice? bridge) => bridge is { IsBridge: true } && bridge.Id.Vendor == display.Id.Vendor;
        PciDevice? Above(PciDevice device) => device.Parent is { } parent ? DevicesByAddress.Find(devices, parent) : null;
        if (Above(display) is not { } port || !IsPort(port) || Above(port) is not { Parent: not null } upstream || !IsPort(upstream))
            return [];
        var below = devices
            .Where(other =>
                !other.IsBridge && Above(other) is { } bridge && (bridge.Address == upstream.Address || bridge.Parent == upstream.Address))
            .ToList();
        return below.Exists(other =>
            other.Id.Vendor != display.Id.Vendor || (other.IsGraphics && !other.Address.SharesSlotWith(display.Address)))
            ? []
            : below.Where(other => other.Class.IsSound && !other.Address.SharesSlotWith(display.Address));
    }
}

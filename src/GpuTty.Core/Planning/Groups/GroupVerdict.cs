using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;

namespace GpuTty.Planning.Groups;

/// <summary>What the make-up of an IOMMU group means for giving its devices away.</summary>
public enum GroupState
{
    [JsonStringEnumMemberName("bridges-only")]
    BridgesOnly,
    /// <summary>A direct reserved region: the kernel lets nobody claim its devices (drivers/iommu/iommu.c).</summary>
    [JsonStringEnumMemberName("direct-mapped")]
    KeptByFirmware,
    /// <summary>Everything in it is on vfio-pci.</summary>
    [JsonStringEnumMemberName("vfio")]
    WithVm,
    [JsonStringEnumMemberName("isolated")]
    Isolated,
    /// <summary>Several slots, but no host driver has the others: the group is viable anyway (driver-api/vfio.rst).</summary>
    [JsonStringEnumMemberName("shared-but-viable")]
    SharedButFree,
    [JsonStringEnumMemberName("shared")]
    SharedWithHost,
}

/// <summary>Whether the devices of a group can go to a virtual machine without dragging others along.</summary>
/// <param name="Sentence">For people who want to know.</param>
/// <param name="Others">Members outside the slot that the verdict is about: that of a card, where there is one.</param>
public sealed record GroupVerdict(GroupState State, string Sentence, ImmutableArray<PciDevice> Others)
{
    /// <summary>A word or two for a list.</summary>
    public string InBrief => State switch
    {
        GroupState.BridgesOnly => "bridges only",
        GroupState.KeptByFirmware => "kept by firmware",
        GroupState.WithVm => "for the VM",
        GroupState.Isolated => "isolated",
        GroupState.SharedButFree => "shared, but free",
        _ => "shared with host",
    };

    public static IEnumerable<PciDevice> Members(HostSnapshot host, IommuGroup group) =>
        group.Members.Select(host.Find).OfType<PciDevice>();

    /// <summary>What can be given away: bridges take part in no group's viability, and nobody wants a host bridge.</summary>
    public static IEnumerable<PciDevice> Devices(HostSnapshot host, IommuGroup group) =>
        Members(host, group).Where(device => !device.IsBridge && !(device.Class.IsBridge && device.Driver is null));

    public static GroupVerdict Of(HostSnapshot host, IommuGroup group)
    {
        var devices = Devices(host, group).ToImmutableArray();
        if (devices.IsEmpty) return new(GroupState.BridgesOnly, "Only bridges are in it; there is nothing to give away.", []);
        var slots = devices.GroupBy(device => device.Address with { Function = 0 }).ToImmutableArray();
        var card = slots.FirstOrDefault(slot => slot.Any(device => device.IsGraphics));
        var subject = card ?? slots[0];
        var others = slots.Where(slot => slot != subject).SelectMany(slot => slot).ToImmutableArray();
        var taken = others.Where(other => !other.LeavesGroupViable).ToImmutableArray();
        if (group.ReservedRegions.Any(region => region.Type == "direct"))
            return new(
                GroupState.KeptByFirmware,
                "The firmware keeps memory of it for itself (a direct reserved region), so the kernel gives none of it away.",
                others);
        if (devices.All(device => device.IsOnVfio))
            return new(GroupState.WithVm, "All of it is on vfio-pci, for a virtual machine.", others);
        if (others.IsEmpty) return new(GroupState.Isolated, "Everything in it sits in one slot, so it can go alone.", []);
        // Of a card everybody knows that it is meant; of two other devices nobody does.
        var shares = card is null ? $"{Names([subject.First()])} shares" : "Shares";
        return taken.IsEmpty
            ? new(
                GroupState.SharedButFree,
                $"{shares} with {Names(others)}; no host driver has them, so the group can be given away.",
                others)
            : new(GroupState.SharedWithHost, $"{shares} with {Names(taken)}, which would have to go with it.", others);
    }

    private static string Names(ImmutableArray<PciDevice> devices) =>
        string.Join(", ", devices.Select(device => $"{device.Address.ShortName} {device.Class.Name}"));
}

using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Text;

namespace GpuTty.Planning.Groups;

/// <summary>Why the members of an IOMMU group are in one group, as far as it can be told from where they sit.</summary>
public static class GroupExplanation
{
    /// <summary>
    /// Sentences for people. The kernel puts a function into the group of the bridge above it where something on the way to the root
    /// does not isolate (ACS), and functions of one slot together unless they promise isolation (drivers/iommu/iommu.c, pci_device_group).
    /// </summary>
    public static IEnumerable<string> Why(HostSnapshot host, IommuGroup group)
    {
        var members = GroupVerdict.Members(host, group).ToList();
        if (members.Count == 0) yield break;
        if (host.CommandLine.Contains("pcie_acs_override", StringComparison.Ordinal))
            yield return "This kernel was told to assume isolation that the hardware does not guarantee (pcie_acs_override); "
                + "the groups may be smaller than is safe.";
        foreach (var bridge in members.Where(bridge => members.Exists(below => below.Parent == bridge.Address)))
            yield return $"Bridge {bridge.Address.ShortName} is in the group itself: it, or one above it, "
                + $"does not keep what is below apart (no ACS), so {Names(members.Where(below => below.Parent == bridge.Address))} "
                + "must stay with it.";
        var apart = members.Where(member => !members.Exists(bridge => bridge.Address == member.Parent)).ToList();
        var slots = apart.GroupBy(member => member.Address with { Function = 0 }).ToList();
        foreach (var slot in slots.Where(slot => slot.Count() > 1))
            yield return $"{Names(slot)} are functions of one slot, and their device guarantees no isolation between them.";
        foreach (var bus in slots.GroupBy(slot => slot.First().Parent).Where(bus => bus.Count() > 1))
            yield return bus.Key is { } above
                ? $"{Names(bus.SelectMany(slot => slot))} sit side by side below {above.ShortName}; "
                    + "whether that bridge lacks ACS or they share a bus is unknown."
                : $"{Names(bus.SelectMany(slot => slot))} are parts of the chipset, which the firmware or the kernel keeps together; "
                    + "the reason is unknown.";
        if (members.Count == 1) yield return Alone(host, members[0]);
    }

    /// <summary>The bridges above a function, nearest first.</summary>
    public static IEnumerable<PciDevice> Above(HostSnapshot host, PciDevice device)
    {
        // A loop would be a broken /sys; eight levels are more than PCI Express allows for in practice.
        for (var (bridge, depth) = (device.Parent, 0); bridge is { } address
            && depth < 8
            && host.Find(address) is { } found; bridge = found.Parent, depth++)
            yield return found;
    }

    /// <summary>How a group could be split; null where nothing needs to be.</summary>
    public static string? Advice(HostSnapshot host, GroupVerdict verdict) => verdict.State switch
    {
        GroupState.SharedWithHost when !SlotAdvice.HasSlots(host) =>
            "Look in the firmware for ACS, ARI or PCIe settings; an update may help too.",
        GroupState.SharedWithHost =>
            "Another slot may have a group of its own. Look in the firmware for ACS, ARI or PCIe settings; an update may help too.",
        GroupState.KeptByFirmware => "Look for a firmware update, or a setting that turns off its monitoring of that slot.",
        _ => null,
    };

    private static string Alone(HostSnapshot host, PciDevice device) =>
        Above(host, device).FirstOrDefault() is { } bridge
            ? $"It is alone: bridge {bridge.Address.ShortName} and all above it keep it apart (ACS)."
            : "It is alone in its group.";

    private static string Names(IEnumerable<PciDevice> devices) =>
        Counted.Names([.. devices.Select(device => device.Address.ShortName)], most: 4);
}

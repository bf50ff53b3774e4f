using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Text;

namespace GpuTty.Planning.Checks;

/// <summary>Whether the IOMMU lets this card travel, and with whom (driver-api/vfio.rst:
/// a group is viable when nothing else in it has a host driver).</summary>
public static class GroupChecks
{
    public static IEnumerable<Check> For(HostSnapshot host, Card card)
    {
        if (!host.HasIommu) return [Check.Refused(CheckCode.Iommu, WithoutIommu.Reason(host))];
        var homeless = card.Functions.FirstOrDefault(function => function.IommuGroup is null);
        if (homeless is not null)
            return [Check.Refused(CheckCode.IommuGroup, new Obstacle.NoGroup(homeless, SlotAdvice.NoGroup(host, homeless)))];
        var refused = ForeignMembers(host, card)
            .Select(pair => Check.Refused(
                CheckCode.IommuGroup, new Obstacle.SharedGroup(pair.Function, pair.Other, SlotAdvice.SharedGroup(host, card))))
            .Concat(card.Functions.Where(f => host.GroupOf(f)?.NonPciMember is not null)
                .Select(f => Check.Refused(
                    CheckCode.IommuGroup,
                    new Obstacle.NonPciGroupMember(f, host.GroupOf(f)!.NonPciMember!, SlotAdvice.SharedGroup(host, card)))))
            .Concat(card.Functions.Where(f => host.GroupOf(f)?.ReservedRegions.Any(r => r.Type == "direct") == true)
                .Select(f => Check.Refused(CheckCode.IommuGroup, new Obstacle.DirectMapped(f))))
            .ToList();
        string[] numbers = [.. card.Functions.Select(f => $"{f.IommuGroup}").Distinct()];
        var groups = numbers is [var one] ? $"group {one}" : $"groups {string.Join(", ", numbers[..^1])} and {numbers[^1]}";
        return
        [
            Check.Fine(CheckCode.Iommu, FindingCode.IommuOn, $"{Counted.Of(host.Groups.Length, "group")}."),
            .. refused.Count > 0 ? refused : [Check.Fine(CheckCode.IommuGroup, FindingCode.GroupViable, $"Yes, in {groups}.")],
        ];
    }

    /// <summary>Devices outside the slot that have a host driver and share
    /// a group with the card; each would have to be passed through as well.</summary>
    public static IEnumerable<(PciDevice Function, PciDevice Other)> ForeignMembers(HostSnapshot host, Card card) =>
        from function in card.Functions
        where function.IommuGroup is not null
        group function by function.IommuGroup into shared
        from other in host.Devices
        where other.IommuGroup == shared.Key && !other.IsBridge && !card.Contains(other.Address) && !other.LeavesGroupViable
        select (shared.First(), other);
}

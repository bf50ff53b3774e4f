using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Steps;

namespace GpuTty.Planning.Plans;

/// <summary>Who may open vfio's nodes of a card: what is wanted, and what an earlier switch has given.</summary>
internal static class VfioAccessPlan
{
    /// <summary>One for each IOMMU group of the card, because each has its node. An undo wants those that were there before.</summary>
    public static ImmutableArray<VfioAccess> Wanted(Card card, SwitchIntent intent) =>
        intent.IsUndo ? [.. intent.Restores.OfType<AllowVfio>().Select(step => step.Access).Where(access => IsOf(card, access))]
        : intent.VfioOwner is not { } owner ? []
        :
        [
            .. card.Functions.Where(function => function.IommuGroup is not null)
                .Select(function => new VfioAccess(function.Address with { Function = 0 }, function.IommuGroup!.Value, owner))
                .DistinctBy(access => access.Group),
        ];

    public static ImmutableArray<VfioAccess> Given(HostSnapshot host, Card card) =>
        [.. host.VfioAccesses.Where(access => IsOf(card, access))];

    private static bool IsOf(Card card, VfioAccess access) => card.Functions.Any(function => function.Address.SharesSlotWith(access.Slot));
}

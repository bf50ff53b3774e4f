using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;

namespace GpuTty.Planning;

/// <summary>Where a card would go next, the same wherever the next switch is spoken of.</summary>
public static class NextDirection
{
    /// <summary>Home for what is away or halfway; also for a card without a driver that is remembered to have had one.</summary>
    public static Direction Of(HostSnapshot host, Card card) =>
        card.Owner is Owner.Vfio or Owner.Mixed || (card.Owner == Owner.Nobody && host.Memory.Find(card.Display) is { Driver: not null })
            ? Direction.ToHost
            : Direction.ToVm;
}

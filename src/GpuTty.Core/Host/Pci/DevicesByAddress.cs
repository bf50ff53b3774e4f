using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GpuTty.Host.Pci;

/// <summary>Finds a function among thousands: a snapshot is asked for the same few again and again, and never changes.</summary>
internal static class DevicesByAddress
{
    // Up to here a look at each is as fast.
    private const int Few = 16;
    private static readonly ConditionalWeakTable<PciDevice[], Dictionary<PciAddress, PciDevice>> s_known = [];
    private static readonly ConditionalWeakTable<PciDevice[], Card[]> s_knownCards = [];

    public static PciDevice? Find(ImmutableArray<PciDevice> devices, PciAddress address) => devices.Length <= Few
        ? devices.FirstOrDefault(device => device.Address == address)
        : s_known.GetValue(ImmutableCollectionsMarshal.AsArray(devices)!, Index).GetValueOrDefault(address);

    /// <summary>The cards among the functions, found once.</summary>
    public static ImmutableArray<Card> Cards(ImmutableArray<PciDevice> devices, Func<PciDevice[], Card[]> find) =>
        devices.IsDefaultOrEmpty ? []
        : ImmutableCollectionsMarshal.AsImmutableArray(s_knownCards.GetValue(
            ImmutableCollectionsMarshal.AsArray(devices)!, found => find(found)));

    private static Dictionary<PciAddress, PciDevice> Index(PciDevice[] devices)
    {
        var index = new Dictionary<PciAddress, PciDevice>(devices.Length);
        foreach (var device in devices) index.TryAdd(device.Address, device);
        return index;
    }
}

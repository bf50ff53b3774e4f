using System.Collections.Immutable;
using GpuTty.Host.Holders;

namespace GpuTty.Host.Pci;

/// <summary>Who has the card now. Mixed is a real state: shown, and planned from.</summary>
public enum Owner
{
    /// <summary>The display function has no driver, and nothing waits for it to get one back.</summary>
    [JsonStringEnumMemberName("Nobody")] Nobody,
    [JsonStringEnumMemberName("HostDriver")] HostDriver,
    [JsonStringEnumMemberName("Vfio")] Vfio,
    [JsonStringEnumMemberName("Mixed")] Mixed,
    /// <summary>A driver has it that only keeps it for somebody else: pci-stub, or Xen's pciback.</summary>
    [JsonStringEnumMemberName("Reserved")] Reserved,
}

/// <summary>A graphics card: the display function and everything else in its slot (sound, USB-C, UCSI).</summary>
/// <param name="Display">The first display function.</param>
/// <param name="Functions">All functions of the slot, <see cref="Display"/> among them, by address; virtual functions and bridges left out.</param>
public sealed record Card(PciDevice Display, ImmutableArray<PciDevice> Functions)
{
    public PciAddress Address => Display.Address;

    /// <summary>
    /// Whose hands the functions are in. The display function decides; what has no driver, and is meant to have none, makes no card mixed, nor
    /// does sound without a driver beside a bound display.
    /// </summary>
    public Owner Owner
    {
        get
        {
            if (Display.IsOnVfio) return Functions.All(f => f.IsOnVfio || f.IsMeantWithoutDriver) ? Owner.Vfio : Owner.Mixed;
            if (Functions.Any(f => f.IsOnVfio)) return Owner.Mixed;
            if (Display.IsReserved) return Owner.Reserved;
            if (Display.Driver is not null) return Owner.HostDriver;
            return Display.IsMeantWithoutDriver || Functions.All(f => f.Driver is null) ? Owner.Nobody : Owner.Mixed;
        }
    }

    /// <summary>Every card of the machine, by address.</summary>
    public static ImmutableArray<Card> FindAll(HostSnapshot host) => DevicesByAddress.Cards(host.Devices, FindAll);

    private static Card[] FindAll(PciDevice[] devices) =>
    [
        .. devices
            .Where(device => device.Class.IsDisplay && !device.IsBridge)
            .GroupBy(device => device.PhysicalFunction is null
                ? device.Address with { Function = 0 }
                : device.Address)
            .Select(slot => Of(devices, slot.MinBy(device => device.Address)!))
            .OrderBy(card => card.Address),
    ];

    /// <summary>The card at an address of any of its functions; null when there is no display function in that slot.</summary>
    public static Card? FindAt(HostSnapshot host, PciAddress address) =>
        FindAll(host).FirstOrDefault(card => card.Functions.Any(function => function.Address == address));

    public bool Contains(PciAddress address) => Functions.Any(function => function.Address == address);

    /// <summary>Processes with a node of any of its functions open or mapped.</summary>
    public IEnumerable<Holder> HoldersIn(HostSnapshot host) => host.Holders.Where(holder => Functions.Any(f => holder.Holds(f.Address)));

    public override string ToString() => $"{Address.SlotName} {Display.Name}";

    private static Card Of(PciDevice[] devices, PciDevice display) =>
        display.PhysicalFunction is not null
            ? new Card(display, [display])
            : new Card(display,
            [
                .. devices
                    .Where(other => other.Address.SharesSlotWith(display.Address) && other.PhysicalFunction is null && !other.IsBridge)
                    .OrderBy(other => other.Address),
            ]);
}

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

/// <summary>A graphics card: the display function and what travels with it (<see cref="CardMembers"/>).</summary>
/// <param name="Display">The first display function.</param>
/// <param name="Functions">All of them, <see cref="Display"/> among them, by address; bridges are never among them.</param>
public sealed record Card(PciDevice Display, ImmutableArray<PciDevice> Functions)
{
    public PciAddress Address => Display.Address;

    /// <summary>A virtual function: a card of its own that shows no picture and whose driver its parent needs.</summary>
    public bool IsVirtual => Display.PhysicalFunction is not null;

    /// <summary>Functions that are no part of the graphics and go along because the IOMMU cannot tell them apart from it.</summary>
    public IEnumerable<PciDevice> TravelAlong => Functions.Where(function => !CardMembers.IsOwn(Display, function));

    /// <summary>
    /// Whose hands the functions are in. The display function decides; what has no driver, and is meant
    /// to have none, makes no card mixed, nor does sound without a driver beside a bound display.
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
    public static ImmutableArray<Card> FindAll(HostSnapshot host) => FindAll(host.Devices);

    public static ImmutableArray<Card> FindAll(ImmutableArray<PciDevice> devices) => DevicesByAddress.Cards(devices, FindAll);

    private static Card[] FindAll(PciDevice[] devices) =>
    [
        .. devices
            .Where(device => device.IsGraphics)
            .GroupBy(device => device.PhysicalFunction is null
                ? device.Address with { Function = 0 }
                : device.Address)
            .Select(slot => Of(devices, slot.MinBy(device => device.Address)!))
            .OrderBy(card => card.Address),
    ];

    /// <summary>The card at an address of any of its functions; null when no card has a function there.</summary>
    public static Card? FindAt(HostSnapshot host, PciAddress address) =>
        FindAll(host).FirstOrDefault(card => card.Functions.Any(function => function.Address == address));

    /// <summary>A function of the card in a list below its name: <c>.1</c>, or the address where it sits on another bus.</summary>
    public string NameOf(PciDevice function) =>
        function.Address.SharesSlotWith(Address) ? $".{function.Address.Function:x}" : function.Address.ShortName;

    public bool Contains(PciAddress address) => Functions.Any(function => function.Address == address);

    /// <summary>A device outside the card that has the driver, or another one of its module, and would lose that with the module.</summary>
    public PciDevice? OutsiderOn(HostSnapshot host, string? driver, string? module) =>
        host.Devices.FirstOrDefault(other => other.Driver is { } theirs && !Contains(other.Address)
            && (theirs == driver || (module is not null && host.ModuleOf(theirs) == module)));

    /// <summary>Processes with a node of any of its functions open or mapped.</summary>
    public IEnumerable<Holder> HoldersIn(HostSnapshot host) => host.Holders.Where(holder => Functions.Any(f => holder.Holds(f.Address)));

    public override string ToString() => $"{Address.SlotName} {Display.Name}";

    private static Card Of(PciDevice[] devices, PciDevice display) => new(display, CardMembers.Of(devices, display));
}

using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Guests;
using GpuTty.Host.Pci;

namespace GpuTty.Planning.Guests;

/// <summary>A defined guest that wants a card, or of which that cannot be told.</summary>
/// <param name="IsManaged">libvirt would rebind it by itself, and the start would be refused.</param>
public sealed record GuestPassthrough(DefinedGuest Guest, ImmutableArray<Card> Cards, bool IsManaged)
{
    public static IEnumerable<GuestPassthrough> Of(LibvirtState state, HostSnapshot host)
    {
        var cards = Card.FindAll(host);
        foreach (var guest in state.Guests)
        {
            var wanted = cards.Where(card => guest.Description?.Wants(card) == true).ToImmutableArray();
            if (guest.Problem is not null || !wanted.IsEmpty)
                yield return new(
                    guest,
                    wanted,
                    guest.Description?.Devices.Any(device =>
                        device.IsManaged && wanted.Any(card => card.Contains(device.Address))) == true);
        }
    }

    public string Sentence => $"{Guest.Name} " + (Guest.Problem is { } problem ? $"cannot be read: {problem}."
        : $"wants {string.Join(", ", Cards.Select(card => card.Address.SlotName))}"
            + $"{(IsManaged ? $" with managed='yes', so its start would be refused: set managed='no' ({Virsh.OfSystem} edit)" : "")}"
            + $"{(Guest.IsRunning == true ? "; it runs" : "")}.");
}

using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Text;

namespace GpuTty.Planning.Checks;

/// <summary>Which card the user means.</summary>
/// <param name="Card">Null when there is an <paramref name="Obstacle"/>.</param>
public sealed record CardChoice(Card? Card, Obstacle? Obstacle)
{
    /// <summary>
    /// The card at an address (<c>0000:01:00.0</c>, <c>01:00.1</c>) or in a slot (<c>01:00</c>). Without a text, the only card
    /// that is not the machine's primary one; a guess among several is never made.
    /// </summary>
    public static CardChoice Find(HostSnapshot host, string? text)
    {
        var cards = Card.FindAll(host);
        if (cards.Length == 0)
            return new(
                null,
                host.CannotTell([SnapshotPart.Devices]).FirstOrDefault() is { } unknown
                    ? new Obstacle.CouldNotTell(unknown)
                    : new Obstacle.NoCard());
        if (text is not null) return At(host, cards, text.Trim().ToLowerInvariant());
        var candidates = Candidates(host);
        return candidates is [var only] ? new(only, null) : Several(candidates);
    }

    /// <summary>The cards that somebody may want to give away: no graphics of the processor where
    /// there is another card; and not the primary one, where there is another still.</summary>
    public static ImmutableArray<Card> Candidates(HostSnapshot host)
    {
        var cards = Card.FindAll(host);
        var added = cards.Where(card => !ProcessorGraphics.Is(host, card.Display)).ToImmutableArray();
        if (added.IsEmpty) added = cards;
        var others = added.Where(card => card.Display.IsBootVga != true).ToImmutableArray();
        return others.Length > 0 ? others : added;
    }

    /// <summary>The only card of a model: <c>10de:2684</c>.</summary>
    public static CardChoice OfModel(HostSnapshot host, string ids) =>
        Card.FindAll(host)
            .Where(card => card.Display.Id.ToString().StartsWith(ids, StringComparison.OrdinalIgnoreCase))
            .ToImmutableArray() switch
        {
            [var only] => new(only, null),
            [] => new(null, new Obstacle.NoSuchDevice(ids)),
            var several => Several(several),
        };

    private static CardChoice At(HostSnapshot host, ImmutableArray<Card> cards, string text)
    {
        if (PciAddress.TryParse(text, out var address))
        {
            if (cards.FirstOrDefault(card => card.Contains(address)) is { } there) return new(there, null);
            if (host.Find(address) is null && text.Count(':') == 1 && WithoutDomain(cards, address) is { Length: > 0 } meant)
                return meant is [var far] ? new(far, null) : Several(meant);
            return new(null, host.Find(address) is { } device ? new Obstacle.NotACard(device) : new Obstacle.NoSuchDevice(text));
        }
        var inSlot = cards.Where(card => IsSlot(card.Address, text)).ToImmutableArray();
        // The slot's own card, not one of its virtual functions.
        if (inSlot.Length > 1 && inSlot.RemoveAll(card => card.IsVirtual) is [var parent]) return new(parent, null);
        return inSlot switch
        {
            [var only] => new(only, null),
            [] => new(null, host.Devices.FirstOrDefault(device => IsSlot(device.Address, text)) is { } other
                ? new Obstacle.NotACard(other)
                : new Obstacle.NoSuchDevice(Visible.Text(text, 40))),
            _ => Several(inSlot),
        };
    }

    /// <summary>An address without its domain may mean any domain where domain 0 has no such function.</summary>
    private static ImmutableArray<Card> WithoutDomain(ImmutableArray<Card> cards, PciAddress address) =>
        [.. cards.Where(card => card.Functions.Any(function => function.Address with { Domain = 0 } == address))];

    /// <summary>A slot without its domain may mean any domain.</summary>
    private static bool IsSlot(PciAddress address, string text) =>
        $"{address.Bus:x2}:{address.Slot:x2}" == text || $"{address.Domain:x4}:{address.Bus:x2}:{address.Slot:x2}" == text;

    private static CardChoice Several(ImmutableArray<Card> cards) =>
        new(null, new Obstacle.SeveralCards(string.Join(", ", cards.Select(card => card.Address.ToString()))));
}

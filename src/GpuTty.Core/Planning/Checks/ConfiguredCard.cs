using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;

namespace GpuTty.Planning.Checks;

/// <summary>The card that CARD names. One that is not there is a mistake, and no reason to take another.</summary>
public static class ConfiguredCard
{
    public static CardChoice Find(HostSnapshot host, Configuration configured)
    {
        if (configured.Find(ConfigurationKey.Card) is not { } value) return Checked(CardChoice.Find(host, null), configured);
        var choice = ConfigurationKey.IsIds(value.Value) ? CardChoice.OfModel(host, value.Value) : CardChoice.Find(host, value.Value);
        return choice.Obstacle is null or Obstacle.CouldNotTell or Obstacle.NoCard ? Checked(choice, configured)
            : new(null, new Obstacle.ConfiguredCardMissing(value.Written ?? value.Key.Name, value.Where, choice.Obstacle.Problem));
    }

    /// <summary>The cards that somebody may want to give away, and the configured one, in the order of the machine.</summary>
    public static ImmutableArray<Card> Candidates(HostSnapshot host, Configuration configured)
    {
        var others = CardChoice.Candidates(host);
        return configured.Find(ConfigurationKey.Card) is null || Find(host, configured).Card is not { } named
            ? others
            : [.. Card.FindAll(host).Where(card => card.Address == named.Address || others.Any(other => other.Address == card.Address))];
    }

    /// <summary>Whoever has written the sound's address beside the card's meant one card.</summary>
    private static CardChoice Checked(CardChoice choice, Configuration configured) =>
        choice.Card is { } card && configured.Find(ConfigurationKey.Audio) is { } audio && !card.Contains(PciAddress.Parse(audio.Value))
            ? new(
                null,
                new Obstacle.ConfiguredCardMissing(
                    audio.Written ?? audio.Key.Name, audio.Where, $"{audio.Value} does not belong to {card.Address.SlotName}."))
            : choice;
}

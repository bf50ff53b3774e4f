using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Text;

namespace GpuTty.Planning.Plans;

/// <summary>What a person uses through the card and will miss while it is away.</summary>
internal static class GoesWithCard
{
    public static IEnumerable<Consequence> Consequences(HostSnapshot host, Card card)
    {
        var mine = card.Functions.SelectMany(function => function.Uses).Where(use => !use.IsVital);
        string[] uses = [.. mine.Select(use => use.Name).Distinct()];
        if (uses.Length > 0) yield return new(ConsequenceCode.HostUseLost, $"Goes away with the card: {Counted.Names(uses, most: 4)}.");
        if (IsLit(card) && SwitchChecks.Others(host, card) is { IsEmpty: false } others && !others.Any(IsLit))
            yield return new(ConsequenceCode.MonitorsDark,
                $"The only connected monitor is plugged into {card.Address.SlotName}; "
                    + "it stays dark until it is plugged into another card.");
    }

    private static bool IsLit(Card card) =>
        card.Functions.Any(function => function.Connectors.Any(connector => connector.IsConnected == true));
}

using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;

namespace GpuTty.Cli.Output;

/// <summary>All checks of one card, for the direction in which it would go next.</summary>
internal sealed record CardDiagnosis(Card Card, Direction Direction, ImmutableArray<Check> Checks)
{
    public bool IsRefused => Checks.Any(check => check.Obstacle is not null);

    public static CardDiagnosis Of(HostSnapshot host, Card card)
    {
        var direction = NextDirection.Of(host, card);
        return new(card, direction, SwitchChecks.For(host, card, direction));
    }
}

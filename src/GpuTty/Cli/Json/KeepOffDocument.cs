using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Holders;

namespace GpuTty.Cli.Json;

internal sealed record KeepOffDocument(int Schema, IReadOnlyList<KeepOffFields> Cards);

/// <param name="KeptOff">A rule is there.</param>
/// <param name="Permanent">It outlives a restart of the machine.</param>
/// <param name="HeldByDesktop">The desktop has the card open all the same, until it starts anew.</param>
internal sealed record KeepOffFields(string Card, string Name, bool KeptOff, bool Permanent, bool HeldByDesktop)
{
    public static KeepOffFields Of(HostSnapshot host, Card card) => new(
        card.Address.ToString(), card.Display.Name, host.IsKeptOff(card.Display),
        host.KeptOff.Any(rule => rule.IsPermanent && rule.Matches(card.Display)),
        HolderPlan.For(host, card, []).NeedsDesktopStopped);
}

using System.Text.Json.Serialization;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Holders;

namespace GpuTty.Cli.Json;

internal sealed record KeepOffDocument(
    [property: JsonPropertyName("schema")] int Schema,
    [property: JsonPropertyName("cards")] IReadOnlyList<KeepOffFields> Cards,
    [property: JsonPropertyName("unknowns")] IReadOnlyList<UnknownFields> Unknowns)
{
    public static KeepOffDocument Of(HostSnapshot host) =>
        new(JsonText.Schema, [.. Card.FindAll(host).Select(card => KeepOffFields.Of(host, card))], UnknownFields.Of(host));
}

/// <param name="Hidden">A rule is there.</param>
/// <param name="Permanent">It outlives a reboot.</param>
/// <param name="HeldByDesktop">The desktop has the card open anyway, until it starts anew.</param>
internal sealed record KeepOffFields(
    [property: JsonPropertyName("card")] string Card,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("hidden")] bool Hidden,
    [property: JsonPropertyName("permanent")] bool Permanent,
    [property: JsonPropertyName("held_by_desktop")] bool HeldByDesktop)
{
    public static KeepOffFields Of(HostSnapshot host, Card card) => new(
        card.Address.ToString(), card.Display.Name, host.IsKeptOff(card.Display),
        host.HiddenFromSeat.Any(rule => rule.IsPermanent && rule.Matches(card.Display)),
        HolderPlan.For(host, card, []).NeedsDesktopStopped);
}

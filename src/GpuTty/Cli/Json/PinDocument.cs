using System.Text.Json.Serialization;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Planning.Desktop;

namespace GpuTty.Cli.Json;

internal sealed record PinDocument(
    [property: JsonPropertyName("schema")] int Schema,
    [property: JsonPropertyName("pins")] IReadOnlyList<PinFields> Pins,
    [property: JsonPropertyName("opened_outside_seat")] IReadOnlyList<OutsideSeatFields> OpenedOutsideSeat,
    [property: JsonPropertyName("unknowns")] IReadOnlyList<UnknownFields> Unknowns)
{
    public static PinDocument Of(HostSnapshot host) => new(JsonText.Schema, [.. host.Pinned.Select(PinFields.Of)],
        [.. Card.FindAll(host).SelectMany(card => OutsideSeatFields.Of(host, card))], UnknownFields.Of(host));
}

/// <param name="Unit">Null for everything that users' managers start.</param>
internal sealed record PinFields(
    [property: JsonPropertyName("path")] string Path,
    [property: JsonPropertyName("unit")] string? Unit,
    [property: JsonPropertyName("permanent")] bool Permanent,
    [property: JsonPropertyName("egl")] IReadOnlyList<string> Egl,
    [property: JsonPropertyName("vulkan")] IReadOnlyList<string> Vulkan)
{
    public static PinFields Of(GlDriverAllowList pin) => new($"/{pin.Path}", pin.Unit, pin.IsPermanent, Files(pin.Egl), Files(pin.Vulkan));

    private static string[] Files(string list) => list.Split(':', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>A compositor that has the card's driver open although it draws on another card.</summary>
internal sealed record OutsideSeatFields(
    [property: JsonPropertyName("card")] string Card,
    [property: JsonPropertyName("pid")] int Pid,
    [property: JsonPropertyName("name")] string Name)
{
    public static IEnumerable<OutsideSeatFields> Of(HostSnapshot host, Card card) =>
        NodesOutsideSeat.Of(host, card).Select(holder => new OutsideSeatFields(card.Address.ToString(), holder.Pid, holder.Name));
}

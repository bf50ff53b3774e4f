using System.Text.Json.Serialization;

namespace GpuTty.Cli.Json;

/// <param name="Guest">Null without --vm.</param>
/// <param name="Fragment">Its lines, without their ends; null with --vm.</param>
/// <param name="Difference">The same; null without --vm.</param>
internal sealed record GuestXmlDocument(
    [property: JsonPropertyName("schema")] int Schema,
    [property: JsonPropertyName("guest")] string? Guest,
    [property: JsonPropertyName("fragment")] IReadOnlyList<string>? Fragment,
    [property: JsonPropertyName("difference")] IReadOnlyList<string>? Difference,
    [property: JsonPropertyName("notes")] IReadOnlyList<string> Notes,
    [property: JsonPropertyName("unknowns")] IReadOnlyList<UnknownFields> Unknowns);

internal sealed record GuestQemuDocument(
    [property: JsonPropertyName("schema")] int Schema,
    [property: JsonPropertyName("arguments")] IReadOnlyList<string> Arguments,
    [property: JsonPropertyName("unknowns")] IReadOnlyList<UnknownFields> Unknowns);

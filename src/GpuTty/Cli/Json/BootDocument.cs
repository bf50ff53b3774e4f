using System.Text.Json.Serialization;
using GpuTty.Planning.Boot;

namespace GpuTty.Cli.Json;

internal sealed record BootDocument(
    [property: JsonPropertyName("schema")] int Schema,
    [property: JsonPropertyName("cards")] IReadOnlyList<BootCardFields> Cards,
    [property: JsonPropertyName("unknowns")] IReadOnlyList<UnknownFields> Unknowns);

internal sealed record BootCardFields(
    [property: JsonPropertyName("card")] string Card,
    [property: JsonPropertyName("will_go")] bool WillGo,
    [property: JsonPropertyName("findings")] IReadOnlyList<BootFindingFields> Findings);

internal sealed record BootFindingFields(
    [property: JsonPropertyName("code")] BootMatter Code,
    [property: JsonPropertyName("holds")] bool? Holds,
    [property: JsonPropertyName("sentence")] string Sentence);

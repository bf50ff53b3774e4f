using System.Text.Json.Serialization;
using GpuTty.Host.Pci;

namespace GpuTty.Cli.Json;

internal sealed record RomDocument(
    [property: JsonPropertyName("schema")] int Schema,
    [property: JsonPropertyName("file")] string File,
    [property: JsonPropertyName("size")] int Size,
    [property: JsonPropertyName("leading")] int Leading,
    [property: JsonPropertyName("trailing")] int Trailing,
    [property: JsonPropertyName("images")] IReadOnlyList<RomPartFields> Images,
    [property: JsonPropertyName("problems")] IReadOnlyList<string> Problems,
    [property: JsonPropertyName("notes")] IReadOnlyList<string> Notes,
    [property: JsonPropertyName("unknowns")] IReadOnlyList<UnknownFields> Unknowns);

internal sealed record RomPartFields(
    [property: JsonPropertyName("offset")] int Offset,
    [property: JsonPropertyName("length")] int Length,
    [property: JsonPropertyName("code")] RomCode Code,
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("is_checksum_good")] bool? IsChecksumGood,
    [property: JsonPropertyName("is_last")] bool IsLast)
{
    public static RomPartFields Of(RomPart part) =>
        new(part.Offset, part.Length, part.Code, $"{part.Vendor:x4}:{part.Device:x4}", part.IsChecksumGood, part.IsLast);
}

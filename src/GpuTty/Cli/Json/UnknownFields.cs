using System.Text.Json.Serialization;
using GpuTty.Host;

namespace GpuTty.Cli.Json;

/// <summary>What could not be told; in every document, so that an empty list is never taken for a fact.</summary>
internal sealed record UnknownFields(
    [property: JsonPropertyName("code")] UnknownFact Code,
    [property: JsonPropertyName("fact")] string Fact,
    [property: JsonPropertyName("reason")] string Reason)
{
    public static IReadOnlyList<UnknownFields> Of(HostSnapshot host) =>
        [.. host.Unknowns.Select(unknown => new UnknownFields(unknown.Code, unknown.Fact, unknown.Reason))];
}

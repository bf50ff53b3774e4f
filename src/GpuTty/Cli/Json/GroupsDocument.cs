using System.Text.Json.Serialization;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Groups;

namespace GpuTty.Cli.Json;

internal sealed record GroupsDocument(
    [property: JsonPropertyName("schema")] int Schema,
    [property: JsonPropertyName("iommu")] bool Iommu,
    [property: JsonPropertyName("groups")] IReadOnlyList<GroupFields> Groups,
    [property: JsonPropertyName("unknowns")] IReadOnlyList<UnknownFields> Unknowns)
{
    public static GroupsDocument Of(HostSnapshot host) =>
        new(JsonText.Schema, host.HasIommu, [.. host.Groups.Select(group => GroupFields.Of(host, group))], UnknownFields.Of(host));
}

internal sealed record GroupFields(
    [property: JsonPropertyName("number")] int Number,
    [property: JsonPropertyName("type")] string? Type,
    [property: JsonPropertyName("verdict")] GroupState Verdict,
    [property: JsonPropertyName("explanation")] string Explanation,
    [property: JsonPropertyName("devices")] IReadOnlyList<DeviceFields> Devices)
{
    public static GroupFields Of(HostSnapshot host, IommuGroup group)
    {
        var verdict = GroupVerdict.Of(host, group);
        return new(group.Number, group.Type, verdict.State, verdict.Sentence,
            [.. group.Members.Select(host.Find).OfType<PciDevice>().Select(device => DeviceFields.Of(host, device))]);
    }
}

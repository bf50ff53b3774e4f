using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Groups;

namespace GpuTty.Cli.Json;

internal sealed record GroupsDocument(int Schema, bool Iommu, IReadOnlyList<GroupFields> Groups, IReadOnlyList<UnknownFields> Unknowns)
{
    public static GroupsDocument Of(HostSnapshot host) =>
        new(JsonText.Schema, host.HasIommu, [.. host.Groups.Select(group => GroupFields.Of(host, group))], UnknownFields.Of(host));
}

/// <param name="Verdict">isolated, shared, shared-but-free, bridges-only, direct-mapped or vfio.</param>
internal sealed record GroupFields(int Number, string? Type, string Verdict, string Explanation, IReadOnlyList<DeviceFields> Devices)
{
    public static GroupFields Of(HostSnapshot host, IommuGroup group)
    {
        var verdict = GroupVerdict.Of(host, group);
        return new(group.Number, group.Type, verdict.Code, verdict.Sentence,
            [.. group.Members.Select(host.Find).OfType<PciDevice>().Select(device => DeviceFields.Of(host, device))]);
    }
}

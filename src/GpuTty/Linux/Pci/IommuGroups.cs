using System.Collections.Immutable;
using System.Globalization;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Text;

namespace GpuTty.Linux.Pci;

/// <summary>/sys/kernel/iommu_groups, completed by what the functions say of themselves.</summary>
internal sealed class IommuGroups(FileSystemRoot root)
{
    private readonly HangTolerantScan<int> _scan = new();

    public ImmutableArray<IommuGroup> Read(IEnumerable<PciDevice> devices, List<Unknown> unknowns)
    {
        var members = devices
            .Where(device => device.IommuGroup is not null)
            .ToLookup(device => device.IommuGroup!.Value, device => device.Address);
        var numbers = new PartFiles(unknowns, UnknownFact.IommuGroups, "IOMMU groups").Names(root.Groups)
            .Where(name => int.TryParse(name, NumberStyles.None, null, out _)).Select(name => int.Parse(name, CultureInfo.InvariantCulture))
            .Concat(members.Select(group => group.Key)).Distinct().Order().ToList();
        var (groups, late) = _scan.Read(numbers, number => Read(number, members[number], unknowns));
        foreach (var number in late)
            new PartFiles(
                unknowns,
                UnknownFact.IommuGroups,
                $"IOMMU group {number}",
                $"{number}").Missing(HangTolerantScan.TimedOut);
        return [.. numbers.Zip(groups, (number, group) => group ?? new IommuGroup(number, null, [.. members[number].Order()], []))
            .Where(group => !group.Members.IsEmpty)];
    }

    /// <summary>Lines of <c>start end type</c>, as drivers/iommu/iommu.c prints them.</summary>
    public static ImmutableArray<ReservedRegion> ParseRegions(string? text)
    {
        var regions = ImmutableArray.CreateBuilder<ReservedRegion>();
        foreach (var line in text?.Split('\n') ?? [])
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var start, var end, var type]
                && Hex(start) is { } first && Hex(end) is { } last) regions.Add(new ReservedRegion(first, last, Visible.Text(type, 40)));
        }
        return regions.ToImmutable();
    }

    private IommuGroup Read(int number, IEnumerable<PciAddress> own, List<Unknown> unknowns)
    {
        var files = new PartFiles(unknowns, UnknownFact.IommuGroups, $"IOMMU group {number}", $"{number}");
        var folder = $"{root.Groups}/{number}";
        var names = files.Names($"{folder}/devices");
        var listed = names.Where(name => PciAddress.TryParse(name, out _)).Select(name => PciAddress.Parse(name));
        return new IommuGroup(
            number,
            SysFiles.Word($"{folder}/type"),
            [.. listed.Concat(own).Distinct().Order()],
            ParseRegions(files.Text($"{folder}/reserved_regions", 1024 * 1024)))
        {
            NonPciMember = names.FirstOrDefault(name => !PciAddress.TryParse(name, out _)) is { } odd ? Visible.Text(odd, 80) : null,
        };
    }

    private static ulong? Hex(string text) =>
        text.StartsWith("0x", StringComparison.Ordinal)
            && ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, null, out var value)
            ? value
            : null;
}

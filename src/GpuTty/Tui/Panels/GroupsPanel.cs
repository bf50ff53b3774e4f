using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Tui.Widgets;

namespace GpuTty.Tui.Panels;

/// <summary>Panel 2: what the IOMMU can tell apart. Groups of cards come first.</summary>
internal static class GroupsPanel
{
    public static ImmutableArray<Column> Columns { get; } = [Column.Whole(), Column.Whole(), Column.Cut()];

    public static ImmutableArray<TreeNode> Roots(HostSnapshot host) =>
    [
        .. host.Groups.OrderByDescending(group => HasCard(host, group)).ThenBy(group => group.Number).Select(group => Node(host, group)),
    ];

    public static string IdOf(IommuGroup group) => $"group {group.Number}";

    /// <summary>The group a row is about, or that its device is in.</summary>
    public static IommuGroup? GroupOf(HostSnapshot host, string? id) =>
        id?.Split(' ') is [.., "group", var number] && int.TryParse(number, out var wanted) ? host.Groups.FirstOrDefault(g => g.Number == wanted)
        : CardsPanel.DeviceOf(host, id) is { } device ? host.GroupOf(device)
        : null;

    private static bool HasCard(HostSnapshot host, IommuGroup group) => GroupVerdict.Devices(host, group).Any(device => device.Class.IsDisplay);

    private static TreeNode Node(HostSnapshot host, IommuGroup group)
    {
        var verdict = GroupVerdict.Of(host, group);
        return new TreeNode(IdOf(group),
            [$"{group.Number}", verdict.Short, string.Join(' ', group.Members.Select(member => member.ShortName))],
            [.. GroupVerdict.Members(host, group).Select(Leaf)]);
    }

    private static TreeNode Leaf(PciDevice device) =>
        new(CardsPanel.IdOf(device), [device.Address.ShortName, DeviceWords.Driver(device), $"{device.Class.Name} {DeviceWords.ShortName(device)}"]);
}

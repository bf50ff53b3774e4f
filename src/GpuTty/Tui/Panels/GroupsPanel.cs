using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Tui.Widgets;

namespace GpuTty.Tui.Panels;

/// <summary>Panel 2: what the IOMMU can tell apart. Groups of cards come first, those of bridges last.</summary>
internal static class GroupsPanel
{
    public static ImmutableArray<Column> Columns { get; } = [Column.Whole(), Column.Whole(), Column.Cut()];

    public static ImmutableArray<TreeNode> Roots(HostSnapshot host) =>
    [
        .. host.Groups.OrderBy(group => Weight(host, group)).ThenBy(group => group.Number).Select(group => Node(host, group)),
    ];

    public static string IdOf(IommuGroup group) => $"group {group.Number}";

    /// <summary>The group a row is about, or that its device is in.</summary>
    public static IommuGroup? GroupOf(HostSnapshot host, string? id) =>
        id?.Split(' ') is [.., "group", var number] && int.TryParse(number, out var wanted) ? host.Groups.FirstOrDefault(g => g.Number == wanted)
        : CardsPanel.DeviceOf(host, id) is { } device ? host.GroupOf(device)
        : null;

    private static int Weight(HostSnapshot host, IommuGroup group)
    {
        var devices = GroupVerdict.Devices(host, group).ToList();
        return devices.Exists(device => device.Class.IsDisplay) ? 0 : devices.Count > 0 ? 1 : 2;
    }

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

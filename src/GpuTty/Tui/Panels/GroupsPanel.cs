using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Groups;
using GpuTty.Tui.Widgets;

namespace GpuTty.Tui.Panels;

/// <summary>Panel 2: what the IOMMU can tell apart. Groups of cards come first, those of bridges last.</summary>
internal static class GroupsPanel
{
    private const int Wide = 66;
    private static readonly ImmutableArray<Column> s_narrow = [Column.Whole(), Column.Whole(), Column.Cut()];
    private static readonly ImmutableArray<Column> s_withNames = [.. s_narrow, Column.Cut()];
    private static readonly SnapshotCache<HostSnapshot, bool, ImmutableArray<TreeNode>> s_known = new();

    /// <summary>Where there is room, the names of what is in a group stand beside the addresses.</summary>
    public static ImmutableArray<Column> Columns(int width) => width >= Wide ? s_withNames : s_narrow;

    public static ImmutableArray<TreeNode> Roots(HostSnapshot host) => s_known.Get(host, true, () =>
    [
        .. host.Groups.OrderBy(group => Weight(host, group)).ThenBy(group => group.Number).Select(group => Node(host, group)),
    ]);

    public static string IdOf(IommuGroup group) => $"group {group.Number}";

    /// <summary>The group a row is about, or that its device is in.</summary>
    public static IommuGroup? GroupOf(HostSnapshot host, string? id) =>
        id?.Split(' ') is [.., "group", var number] && int.TryParse(number, out var wanted)
            ? host.Groups.FirstOrDefault(g => g.Number == wanted)
            : CardsPanel.DeviceOf(host, id) is { } device ? host.GroupOf(device)
        : null;

    /// <summary>The function a row is about: the row's own, or what people look for in a group, which is its card.</summary>
    public static PciDevice? DeviceOf(HostSnapshot host, string? id) =>
        CardsPanel.DeviceOf(host, id) is { } device ? device
        : GroupOf(host, id) is not { } group ? null
        : GroupVerdict.Members(host, group).OrderBy(member => member.IsGraphics ? 0 : member.IsBridge ? 2 : 1).FirstOrDefault();

    private static int Weight(HostSnapshot host, IommuGroup group)
    {
        var devices = GroupVerdict.Devices(host, group).ToList();
        return devices.Exists(device => device.IsGraphics) ? 0 : devices.Count > 0 ? 1 : 2;
    }

    private static TreeNode Node(HostSnapshot host, IommuGroup group)
    {
        var verdict = GroupVerdict.Of(host, group);
        var members = GroupVerdict.Members(host, group).ToList();
        var named = GroupVerdict.Devices(host, group)
            .DefaultIfEmpty(members.FirstOrDefault())
            .OfType<PciDevice>()
            .GroupBy(device => device.Address with { Function = 0 });
        return new TreeNode(IdOf(group),
            [
                $"{group.Number}", DeviceWords.Verdict(verdict), string.Join(' ', group.Members.Select(member => member.ShortName)),
                string.Join(", ", named.Select(slot => DeviceWords.ShortName(slot.First()))),
            ],
            [.. members.Select(Leaf)]);
    }

    private static TreeNode Leaf(PciDevice device) => new(CardsPanel.IdOf(device),
        [
            device.Address.ShortName,
            DeviceWords.Driver(device),
            $"{device.Class.Name} {DeviceWords.ShortName(device)}",
            string.Join(", ", device.Uses.Select(use => use.Name)),
        ]);
}

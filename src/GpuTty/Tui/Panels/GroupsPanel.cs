using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Groups;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Panels;

/// <summary>Panel 2: what the IOMMU can tell apart. Groups of cards come first, those of bridges last.</summary>
internal static class GroupsPanel
{
    private const int Wide = 66;
    private static readonly ImmutableArray<Column> s_narrow = [Column.Whole, Column.Whole, Column.Cut];
    private static readonly ImmutableArray<Column> s_withNames = [.. s_narrow, Column.Cut];
    private static readonly SnapshotCache<HostSnapshot, bool, ImmutableArray<(ListRow Head, ImmutableArray<ListRow> Devices)>> s_known =
        new();
    private static readonly SnapshotCache<HostSnapshot, ImmutableHashSet<string>, ImmutableArray<ListRow>> s_rows = new();

    /// <summary>Where there is room, the names of what is in a group stand beside the addresses.</summary>
    public static ImmutableArray<Column> Columns(int width) => width >= Wide ? s_withNames : s_narrow;

    /// <param name="closed">The ids of groups whose devices are left out.</param>
    public static ImmutableArray<ListRow> Rows(HostSnapshot host, ImmutableHashSet<string> closed) => s_rows.Get(host, closed, () =>
    [
        .. s_known.Get(host, true, () =>
            [.. host.Groups.OrderBy(group => Weight(host, group)).ThenBy(group => group.Number).Select(group => Of(host, group))])
            .SelectMany(group => closed.Contains(group.Head.Id)
                ? [Marked(group.Head, "+ ")]
                : group.Devices.Prepend(Marked(group.Head, group.Devices.IsEmpty ? "  " : "- "))),
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

    private static ListRow Marked(ListRow head, string mark) =>
        head with { Cells = head.Cells.SetItem(0, $"{mark}{head.Cells[0].Text}") };

    private static (ListRow Head, ImmutableArray<ListRow> Devices) Of(HostSnapshot host, IommuGroup group)
    {
        var verdict = GroupVerdict.Of(host, group);
        var members = GroupVerdict.Members(host, group).ToList();
        var named = GroupVerdict.Devices(host, group)
            .DefaultIfEmpty(members.FirstOrDefault())
            .OfType<PciDevice>()
            .GroupBy(device => device.Address with { Function = 0 });
        var head = new ListRow(IdOf(group),
            $"{group.Number}", DeviceText.Verdict(verdict), string.Join(' ', group.Members.Select(member => member.ShortName)),
            string.Join(", ", named.Select(slot => DeviceText.ShortName(slot.First()))));
        return (head, [.. members.Select(Row)]);
    }

    private static ListRow Row(PciDevice device) => new(CardsPanel.IdOf(device),
        device.Address.ShortName,
        DeviceText.Driver(device),
        $"{device.Class.Name} {DeviceText.ShortName(device)}",
        string.Join(", ", device.Uses.Select(use => use.Name)))
    { Depth = 4 };
}

using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Devices;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Panels;

/// <summary>Panel 1: the cards with their functions, or every PCI function of the machine.</summary>
internal static class CardsPanel
{
    public static ImmutableArray<Column> Columns { get; } = [Column.Whole, Column.Name, Column.Whole, Column.Whole];

    private static readonly SnapshotCache<HostSnapshot, (bool All, bool Filtered, bool IsRunning), ImmutableArray<ListRow>> s_known = new();

    /// <param name="all">Every PCI function instead of the cards alone.</param>
    /// <param name="filtered">A filter looks at rows, so marks stand in the rows then instead of below them.</param>
    /// <param name="isRunning">A switch is under way, which sets overrides and clears them itself.</param>
    public static ImmutableArray<ListRow> Rows(HostSnapshot host, bool all, bool filtered, bool isRunning) =>
        s_known.Get(host, (all, filtered, isRunning), () => all
        ? [.. host.Devices
            .OrderBy(device => device.Address)
            .SelectMany(device => WithMarks(host, device, DeviceRow(device), filtered, isRunning))]
        : [.. Card.FindAll(host).SelectMany(card => CardRows(host, card, filtered, isRunning))]);

    public static string IdOf(Card card) => $"card {card.Address}";
    public static string IdOf(PciDevice device) => device.Address.ToString();

    /// <summary>The function a row is about; a card's row stands for its display function.</summary>
    public static PciDevice? DeviceOf(HostSnapshot host, string? id) =>
        PciAddress.TryParse(id?.Split(' ')[^1], out var address) ? host.Find(address) : null;

    private static IEnumerable<ListRow> CardRows(HostSnapshot host, Card card, bool filtered, bool isRunning)
    {
        yield return new ListRow(IdOf(card),
            new Label(card.Address.SlotName, Theme.Strong), new Label(DeviceText.ShortName(card.Display), Theme.Strong),
            DeviceText.Owner(card), Group(card.Display));
        foreach (var function in card.Functions)
            foreach (var row in WithMarks(host, function, FunctionRow(card, function), filtered, isRunning)) yield return row;
    }

    private static ListRow FunctionRow(Card card, PciDevice function) => new(IdOf(function),
        card.NameOf(function), function.Class.Name, DeviceText.Driver(function),
        function.IommuGroup == card.Display.IommuGroup ? "" : Group(function))
    { Depth = 2 };

    private static ListRow DeviceRow(PciDevice device) => new(IdOf(device),
        device.Address.ShortName, $"{device.Class.Name} {DeviceText.ShortName(device)}", DeviceText.Driver(device), Group(device));

    private static Label Group(PciDevice device) => device.IommuGroup is { } number ? $"grp {number}" : "";

    private static IEnumerable<ListRow> WithMarks(HostSnapshot host, PciDevice device, ListRow row, bool filtered, bool isRunning)
    {
        var marks = string.Join(
            ", ",
            DeviceMarks.Of(host, device).Where(mark => !(isRunning && mark.Code == DeviceMarkCode.DriverOverrideDiffers)
                // Asleep is what a card on vfio-pci is.
                && !(device.IsOnVfio && mark.Code == DeviceMarkCode.PowerState)));
        if (marks.Length == 0) return [row];
        return filtered
            ? [row with { Cells = row.Cells.SetItem(1, $"{row.Cells[1].Text}, {marks}") }]
            : [row, ListRow.Heading(new Label($"       {marks}", device.Wedged is null ? Theme.Accent : Theme.Bad))];
    }
}

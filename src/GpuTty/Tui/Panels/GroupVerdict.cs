using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Tui.Widgets;

namespace GpuTty.Tui.Panels;

/// <summary>Whether the devices of a group can go to a virtual machine without dragging others along.</summary>
/// <param name="Short">A word or two for the list.</param>
/// <param name="Sentence">The same for people who want to know.</param>
internal sealed record GroupVerdict(Label Short, string Sentence)
{
    public static IEnumerable<PciDevice> Members(HostSnapshot host, IommuGroup group) =>
        group.Members.Select(host.Find).OfType<PciDevice>();

    /// <summary>Bridges take part in no group's viability.</summary>
    public static IEnumerable<PciDevice> Devices(HostSnapshot host, IommuGroup group) => Members(host, group).Where(device => !device.IsBridge && !(device.Class.IsBridge && device.Driver is null));

    public static GroupVerdict Of(HostSnapshot host, IommuGroup group)
    {
        var devices = Devices(host, group).ToImmutableArray();
        if (devices.IsEmpty) return new("bridges only", "Only bridges are in it; there is nothing to give away.");
        if (group.ReservedRegions.Any(region => region.Type == "direct"))
            return new(new Label("kept by firmware", Look.Warn), "The firmware keeps memory of it for itself, so the kernel gives none of it away.");
        var slots = devices.GroupBy(device => device.Address with { Function = 0 }).ToImmutableArray();
        if (slots.Length == 1) return new(new Label("isolated", Look.Good), "Everything in it sits in one slot, so it can travel alone.");
        var card = slots.FirstOrDefault(slot => slot.Any(device => device.Class.IsDisplay)) ?? slots[0];
        var others = slots.Where(slot => slot != card).SelectMany(slot => slot).ToImmutableArray();
        return others.All(other => other.Driver is null || other.IsOnVfio)
            ? new(new Label("shared, but free", Look.Warn), $"Shares with {Names(others)}; no host driver has them, so the group can be given away.")
            : new(new Label("shared with host", Look.Warn), $"Shares with {Names(others)}, which would have to travel along.");
    }

    private static string Names(ImmutableArray<PciDevice> devices) =>
        string.Join(", ", devices.Select(device => $"{device.Address.ShortName} {device.Class.Name}"));
}

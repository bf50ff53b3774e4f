using GpuTty.Host.Pci;

namespace GpuTty.Host.Desktop;

/// <summary>A udev rule of ours that takes a card's display node away from the
/// seat, so that no desktop opens it; rendering and compute stay.</summary>
/// <param name="Device">The display function.</param>
/// <param name="Id">Its ids: another device at that address is never hidden.</param>
/// <param name="IsPermanent">Below /etc and kept across boots; else below /run.</param>
public sealed record SeatRule(
    [property: JsonPropertyName("device")] PciAddress Device,
    [property: JsonPropertyName("id")] PciId Id,
    [property: JsonPropertyName("isPermanent")] bool IsPermanent)
{
    /// <summary>A seat that nobody sits at: it marks what a rule of ours has done.</summary>
    public const string Seat = "seat-gputty";

    /// <summary>Without the subsystem's ids, which the rule's text does not name: what is read back must equal what was written.</summary>
    public static SeatRule For(PciDevice device, bool isPermanent) =>
        new(device.Address, new PciId(device.Id.Vendor, device.Id.Device), isPermanent);

    public bool Matches(PciDevice device) => device.Address == Device && device.Id.Vendor == Id.Vendor && device.Id.Device == Id.Device;

    /// <summary>One file a card: <c>72-gputty-0000-01-00.0.rules</c>.</summary>
    [JsonIgnore]
    public string FileName => $"72-gputty-{Device.ToString().Replace(':', '-')}.rules";
}

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

    /// <summary>
    /// The rule's text (udev(7)). Between 71-seat.rules, which adds the tags, and 73-seat-late.rules, which acts on them. Only the card
    /// node: the render node keeps its seat and with it the access of ordinary users, through uaccess
    /// and, since systemd 259, xaccess-render, which sessions without a seat ask for (70-uaccess.rules).
    /// </summary>
    [JsonIgnore]
    public string Text =>
        $"""
        # Written by gputty: keeps the desktop off this card. Taken away by: gputty keep-off off
        SUBSYSTEM=="drm", KERNEL=="card[0-9]*", KERNELS=="{Device}", ATTRS{"{vendor}"}=="0x{Id.Vendor:x4}", ATTRS{"{device}"}=="0x{Id.Device:x4}", ENV{"{ID_SEAT}"}="{Seat}", TAG-="master-of-seat", TAG-="seat", TAG-="uaccess", TAG+="mutter-device-ignore"

        """;

    /// <summary>
    /// What makes udev look again at all that the rule meets, the card's node and its connectors (udevadm(8)), and at nothing else: a
    /// change event for the other GPU would make desktops re-read their screens.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<string> LookAgain =>
        [
            "trigger",
            "--action=change",
            "--settle",
            $"--parent-match=/sys/bus/pci/devices/{Device}",
            "--subsystem-match=drm",
            "--sysname-match=card*",
        ];

    /// <summary>One file a card: <c>72-gputty-0000-01-00.0.rules</c>.</summary>
    [JsonIgnore]
    public string FileName => $"72-gputty-{Device.ToString().Replace(':', '-')}.rules";
}

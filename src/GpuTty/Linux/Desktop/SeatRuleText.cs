using System.Globalization;
using System.Text.RegularExpressions;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;

namespace GpuTty.Linux.Desktop;

/// <summary>
/// A rule as udev reads it (udev(7)). Between 71-seat.rules, which adds the tags, and 73-seat-late.rules, which acts on them. Only the
/// card node: the render node keeps its seat and with it the access of ordinary users, through uaccess
/// and, since systemd 259, xaccess-render, which sessions without a seat ask for (70-uaccess.rules).
/// </summary>
internal static partial class SeatRuleText
{
    public static string Of(SeatRule rule) =>
        $"""
        # Written by gputty: keeps the desktop off this card. Taken away by: gputty keep-off off
        SUBSYSTEM=="drm", KERNEL=="card[0-9]*", KERNELS=="{rule.Device}", ATTRS{"{vendor}"}=="0x{rule.Id.Vendor:x4}", ATTRS{"{device}"}=="0x{rule.Id.Device:x4}", ENV{"{ID_SEAT}"}="{SeatRule.Seat}", TAG-="master-of-seat", TAG-="seat", TAG-="uaccess", TAG+="mutter-device-ignore"

        """;

    /// <summary>The rules in a file, comments left out.</summary>
    public static IEnumerable<SeatRule> Parse(string rules, bool isPermanent) =>
        from line in rules.Split('\n')
        where !line.TrimStart().StartsWith('#')
        let match = Rule().Match(line)
        where match.Success && PciAddress.TryParse(match.Groups["address"].Value, out _)
        select new SeatRule(
            PciAddress.Parse(match.Groups["address"].Value),
            new PciId(Hex(match.Groups["vendor"]), Hex(match.Groups["device"])),
            isPermanent);

    private static int Hex(Group group) => int.Parse(group.Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        "KERNELS==\"(?<address>[0-9a-fA-F:.]{7,20})\", ATTRS\\{vendor\\}==\"0x(?<vendor>[0-9a-fA-F]{4})\", "
            + "ATTRS\\{device\\}==\"0x(?<device>[0-9a-fA-F]{4})\"",
        RegexOptions.CultureInvariant)]
    private static partial Regex Rule();
}

using System.Globalization;
using System.Text.RegularExpressions;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;

namespace GpuTty.Diagnosis;

/// <summary>What earlier recipes have told desktops: variables that nobody reads, and Xorg's configuration (xorg.conf(5)).</summary>
internal static partial class DesktopLeftovers
{
    /// <summary>No desktop reads it: mutter goes by a tag of udev.</summary>
    private const string MadeUp = "GNOME_MUTTER_IGNORE_DEVICE";

    public static IEnumerable<Finding> Of(HostSnapshot host, SettingsFiles settings) =>
        [
            .. settings.Environment.Select(Variables).OfType<Finding>(),
            .. settings.Xorg
                .Where(file => file.Path.StartsWith("/etc/", StringComparison.Ordinal))
                .Select(file => Xorg(host, file))
                .OfType<Finding>(),
        ];

    private static Finding? Variables(SettingsFile file)
    {
        var lines = file.Lines
            .Where(line =>
                line.Text
                    .TrimStart()
                    .Replace("export ", "", StringComparison.Ordinal)
                    .TrimStart()
                    .StartsWith($"{MadeUp}=", StringComparison.Ordinal))
            .Select(line => line.Number)
            .ToList();
        return lines.Count == 0 ? null : new(
            DiagnosisCode.EnvironmentIgnored,
            FindingGroup.Attention,
            SwitchEffect.Never,
            $"{MadeUp} is set, but no program reads it: it does not keep a desktop off a card.",
            "To undo it",
            LeftoverRemoval.Of(file, [.. lines.Select(line => (line, line))]),
            new SourceLine(file.Path, lines[0]));
    }

    private static Finding? Xorg(HostSnapshot host, SettingsFile file)
    {
        var movable = CardDrivers.Movable(host).ToList();
        foreach (var (line, driver, bus) in Devices(file))
        {
            var card = bus is { } address ? movable.Find(one => one.Contains(address))
                : driver == "nvidia" ? movable.Find(one => one.Display.Id.Vendor == PciId.Nvidia) : null;
            if (card is null) continue;
            return new(DiagnosisCode.XorgNamesCard, FindingGroup.Attention, SwitchEffect.Now,
                $"Xorg is configured to draw with {card.Address.ShortName}: while that card is with a virtual machine, "
                    + "an X desktop may not start. Wayland desktops do not read this file.",
                "If you do not need it", LeftoverRemoval.Aside(file).Optional(), new SourceLine(file.Path, line));
        }
        return null;
    }

    /// <summary>Driver and BusID of each section Device. Numbers of a BusID are decimal: PCI:bus[@domain]:device:function.</summary>
    private static IEnumerable<(int Line, string? Driver, PciAddress? Bus)> Devices(SettingsFile file)
    {
        (int Line, string? Driver, PciAddress? Bus)? section = null;
        foreach (var (number, text) in file.Lines)
        {
            if (Section().Match(text) is { Success: true } begin)
                section = begin.Groups[1].Value.Equals("Device", StringComparison.OrdinalIgnoreCase) ? (number, null, null) : null;
            else if (section is { } open && End().IsMatch(text))
            {
                yield return open;
                section = null;
            }
            else if (section is { } inside && Driver().Match(text) is { Success: true } driver)
                section = inside with { Driver = driver.Groups[1].Value };
            else if (section is { } there && BusId().Match(text) is { Success: true } bus) section = there with { Bus = Address(bus) };
        }
    }

    private static PciAddress? Address(Match bus) =>
        Number(bus.Groups["bus"]) is { } number
            && Number(bus.Groups["slot"]) is { } slot
            && Number(bus.Groups["function"]) is { } function
            && number <= 255
            && slot <= 31
            && function <= 7
            ? new PciAddress(bus.Groups["domain"].Success ? Number(bus.Groups["domain"]) ?? 0 : 0, number, slot, function) : null;

    private static int? Number(Group group) =>
        int.TryParse(group.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    [GeneratedRegex("^\\s*Section\\s+\"([^\"]*)\"", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Section();

    [GeneratedRegex("^\\s*EndSection\\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex End();

    [GeneratedRegex("^\\s*Driver\\s+\"([^\"]*)\"", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Driver();

    [GeneratedRegex(
        "^\\s*BusID\\s+\"PCI:(?<bus>[0-9]{1,3})(@(?<domain>[0-9]{1,5}))?:(?<slot>[0-9]{1,2}):(?<function>[0-9])\"",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex BusId();
}

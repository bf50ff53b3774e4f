using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;

namespace GpuTty.Diagnosis;

/// <summary>Rules of udev(7) that take devices off the bus. What they are about is not there any more to be looked at.</summary>
internal static class UdevRemovals
{
    /// <summary>Display controllers of every kind that there is (include/linux/pci_ids.h).</summary>
    private static readonly string[] s_displays = ["0x030000", "0x030001", "0x030100", "0x030200", "0x038000"];

    private enum Removed { Display, Side, Unknown, Other }

    public static IEnumerable<Finding> Of(HostSnapshot host, SettingsFile file, ImmutableArray<UdevRule> rules)
    {
        var removing = rules
            .Where(rule =>
                rule.Fits("SUBSYSTEM", "pci") && rule.Assigned("ATTR").Any(key => key is { Attribute: "remove", Value: "1" }))
            .ToLookup(rule =>
                IsOfDisplay(host, rule) ? Removed.Display
                : IsOfMaker(rule) ? Removed.Side
                : IsGone(host, rule) ? Removed.Unknown
                : Removed.Other);
        var (displays, sides) = (removing[Removed.Display].ToList(), removing[Removed.Side].ToList());
        // Who hides all of a card hides its sound as well.
        if (displays.Count > 0) yield return Found(file, FindingGroup.Problem,
            "A rule removes a device from the bus as soon as the kernel has found it: no program can see the card, "
                + "and none can give it away.",
            [.. displays.Concat(sides).OrderBy(rule => rule.First)]);
        else if (sides.Count > 0) yield return Found(file, FindingGroup.Attention,
            "A rule removes side functions of a card, such as its sound, from the bus as soon as the kernel has found them: "
                + "the display function stays, and goes to a virtual machine without them.",
            [.. sides]);
        if (removing[Removed.Unknown].ToImmutableArray() is { Length: > 0 } unknown) yield return Found(file, FindingGroup.Attention,
            "A rule removes a device from the bus as soon as the kernel has found it." + Targets.Unknown.Remark,
            unknown);
    }

    private static Finding Found(SettingsFile file, FindingGroup group, string sentence, ImmutableArray<UdevRule> rules) =>
        new Finding(
            DiagnosisCode.UdevRemovesDevice,
            group,
            SwitchEffect.NextBoot,
            sentence,
            "To undo it",
            group == FindingGroup.Problem ? UdevLeftovers.Removal(file, rules) : UdevLeftovers.Removal(file, rules).Optional(),
            rules[0].Where).OrByHand(file, UdevLeftovers.Etc);

    /// <summary>By the class, or by a card that is still there, or, where nothing tells more, by the maker.</summary>
    private static bool IsOfDisplay(HostSnapshot host, UdevRule rule) =>
        s_displays.Any(display => rule.Fits("ATTR", "class", display))
        && (Asks(rule, "class")
            || RuleTargets.Functions(host, rule).Any(function => function.IsGraphics)
            || (IsOfMaker(rule)
                && (!Asks(rule, "device")
                    || !host.Devices.Any(device => device.IsGraphics && rule.Fits("ATTR", "vendor", $"0x{device.Id.Vendor:x4}")))));

    private static bool IsOfMaker(UdevRule rule) =>
        Asks(rule, "vendor") && (rule.Fits("ATTR", "vendor", $"0x{PciId.Nvidia:x4}") || rule.Fits("ATTR", "vendor", $"0x{PciId.Amd:x4}"));

    /// <summary>It names a place where there is nothing now.</summary>
    private static bool IsGone(HostSnapshot host, UdevRule rule) =>
        rule.Keys.Any(key => key is { Key: "KERNEL", Operator: "==" })
        && s_displays.Any(display => rule.Fits("ATTR", "class", display))
        && !RuleTargets.Functions(host, rule).Any();

    private static bool Asks(UdevRule rule, string attribute) =>
        rule.Keys.Any(key => key.IsMatch && key.Key is "ATTR" or "ATTRS" && key.Attribute == attribute);
}

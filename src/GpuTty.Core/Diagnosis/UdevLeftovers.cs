using System.Collections.Immutable;
using System.Text.RegularExpressions;
using GpuTty.Host.Settings;

namespace GpuTty.Diagnosis;

/// <summary>Rules of udev(7) that earlier recipes have left.</summary>
internal static partial class UdevLeftovers
{
    private const string Etc = "/etc/udev/rules.d";

    public static IEnumerable<Finding> Of(SettingsFiles settings) =>
        settings.UdevRules
            .Where(file => !file.Name.Contains("gputty", StringComparison.Ordinal))
            .SelectMany(file => OfFile(settings, file));

    private static IEnumerable<Finding> OfFile(SettingsFiles settings, SettingsFile file)
    {
        var rules = UdevRule.Of(file).ToImmutableArray();
        return from one in rules.SelectMany(rule => Codes(settings, rule).Select(code => (Rule: rule, Code: code)))
               group one.Rule by one.Code into same
               select Found(file, same.Key, [.. same]);
    }

    private static IEnumerable<DiagnosisCode> Codes(SettingsFiles settings, UdevRule rule)
    {
        var runs = rule.Assigned("RUN")
            .Concat(rule.Assigned("PROGRAM"))
            .Concat(rule.Assigned("IMPORT"))
            .Where(key => key.Attribute is "" or "program")
            .Select(key => key.Value)
            .ToList();
        var signs = runs.Aggregate(ScriptSign.None, (all, command) => all | SignsOf(settings, command));
        if (rule.Assigned("ATTR").Any(key => key is { Attribute: "remove", Value: "1" })) yield return DiagnosisCode.UdevRemovesDevice;
        if (Sets(rule, "reset_method")) yield return DiagnosisCode.UdevResetMethod;
        if (runs.Any(command => command.Contains("/etc/environment", StringComparison.Ordinal)))
            yield return DiagnosisCode.UdevEditsEnvironment;
        // Packages give devices their seats and permissions, and load and unload what belongs to them.
        if (rule.File.IsOfPackage) yield break;
        if (Sets(rule, "driver_override") || signs.HasFlag(ScriptSign.Overrides)) yield return DiagnosisCode.UdevDriverOverride;
        if (rule.Assigned("ATTR").Any(key => key is { Attribute: "enable", Value: "0" }) && rule.Fits("SUBSYSTEM", "pci"))
            yield return DiagnosisCode.UdevDisablesDevice;
        if ((signs & (ScriptSign.Binds | ScriptSign.UnloadsModules | ScriptSign.Removes)) != 0) yield return DiagnosisCode.UdevMovesCard;
        if (IsOfGraphics(rule)
            && (rule.Assigned("MODE").Any(key => key.Value.Trim('0').Length == 0 && key.Value.Length > 0)
                || signs.HasFlag(ScriptSign.ChangesNodes)))
            yield return DiagnosisCode.UdevNodePermissions;
        if (IsOfGraphics(rule)
            && (rule.Assigned("TAG").Any(key => key is { Operator: "-=", Value: "seat" or "master-of-seat" or "uaccess" })
                || rule.Assigned("ENV").Any(key => key is { Attribute: "ID_SEAT", Value: not ("" or "seat0") })))
            yield return DiagnosisCode.UdevSeat;
    }

    private static bool Sets(UdevRule rule, string attribute) => rule.Assigned("ATTR").Any(key => key.Attribute == attribute);

    /// <summary>Of a command itself, and of the script that it names.</summary>
    private static ScriptSign SignsOf(SettingsFiles settings, string command) =>
        ScriptSigns.Of(command) | settings.Scripts.Concat(settings.Boot).Concat(settings.Hooks)
            .Where(script => Named(command, script.Path)).Aggregate(ScriptSign.None, (all, script) => all | ScriptSigns.Of(script.Text));

    private static bool Named(string command, string path) => command.Split([' ', '\t', '"', '\'', ';']).Contains(path);

    private static bool IsOfGraphics(UdevRule rule) => rule.Keys.Any(key => Graphics().IsMatch(key.Value));

    private static Finding Found(SettingsFile file, DiagnosisCode code, ImmutableArray<UdevRule> rules)
    {
        // A driver that binds makes its node new: what is said about nodes counts at each switch.
        var effect = rules.Any(rule =>
            rule.Fits("ACTION", "bind") || rule.Fits("SUBSYSTEM", "drm") && IsOfGraphics(rule) && !rule.Fits("SUBSYSTEM", "pci"))
            ? SwitchEffect.Now
            : SwitchEffect.NextBoot;
        var (group, sentence) = code switch
        {
            DiagnosisCode.UdevDriverOverride =>
                (
                    FindingGroup.Problem,
                    "A rule sets the driver override of a device: at each boot, or each time it appears, "
                        + "the card goes to the driver that the rule names."),
            DiagnosisCode.UdevRemovesDevice =>
                (
                    FindingGroup.Problem,
                    "A rule removes a device from the bus as soon as the kernel has found it: no program can see the card, "
                        + "and none can give it away."),
            DiagnosisCode.UdevDisablesDevice =>
                (
                    FindingGroup.Attention,
                    "A rule disables a device when it is found; the kernel refuses that for a device with a driver, "
                        + "and a driver enables it again."),
            DiagnosisCode.UdevMovesCard =>
                (
                    FindingGroup.Problem,
                    "A rule binds or unbinds drivers, unloads modules or removes devices from the bus, "
                        + "while gputty may be doing the same."),
            DiagnosisCode.UdevNodePermissions =>
                (
                    FindingGroup.Attention,
                    "A rule sets the permissions of a card's node: a desktop opens it anyway, because logind opens it as root."),
            DiagnosisCode.UdevEditsEnvironment =>
                (
                    FindingGroup.Attention,
                    "A rule adds a line to /etc/environment each time a card's node appears; "
                        + "the file grows with every boot and every switch."),
            DiagnosisCode.UdevSeat =>
                (
                    FindingGroup.Attention,
                    "A rule decides which seat a card belongs to, in addition to the rule that gputty keep-off writes."),
            _ => (
                FindingGroup.Attention,
                "A rule decides how the kernel resets a device; without a method that works, "
                    + "the card may not work in a virtual machine a second time."),
        };
        return new(
            code,
            group,
            code == DiagnosisCode.UdevRemovesDevice ? SwitchEffect.NextBoot : effect,
            sentence,
            "To undo it",
            LeftoverRemoval
                .Of(file, [.. rules.Select(rule => (rule.First, rule.Last))], Etc)
                .Then("udevadm control --reload")
                .ThenRestart(),
            rules[0].Where);
    }

    [GeneratedRegex(@"\bdrm|/dev/dri|\bcard[0-9*\[]|nvidia|0x10de|0x030", RegexOptions.CultureInvariant)]
    private static partial Regex Graphics();
}

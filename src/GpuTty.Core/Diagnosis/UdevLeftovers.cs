using System.Collections.Immutable;
using System.Text.RegularExpressions;
using GpuTty.Host;
using GpuTty.Host.Settings;

namespace GpuTty.Diagnosis;

/// <summary>Rules of udev(7) that earlier recipes have left.</summary>
internal static partial class UdevLeftovers
{
    public const string Etc = "/etc/udev/rules.d";

    /// <summary>Of a card as well, only its owner knows: several seats, a reset that works, nodes that are nobody's.</summary>
    private static readonly DiagnosisCode[] s_judged =
        [DiagnosisCode.UdevSeat, DiagnosisCode.UdevResetMethod, DiagnosisCode.UdevNodePermissions];

    /// <summary>A rule, what is found in it, and whose devices that is about.</summary>
    private readonly record struct Meaning(UdevRule Rule, DiagnosisCode Code, Targets Targets);

    public static IEnumerable<Finding> Of(HostSnapshot host, SettingsFiles settings) =>
        settings.UdevRules
            .Where(file => !file.Name.Contains("gputty", StringComparison.Ordinal))
            .SelectMany(file => OfFile(host, settings, file));

    private static IEnumerable<Finding> OfFile(HostSnapshot host, SettingsFiles settings, SettingsFile file)
    {
        var rules = UdevRule.Of(file).ToImmutableArray();
        return UdevRemovals.Of(host, file, rules).Concat(
            from one in rules.SelectMany(rule => Meanings(host, settings, rule))
            where one.Targets.Tie != CardTie.Other
            group one by (one.Code, one.Targets.Tie) into same
            select Found(
                file,
                same.Key.Code,
                new Targets(same.Key.Tie, [.. same.SelectMany(one => one.Targets.Others).DistinctBy(device => device.Address)]),
                [.. same.Select(one => one.Rule)]));
    }

    private static IEnumerable<Meaning> Meanings(HostSnapshot host, SettingsFiles settings, UdevRule rule)
    {
        var runs = rule.Assigned("RUN")
            .Concat(rule.Assigned("PROGRAM"))
            .Concat(rule.Assigned("IMPORT"))
            .Where(key => key.Attribute is "" or "program")
            .Select(key => key.Value)
            .ToList();
        var signs = runs.Aggregate(ScriptSign.None, (all, command) => all | SignsOf(settings, command));
        // vendor-reset sets itself as the method, and does it while it is loaded.
        if (rule.Assigned("ATTR").Any(key => key.Attribute == "reset_method"
            && !(key.Value.Contains("device_specific", StringComparison.Ordinal) && host.IsLoaded("vendor_reset"))))
            yield return new(rule, DiagnosisCode.UdevResetMethod, Targets.Of(host, RuleTargets.Functions(host, rule)));
        if (IsOfGraphics(rule) && runs.Exists(command => command.Contains("/etc/environment", StringComparison.Ordinal)))
            yield return new(rule, DiagnosisCode.UdevEditsEnvironment, OfNodes(host, rule));
        // Packages give devices their seats and permissions, and load and unload what belongs to them.
        if (rule.File.IsOfPackage) yield break;
        if (Sets(rule, "driver_override"))
            yield return new(rule, DiagnosisCode.UdevDriverOverride, Targets.Of(host, RuleTargets.Functions(host, rule)));
        else if (signs.HasFlag(ScriptSign.Overrides))
            yield return new(rule, DiagnosisCode.UdevDriverOverride, OfCommands(host, settings, rule, runs));
        if (rule.Assigned("ATTR").Any(key => key is { Attribute: "enable", Value: "0" }) && rule.Fits("SUBSYSTEM", "pci"))
            yield return new(rule, DiagnosisCode.UdevDisablesDevice, Targets.Of(host, RuleTargets.Functions(host, rule)));
        if ((signs & (ScriptSign.Binds | ScriptSign.UnloadsModules | ScriptSign.Removes)) != 0)
            yield return new(rule, DiagnosisCode.UdevMovesCard, OfCommands(host, settings, rule, runs));
        if (!IsOfGraphics(rule)) yield break;
        if (rule.Assigned("MODE").Any(key => key.Value.Trim('0').Length == 0 && key.Value.Length > 0)
            || signs.HasFlag(ScriptSign.ChangesNodes))
            yield return new(rule, DiagnosisCode.UdevNodePermissions, OfNodes(host, rule));
        if (rule.Assigned("TAG").Any(key => key is { Operator: "-=", Value: "seat" or "master-of-seat" or "uaccess" })
            || rule.Assigned("ENV").Any(key => key is { Attribute: "ID_SEAT", Value: not ("" or "seat0") }))
            yield return new(rule, DiagnosisCode.UdevSeat, OfNodes(host, rule));
    }

    private static bool Sets(UdevRule rule, string attribute) => rule.Assigned("ATTR").Any(key => key.Attribute == attribute);

    private static Targets OfNodes(HostSnapshot host, UdevRule rule) => Targets.Of(host, RuleTargets.Displays(host, rule));

    /// <summary>By what the commands name; where they name nothing, by the device that the rule is for.</summary>
    private static Targets OfCommands(HostSnapshot host, SettingsFiles settings, UdevRule rule, List<string> runs) =>
        Targets.OfCommands(host, settings, runs) is { Tie: not CardTie.Unknown } named ? named
            : rule.Keys.Any(key => key is { IsMatch: true, Key: "SUBSYSTEM" }) && rule.Fits("SUBSYSTEM", "pci")
                ? Targets.Of(host, RuleTargets.Functions(host, rule))
                : Targets.Unknown;

    /// <summary>Of a command itself, and of the script that it names.</summary>
    private static ScriptSign SignsOf(SettingsFiles settings, string command) =>
        ScriptSigns.Of(command) | settings.Scripts.Concat(settings.Boot).Concat(settings.Hooks)
            .Where(script => Named(command, script.Path)).Aggregate(ScriptSign.None, (all, script) => all | ScriptSigns.Of(script.Text));

    private static bool Named(string command, string path) => command.Split([' ', '\t', '"', '\'', ';']).Contains(path);

    private static bool IsOfGraphics(UdevRule rule) => rule.Keys.Any(key => Graphics().IsMatch(key.Value));

    private static Finding Found(SettingsFile file, DiagnosisCode code, Targets targets, ImmutableArray<UdevRule> rules)
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
        return new Finding(
            code,
            targets.Tie == CardTie.Card ? group : FindingGroup.Attention,
            effect,
            sentence + targets.Remark,
            "To undo it",
            targets.Tie == CardTie.Card && !s_judged.Contains(code) ? Removal(file, rules) : Removal(file, rules).Optional(),
            rules[0].Where).OrByHand(file, Etc);
    }

    public static Correction? Removal(SettingsFile file, ImmutableArray<UdevRule> rules) =>
        LeftoverRemoval
            .Of(file, [.. rules.Select(rule => (rule.First, rule.Last))], Etc)
            .Then("udevadm control --reload")
            .ThenRestart();

    [GeneratedRegex(@"\bdrm|/dev/dri|\bcard[0-9*\[]|nvidia|0x10de|0x030", RegexOptions.CultureInvariant)]
    private static partial Regex Graphics();
}

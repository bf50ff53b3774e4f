using GpuTty.Host;
using GpuTty.Host.Settings;
using GpuTty.Text;

namespace GpuTty.Diagnosis;

/// <summary>Services and drop-ins of systemd that earlier recipes have left.</summary>
internal static class UnitLeftovers
{
    private const string Reload = "systemctl daemon-reload";

    private static readonly string[] s_displayManagers =
    [
        "display-manager.service", "gdm.service", "gdm3.service", "sddm.service", "lightdm.service", "lxdm.service",
        "ly.service", "greetd.service", "cosmic-greeter.service",
    ];

    public static IEnumerable<Finding> Of(HostSnapshot host, SettingsFiles settings)
    {
        foreach (var dropIns in settings.Units
            .Where(UnitFile.IsDropIn)
            .GroupBy(UnitFile.UnitOf)
            .Where(unit => s_displayManagers.Contains(unit.Key) || unit.Key == host.DisplayManager?.Unit.Name.Name))
            if (NeverStarts(dropIns.Key, dropIns) is { } finding) yield return finding;
        foreach (var unit in settings.Units.Where(file =>
            !UnitFile.IsDropIn(file) && !file.Name.Contains("gputty", StringComparison.Ordinal)))
            if (TouchesCard(host, settings, unit) is { } finding) yield return finding;
    }

    /// <summary>Of several assignments the last counts, in the order of the names of the drop-ins.</summary>
    private static Finding? NeverStarts(string unit, IEnumerable<SettingsFile> dropIns)
    {
        var last = dropIns
            .SelectMany(file =>
                UnitFile.Settings(file)
                    .Where(setting => setting is { Section: "Service", Key: "Restart" })
                    .Select(setting => (File: file, Setting: setting)))
            .LastOrDefault();
        if (last.Setting is not { Value: "no" } setting) return null;
        var others = UnitFile.Settings(last.File).Any(other => other != setting);
        var removal =
            others ? LeftoverRemoval.Of(last.File, [(setting.Line, setting.Line)])
            : last.File.IsOfPackage ? null
            : LeftoverRemoval.OfAll(last.File);
        return new(DiagnosisCode.DesktopNoRestart, FindingGroup.Attention, SwitchEffect.Now,
            $"{unit} is not restarted when it ends by itself; gputty starts it at the end of a switch, "
                + "but a desktop that crashes afterwards stays down.",
            "To undo it", removal.Then(Reload), new SourceLine(last.File.Path, setting.Line));
    }

    private static Finding? TouchesCard(HostSnapshot host, SettingsFiles settings, SettingsFile unit)
    {
        var commands = UnitFile.Settings(unit)
            .Where(setting => setting.Section == "Service" && setting.Key.StartsWith("Exec", StringComparison.Ordinal))
            .ToList();
        var signs = commands.Aggregate(ScriptSign.None, (all, command) => all | ScriptSigns.Of(command.Value)
            | settings.Scripts
                .Concat(settings.Boot)
                .Where(script => command.Value.Contains(script.Path, StringComparison.Ordinal))
                .Aggregate(ScriptSign.None, (some, script) => some | ScriptSigns.Of(script.Text)));
        // What only unloads or rescans may be about anything else.
        if ((signs & (ScriptSign.Overrides | ScriptSign.Binds | ScriptSign.TouchesConsole | ScriptSign.ChangesNodes)) == 0) return null;
        var targets = Targets.OfCommands(host, settings, commands.Select(command => command.Value));
        if (targets.Tie == CardTie.Other) return null;
        var isEnabled = IsEnabled(settings, unit.Name);
        var removal = Removed(settings, unit, isEnabled);
        return new(
            DiagnosisCode.UnitTouchesCard,
            isEnabled && targets.Tie == CardTie.Card ? FindingGroup.Problem : FindingGroup.Attention,
            isEnabled ? SwitchEffect.NextBoot : SwitchEffect.Never,
            $"{unit.Name} {ScriptSigns.Words(signs & ScriptSign.All)}{(isEnabled ? " at boot" : ", but is not enabled")}.{targets.Remark}",
            isEnabled ? "To undo it" : "To remove it, if you do not need it",
            targets.Tie == CardTie.Card ? removal : removal.Optional(),
            new SourceLine(unit.Path, commands.FirstOrDefault(command => ScriptSigns.Of(command.Value) != ScriptSign.None)?.Line));
    }

    /// <summary>Without its file, and without the links that start it.</summary>
    private static Correction? Removed(SettingsFiles settings, SettingsFile unit, bool isEnabled)
    {
        var all = LeftoverRemoval.OfAll(unit);
        if (!isEnabled) return all.Then(Reload).Optional();
        var links = settings.EnablingLinks
            .Where(link => Starts(link[(link.LastIndexOf('/') + 1)..], unit.Name))
            .Select(link => new FileChange.Removal(link, null));
        return (all with
        {
            Typed = all.Typed is { } typed ? $"systemctl disable --now {ShellWord.Quoted(unit.Name)} && {typed}" : null,
            Changes = [.. links, .. all.Changes],
        })
            .Then(Reload)
            .ThenRestart();
    }

    /// <summary>Also an instance of a template: NAME@... of NAME@.service.</summary>
    private static bool IsEnabled(SettingsFiles settings, string unit) => settings.EnabledUnits.Contains(unit)
        || (unit.EndsWith("@.service", StringComparison.Ordinal) && settings.EnabledUnits.Any(name => Starts(name, unit)));

    private static bool Starts(string name, string unit) =>
        name == unit
        || (unit.EndsWith("@.service", StringComparison.Ordinal) && name.StartsWith(unit[..^".service".Length], StringComparison.Ordinal));
}

using System.Text.RegularExpressions;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;

namespace GpuTty.Diagnosis;

/// <summary>What is put into the initramfs, or loaded at boot, for vfio: of
/// initramfs-tools, mkinitcpio, dracut, booster and modules-load.d(5).</summary>
internal static partial class BootLeftovers
{
    public static IEnumerable<Finding> Of(HostSnapshot host, SettingsFiles settings) =>
        settings.Boot.SelectMany(file => OfFile(host, settings, file));

    private static IEnumerable<Finding> OfFile(HostSnapshot host, SettingsFiles settings, SettingsFile file)
    {
        if (file.Name.StartsWith("vfio-pci-override", StringComparison.Ordinal)
            || file.Path.Contains("/scripts/", StringComparison.Ordinal)
            || file.Path.StartsWith("/etc/initcpio/", StringComparison.Ordinal)
            || file.Path.Contains("/hooks/", StringComparison.Ordinal))
        {
            if (Script(host, settings, file) is { } script) yield return script;
            yield break;
        }
        var lines = (IsModuleList(file) ? Listed(file) : Assigned(file)).ToList();
        if (lines.Count == 0) yield break;
        // Of a shell's list only words can be taken out, not lines.
        var correction = Without(settings, file, lines.Where(line => Ids(file, line.Text) is not { } ids || IsOfCards(host, ids)));
        foreach (var same in lines.Where(line => Ids(file, line.Text) is not null).GroupBy(line => line.Text))
            yield return ReservedIds.Finding(
                host,
                Module(same.Key),
                Ids(file, same.Key)!,
                new SourceLine(file.Path, same.First().Number),
                Without(settings, file, same));
        yield return new(
            DiagnosisCode.VfioAtBoot,
            FindingGroup.Ok,
            SwitchEffect.NextBoot,
            $"vfio-pci is loaded at each boot{(IsOfInitramfs(file) ? ", before other drivers" : "")}: "
                    + "together with ids= it takes the card; without ids= this has no effect.",
            correction is null
                ? "To undo it, remove the names that begin with vfio from that line, and rebuild the initramfs."
                : "To undo it",
            correction,
            new SourceLine(file.Path, lines[0].Number));
    }

    private static Finding? Script(HostSnapshot host, SettingsFiles settings, SettingsFile file)
    {
        var targets = Targets.OfText(host, ScriptSigns.Code(file.Text));
        if ((ScriptSigns.Of(file.Text) & (ScriptSign.Overrides | ScriptSign.Binds)) == 0 || targets.Tie == CardTie.Other) return null;
        var found = ScriptRemoval.With(settings, file, new(
            DiagnosisCode.InitramfsScript,
            FindingGroup.Attention,
            SwitchEffect.NextBoot,
            "A script that runs before any driver is loaded gives cards at fixed addresses to vfio-pci at each boot." + targets.Remark,
            "To leave the card on the host at boot",
            null,
            new SourceLine(file.Path, null)));
        var correction = found.Correction.ThenRebuilt(settings);
        return found with { Correction = targets.Tie == CardTie.Card ? correction : correction.Optional() };
    }

    private static Correction? Without(SettingsFiles settings, SettingsFile file, IEnumerable<(int Number, string Text)> lines) =>
        IsModuleList(file) && lines.Select(line => (line.Number, line.Number)).ToList() is { Count: > 0 } some
            ? LeftoverRemoval.Of(file, some)
                .Then(IsOfInitramfs(file) ? LeftoverRemoval.Rebuilt(settings) : null)
                .ThenRestart()
            : null;

    /// <summary>Options behind a module's name count where initramfs-tools reads them.</summary>
    private static string? Ids(SettingsFile file, string line) =>
        file.Path.StartsWith("/etc/initramfs-tools/", StringComparison.Ordinal) && Reserved().Match(line) is { Success: true } ids
            ? ids.Groups[1].Value
            : null;

    private static bool IsOfCards(HostSnapshot host, string ids) =>
        Targets.Of(host, DynamicId.Parse(VfioSupport.Driver, ids).SelectMany(one => host.Devices.Where(one.Id.Matches))) is var targets
            && targets.Others.IsEmpty;

    private static string Module(string line) => KernelModule.Canonical(line.TrimStart().Split([' ', '\t', ','], 2)[0].Trim());

    private static bool IsModuleList(SettingsFile file) =>
        file.Path is "/etc/initramfs-tools/modules" or "/etc/modules" || file.Path.Contains("/modules-load.d/", StringComparison.Ordinal);

    private static bool IsOfInitramfs(SettingsFile file) =>
        !file.Path.Contains("/modules-load.d/", StringComparison.Ordinal) && file.Path != "/etc/modules";

    /// <summary>One module a line, perhaps with options; # and ; begin comments.</summary>
    private static IEnumerable<(int Number, string Text)> Listed(SettingsFile file) =>
        file.Lines.Where(line =>
            line.Text.TrimStart() is [not ('#' or ';'), ..] && Module(line.Text) is "vfio_pci" or "pci_stub");

    /// <summary>Lists of a shell or of YAML: MODULES=(...), force_drivers+="...", modules_force_load: ...</summary>
    private static IEnumerable<(int Number, string Text)> Assigned(SettingsFile file)
    {
        var isInside = false;
        foreach (var (number, text) in file.Lines.Where(line => !line.Text.TrimStart().StartsWith('#')))
        {
            var code = text.Split(" #", 2)[0];
            var isHere = isInside || List().IsMatch(code);
            if (isHere && Vfio().IsMatch(code)) yield return (number, text);
            isInside = isHere
                && (isInside || code.Contains('(', StringComparison.Ordinal))
                && !code.Contains(')', StringComparison.Ordinal);
        }
    }

    [GeneratedRegex(
        @"^\s*(MODULES|FILES|BINARIES|add_drivers|force_drivers|install_items|modules|modules_force_load)\s*(\+?=|:)",
        RegexOptions.CultureInvariant)]
    private static partial Regex List();

    [GeneratedRegex(@"[\s,]ids=(\S+)", RegexOptions.CultureInvariant)]
    private static partial Regex Reserved();

    [GeneratedRegex(@"\bvfio[-_]pci\b|\bpci[-_]stub\b|vfio\S*\.(conf|sh)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Vfio();
}

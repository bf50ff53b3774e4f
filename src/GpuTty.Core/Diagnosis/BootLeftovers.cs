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
            if ((ScriptSigns.Of(file.Text) & (ScriptSign.Overrides | ScriptSign.Binds)) != 0)
                yield return new(
                    DiagnosisCode.InitramfsScript,
                    FindingGroup.Attention,
                    SwitchEffect.NextBoot,
                    "A script that runs before any driver is loaded gives cards at fixed addresses to vfio-pci at each boot.",
                    "To leave the card on the host at boot",
                    LeftoverRemoval.OfAll(file).ThenRebuilt(settings),
                    new SourceLine(file.Path, null));
            yield break;
        }
        var lines = (IsModuleList(file) ? Listed(file) : Assigned(file)).ToList();
        if (lines.Count == 0) yield break;
        // Of a shell's list only words can be taken out, not lines.
        var correction = IsModuleList(file)
            ? LeftoverRemoval.Of(file, [.. lines.Select(line => (line.Number, line.Number))])
                .Then(IsOfInitramfs(file) ? LeftoverRemoval.Rebuilt(settings) : null)
                .ThenRestart()
            : null;
        foreach (var (number, text) in lines
            .Where(line =>
                file.Path.StartsWith("/etc/initramfs-tools/", StringComparison.Ordinal)
                && line.Text.Contains("ids=", StringComparison.Ordinal))
            .DistinctBy(line => line.Text))
            yield return new(DiagnosisCode.VfioIds, FindingGroup.Attention, SwitchEffect.NextBoot,
                "vfio-pci takes devices at boot, by the ids that follow its name; "
                    + "gputty returns them to the host anyway, but only until the next boot.",
                "To leave the card on the host at boot", correction, new SourceLine(file.Path, number));
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

    private static bool IsModuleList(SettingsFile file) =>
        file.Path is "/etc/initramfs-tools/modules" or "/etc/modules" || file.Path.Contains("/modules-load.d/", StringComparison.Ordinal);

    private static bool IsOfInitramfs(SettingsFile file) =>
        !file.Path.Contains("/modules-load.d/", StringComparison.Ordinal) && file.Path != "/etc/modules";

    /// <summary>One module a line, perhaps with options; # and ; begin comments.</summary>
    private static IEnumerable<(int Number, string Text)> Listed(SettingsFile file) =>
        file.Lines.Where(line =>
            line.Text.TrimStart() is [not ('#' or ';'), ..] text
            && text.Split([' ', '\t', ','], 2)[0] is var module
            && KernelModule.Canonical(module.Trim()) is "vfio_pci" or "pci_stub");

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

    [GeneratedRegex(@"\bvfio[-_]pci\b|\bpci[-_]stub\b|vfio\S*\.(conf|sh)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Vfio();
}

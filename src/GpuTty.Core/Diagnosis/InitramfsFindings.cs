using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Boot;
using GpuTty.Host.Settings;
using GpuTty.Text;

namespace GpuTty.Diagnosis;

/// <summary>What the initramfs has of the settings: copies that are older
/// than these, and modules that are loaded before anything else.</summary>
internal static class InitramfsFindings
{
    /// <summary>Of paths of files that are copied into it.</summary>
    private static readonly string[] s_early = ["/modprobe.d/", "initramfs", "/initcpio/", "dracut"];

    /// <param name="found">What the settings on the disk say; only where that counts in the initramfs too is anybody told of it.</param>
    public static IEnumerable<Finding> Of(HostSnapshot host, SettingsFiles settings, IReadOnlyCollection<Finding> found)
    {
        var built = Rebuild(settings);
        if (settings.Initramfs is not { } image)
        {
            if (found.Any(CountsEarly))
                yield return Unread(
                    "It is unknown whether the initramfs has copies of these settings: no image of this kernel is in the usual places.",
                    "Find out how this machine builds its initramfs, and rebuild it after a change.");
            yield break;
        }
        var outdated = found
            .Where(CountsEarly)
            .Select(finding => finding.Where!.Path)
            .Where(path => image.Newer.Contains(path) && image.Settings?.Contains(path) != false)
            .Concat(image.Settings?.Where(path => path.StartsWith("/etc/", StringComparison.Ordinal)
                && (settings.Modprobe.Concat(settings.UdevRules).All(file => file.Path != path)
                    || (BootFiles.IsRule(path) && image.Newer.Contains(path))))
                ?? [])
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        if (outdated.Count > 0)
            yield return new(DiagnosisCode.InitramfsOutdated, FindingGroup.Attention, SwitchEffect.NextBoot,
                $"{image.Path} was built before {Counted.Names([.. outdated.Select(path => Visible.Text(path, 100))], 4)} "
                    + $"{Counted.Word(outdated.Count, "was", "were")} changed or removed: the next boot still uses "
                    + $"{Counted.Word(outdated.Count, "the copy", "the copies")} in it.",
                built is null ? "Rebuild it." : settings.IsTransactional ? "To rebuild it (then reboot)" : "To rebuild it",
                built, new SourceLine(image.Path, null));
        foreach (var rule in settings.UdevRules.Where(rule =>
            image.Settings?.Contains(rule.Path) == true && CopiedRules.ActsEarly(rule)))
            yield return new(DiagnosisCode.InitramfsOutdated, FindingGroup.Attention, SwitchEffect.NextBoot,
                $"{image.Path} has a copy of {Visible.Text(rule.Path, 100)} as an earlier version of gputty wrote it: "
                    + "it gives the card away at each boot, also after gputty boot host.",
                "Write the rule anew with gputty boot vm --card and its address, then rebuild the initramfs"
                    + $"{(built?.Typed is { } typed ? $": {typed}." : ".")}",
                null, new SourceLine(rule.Path, null));
        if (image.Modules is { } modules)
        {
            var early = CardDrivers.Movable(host)
                .SelectMany(card => card.Functions)
                .SelectMany(function => function.CandidateModules)
                .Select(module => host.ModuleSettings.FileOf(module) ?? module)
                .Append("vfio_pci")
                .Where(modules.Contains)
                .Distinct()
                .Order(StringComparer.Ordinal)
                .ToList();
            if (early.Count == 0) yield break;
            yield return new(DiagnosisCode.InitramfsModules, FindingGroup.Ok, SwitchEffect.NextBoot,
                $"{string.Join(", ", early)} {Counted.Word(early.Count, "is", "are")} in {image.Path}, "
                    + "and may be loaded before anything else.",
                "Nothing to do.", null, new SourceLine(image.Path, null));
        }
        else if (image.Problem is { } problem)
            yield return Unread(
                $"The content of {image.Path} is unknown: {Visible.Text(problem, 200)}.",
                "Run gputty as root, and install the tool that lists the image.");
        else if (found.Any(CountsEarly))
            yield return Unread(
                $"{image.Path} was not searched for copies of these settings, because that takes a while.",
                "Search it with: gputty doctor --initramfs");
    }

    private static bool CountsEarly(Finding finding) => finding is { Where.Path: var path, Group: not FindingGroup.Ok }
        && (path == "/etc/mkinitcpio.conf" || s_early.Any(part => path.Contains(part, StringComparison.Ordinal)));

    private static Correction? Rebuild(SettingsFiles settings) =>
        LeftoverRemoval.Rebuilt(settings) is { } command
            ? Correction.ByCommand(command) with { NeedsRestart = settings.IsTransactional }
            : null;

    private static Finding Unread(string sentence, string advice) =>
        new(DiagnosisCode.InitramfsUnread, FindingGroup.Unknown, SwitchEffect.NextBoot, sentence, advice, null, null);
}

using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Text;

namespace GpuTty.Diagnosis;

/// <summary>What earlier recipes have written into modprobe.d(5): modules that are kept away, and what is loaded in their place.</summary>
internal static class ModuleLeftovers
{
    public const string Etc = "/etc/modprobe.d";

    /// <summary>A file that says more different things of one kind than this is no recipe's.</summary>
    public const int MostOfAKind = 20;

    /// <summary>Without these no keyboard works, where they are modules.</summary>
    private static readonly HashSet<string> s_usb = ["xhci_pci", "xhci_hcd", "ehci_pci", "usbhid"];

    public static IEnumerable<Finding> Of(HostSnapshot host, SettingsFiles settings)
    {
        foreach (var file in settings.Modprobe)
        {
            var lines = ModprobeLine.Of(file).ToImmutableArray();
            foreach (var finding in OfFile(host, settings, file, lines)
                .Concat(OptionLeftovers.Of(host, settings, file, lines))
                .Concat(OfVfio(host, settings, file, lines))) yield return finding;
        }
    }

    private static IEnumerable<Finding> OfFile(
        HostSnapshot host, SettingsFiles settings, SettingsFile file, ImmutableArray<ModprobeLine> lines)
    {
        if (SimilarLines.Of(
            settings, file, lines.Where(line => line.Command == "blacklist" && s_usb.Contains(SimilarLines.Module(line)))) is { } usb)
            yield return usb.Finding(DiagnosisCode.UsbBlacklisted, FindingGroup.Problem, SwitchEffect.NextBoot,
                $"{usb.Modules} {usb.Is} blacklisted: where {Counted.Word(usb.Count, "it is a module", "they are modules")}, "
                    + "the machine boots without USB, and without a keyboard.");
        var blacklisted = OfCards(lines, line => line.Command == "blacklist");
        var without = CardDrivers.LeftWithout(host, blacklisted.Select(SimilarLines.Module)).ToList();
        if (without.Count > 0
            && SimilarLines.Of(
                settings, file, blacklisted.Where(line => CardDrivers.IsMissedBy(host, without, SimilarLines.Module(line))))
            is { } blacklist)
            yield return blacklist.Finding(DiagnosisCode.DriverBlacklisted, FindingGroup.Attention, SwitchEffect.NextBoot,
                $"{blacklist.Modules} {blacklist.Is} blacklisted, so {CardDrivers.Named(without)} "
                    + $"{Counted.Word(without.Count, "has", "have")} no driver after a boot; "
                    + "on the way to the host, gputty loads what the card had before by its name.");
        var forbidden = OfCards(
            lines, line => line is { Command: "install", LoadsNothing: true } or { Command: "alias", Words: [_, "off", ..] });
        var needing = forbidden.SelectMany(line => CardDrivers.Needing(host, SimilarLines.Module(line))).Distinct().ToList();
        if (needing.Count > 0
            && SimilarLines.Of(
                settings, file, forbidden.Where(line => CardDrivers.IsMissedBy(host, needing, SimilarLines.Module(line)))) is { } never)
            yield return never.Finding(DiagnosisCode.DriverForbidden, FindingGroup.Problem, SwitchEffect.Now,
                $"{never.Modules} cannot be loaded at all: modprobe is told to do something else instead, "
                    + $"so {CardDrivers.Named(needing)} cannot return to the host.");
    }

    /// <summary>Lines about drivers of cards, and about what is loaded with
    /// them. NVIDIA's packages keep nouveau away, as they must.</summary>
    private static List<ModprobeLine> OfCards(ImmutableArray<ModprobeLine> lines, Func<ModprobeLine, bool> isMeant) =>
    [
        .. lines.Where(line =>
            isMeant(line)
            && CardDrivers.IsOfCards(SimilarLines.Module(line))
            && !(line.File.IsOfPackage && SimilarLines.Module(line) is "nouveau" or "nova_core")),
    ];

    private static IEnumerable<Finding> OfVfio(
        HostSnapshot host, SettingsFiles settings, SettingsFile file, ImmutableArray<ModprobeLine> lines)
    {
        if (SimilarLines.Of(
            settings,
            file,
            lines.Where(line =>
                line.Command == "softdep" && CardDrivers.IsOfCards(SimilarLines.Module(line)) && line.Words.Skip(1).Any(IsVfio)))
            is { } soft)
            yield return soft.Finding(DiagnosisCode.VfioSoftdep, FindingGroup.Ok, SwitchEffect.NextBoot,
                $"vfio-pci is loaded before {soft.Modules}: together with ids= it takes the card at each boot; "
                    + "without ids= this has no effect.");
        if (SimilarLines.Of(
            settings,
            file,
            lines.Where(line =>
                line is { Command: "alias", Words: [var name, var module, ..] }
                && IsVfio(module)
                && Targets.OfAlias(host, name).Tie == CardTie.Card)) is { } alias)
            yield return alias.Finding(DiagnosisCode.VfioAlias, FindingGroup.Attention, SwitchEffect.NextBoot,
                "A device's own name loads vfio-pci in place of its driver, so the host driver is not loaded at boot.");
        foreach (var same in lines
            .Where(line => line is { Command: "install", LoadsNothing: false, Words.Length: > 1 } && IsVfio(line.Words[0]))
            .GroupBy(line => line.Words[1])
            .Take(MostOfAKind))
        {
            var targets = Targets.OfCommands(host, settings, same.Select(line => string.Join(' ', line.Words.Skip(1))));
            var correction = LeftoverRemoval.Of(file, [.. same.Select(line => (line.First, line.Last))], Etc).ThenRebuilt(settings);
            yield return new Finding(
                DiagnosisCode.VfioInstallCommand,
                FindingGroup.Problem,
                SwitchEffect.Now,
                $"Each time vfio-pci is loaded, also by gputty, {same.Key} is run instead, with whatever addresses are written in it."
                    + targets.Remark,
                "To undo it",
                targets.Tie == CardTie.Card ? correction : correction.Optional(),
                same.First().Where).OrByHand(file, Etc);
        }
    }

    internal static bool IsVfio(string module) => KernelModule.Canonical(module) is "vfio_pci" or "vfio" or "pci_stub";
}

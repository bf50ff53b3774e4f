using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Text;

namespace GpuTty.Diagnosis;

/// <summary>What earlier recipes have written into modprobe.d(5).</summary>
internal static class ModuleLeftovers
{
    private const string Etc = "/etc/modprobe.d";

    /// <summary>A file that says more different things of one kind than this is no recipe's.</summary>
    private const int MostOfAKind = 20;

    /// <summary>Without these no keyboard works, where they are modules.</summary>
    private static readonly HashSet<string> s_usb = ["xhci_pci", "xhci_hcd", "ehci_pci", "usbhid"];

    public static IEnumerable<Finding> Of(HostSnapshot host, SettingsFiles settings)
    {
        foreach (var file in settings.Modprobe)
        {
            var lines = ModprobeLine.Of(file).ToImmutableArray();
            foreach (var finding in OfFile(host, settings, file, lines)) yield return finding;
        }
    }

    private static IEnumerable<Finding> OfFile(
        HostSnapshot host, SettingsFiles settings, SettingsFile file, ImmutableArray<ModprobeLine> lines)
    {
        if (Together(settings, file, [.. lines.Where(line => line.Command == "blacklist" && s_usb.Contains(Module(line)))]) is { } usb)
            yield return usb.Finding(DiagnosisCode.UsbBlacklisted, FindingGroup.Problem, SwitchEffect.NextBoot,
                $"{usb.Modules} {Is(usb)} blacklisted: where {Counted.Word(usb.Count, "it is a module", "they are modules")}, "
                    + "the machine boots without USB, and without a keyboard.");
        if (Together(settings, file, [.. OfCards(host, lines, line => line.Command == "blacklist")]) is { } blacklist)
            yield return blacklist.Finding(DiagnosisCode.DriverBlacklisted, FindingGroup.Attention, SwitchEffect.NextBoot,
                $"{blacklist.Modules} {Is(blacklist)} blacklisted, so the card has no driver after a boot; "
                    + "on the way to the host, gputty loads what the card had before by its name.");
        if (Together(
            settings,
            file,
            [.. OfCards(
                host,
                lines,
                line =>
                    line is { Command: "install", LoadsNothing: true } or { Command: "alias", Words: [_, "off", ..] })]) is { } forbidden)
            yield return forbidden.Finding(DiagnosisCode.DriverForbidden, FindingGroup.Problem, SwitchEffect.Now,
                $"{forbidden.Modules} cannot be loaded at all: modprobe is told to do something else instead, "
                    + "so the card cannot return to the host.");
        foreach (var finding in Options(host, settings, file, lines).Concat(OfVfio(settings, file, lines))) yield return finding;
    }

    /// <summary>Lines about modules that a card of this machine cannot do without;
    /// and, where there is one, those about others of the family.</summary>
    private static List<ModprobeLine> OfCards(HostSnapshot host, ImmutableArray<ModprobeLine> lines, Func<ModprobeLine, bool> isMeant)
    {
        // NVIDIA's packages keep nouveau away, as they must.
        var meant = lines
            .Where(line =>
                isMeant(line)
                && CardDrivers.IsOfCards(Module(line))
                && !(line.File.IsOfPackage && Module(line) is "nouveau" or "nova_core"))
            .ToList();
        return meant.Any(line => CardDrivers.Needing(host, Module(line)).Any()) ? meant : [];
    }

    private static IEnumerable<Finding> Options(
        HostSnapshot host, SettingsFiles settings, SettingsFile file, ImmutableArray<ModprobeLine> lines)
    {
        var options = lines.Where(line => line.Command == "options").ToImmutableArray();
        if (Together(
            settings,
            file,
            [.. options.Where(line =>
                line.Words.Contains("modeset=0")
                && (Module(line) == "nvidia_drm" || CardDrivers.Needing(host, Module(line)).Any()))]) is { } modeset)
            yield return modeset.Finding(DiagnosisCode.ModesetOff, FindingGroup.Attention, SwitchEffect.Now,
                $"{modeset.Modules} {Is(modeset)} loaded without mode setting: this does not keep the desktop from opening the card, "
                    + "and the card cannot show a picture.");
        if (Together(settings, file, [.. options.Where(line => line.Words.Contains("NVreg_EnableGpuFirmware=0"))]) is { } firmware)
            yield return firmware.Finding(DiagnosisCode.NvidiaFirmwareOff, FindingGroup.Attention, SwitchEffect.Now,
                "The driver nvidia is told not to use the card's firmware (GSP), "
                    + "and NVIDIA's open modules cannot drive a card without it.");
        if (Together(
            settings,
            file,
            [.. options.Where(line => line.Words.Contains("NVreg_InitializeSystemMemoryAllocations=0"))]) is { } memory)
            yield return memory.Finding(DiagnosisCode.NvidiaMemoryNotCleared, FindingGroup.Attention, SwitchEffect.Never,
                "The driver nvidia gives system memory to programs without clearing it, "
                    + "so one may read what another has left there; a switch does not need this.");
        foreach (var same in options
            .Where(line => Module(line) is "vfio_pci" or "pci_stub" && Ids(line) is not null)
            .GroupBy(line => (Module: Module(line), Ids: Ids(line)!))
            .Take(MostOfAKind))
            yield return ReservedIds.Finding(
                host,
                same.Key.Module,
                same.Key.Ids,
                same.First().Where,
                LeftoverRemoval.Of(file, [.. same.Select(line => (line.First, line.Last))], Etc).ThenRebuilt(settings));
        if (Together(
            settings,
            file,
            [.. options.Where(line =>
                Module(line) == "vfio_pci"
                && line.Words.Skip(1).Any(word => !word.StartsWith("ids=", StringComparison.Ordinal)))]) is { } vfio)
            yield return vfio.Finding(
                DiagnosisCode.VfioOptions,
                FindingGroup.Ok,
                SwitchEffect.Never,
                $"vfio-pci has options of its own: {string.Join(' ', vfio.Options)}.") with
            {
                Advice = "Nothing to do.",
                Correction = null,
            };
        if (Together(
            settings,
            file,
            [.. options.Where(line => line.Words.Skip(1).Any(word => IsOn(word, "allow_unsafe_interrupts")))]) is { } interrupts)
            yield return interrupts.Finding(DiagnosisCode.UnsafeInterrupts, FindingGroup.Attention, SwitchEffect.Never,
                "vfio may give devices to virtual machines although the IOMMU does not remap interrupts: "
                    + "a guest can then raise any interrupt of the host.");
        if (Together(
            settings,
            file,
            [.. options.Where(line => line.Words.Skip(1).Any(word => IsOn(word, "enable_unsafe_noiommu_mode")))]) is { } without)
            yield return without.Finding(DiagnosisCode.VfioWithoutIommu, FindingGroup.Problem, SwitchEffect.Now,
                "vfio is allowed to work without an IOMMU: a guest could then write to all of the host's memory, "
                    + "and the kernel is marked as tainted.");
    }

    private static IEnumerable<Finding> OfVfio(SettingsFiles settings, SettingsFile file, ImmutableArray<ModprobeLine> lines)
    {
        if (Together(
            settings,
            file,
            [.. lines.Where(line =>
                line.Command == "softdep" && CardDrivers.IsOfCards(Module(line)) && line.Words.Skip(1).Any(IsVfio))]) is { } soft)
            yield return soft.Finding(DiagnosisCode.VfioSoftdep, FindingGroup.Ok, SwitchEffect.NextBoot,
                $"vfio-pci is loaded before {soft.Modules}: together with ids= it takes the card at each boot; "
                    + "without ids= this has no effect.");
        if (Together(
            settings,
            file,
            [.. lines.Where(line =>
                line is { Command: "alias", Words: [var name, var module, ..] }
                && name.StartsWith("pci:", StringComparison.Ordinal)
                && IsVfio(module))]) is { } alias)
            yield return alias.Finding(DiagnosisCode.VfioAlias, FindingGroup.Attention, SwitchEffect.NextBoot,
                "A device's own name loads vfio-pci in place of its driver, so the host driver is not loaded at boot.");
        foreach (var same in lines
            .Where(line => line is { Command: "install", LoadsNothing: false, Words.Length: > 1 } && IsVfio(line.Words[0]))
            .GroupBy(line => line.Words[1])
            .Take(MostOfAKind))
            yield return new Finding(
                DiagnosisCode.VfioInstallCommand,
                FindingGroup.Problem,
                SwitchEffect.Now,
                $"Each time vfio-pci is loaded, also by gputty, {same.Key} is run instead, with whatever addresses are written in it.",
                "To undo it",
                LeftoverRemoval.Of(file, [.. same.Select(line => (line.First, line.Last))], Etc).ThenRebuilt(settings),
                same.First().Where);
    }

    private static string? Ids(ModprobeLine line) =>
        line.Words.Skip(1).FirstOrDefault(word => word.StartsWith("ids=", StringComparison.Ordinal))?["ids=".Length..];

    private static Similar? Together(SettingsFiles settings, SettingsFile file, ImmutableArray<ModprobeLine> lines) =>
        lines.IsEmpty ? null : new Similar(settings, file, lines);

    private static string Module(ModprobeLine line) => KernelModule.Canonical(line.Words[0]);

    internal static bool IsVfio(string module) => KernelModule.Canonical(module) is "vfio_pci" or "vfio" or "pci_stub";

    /// <summary>Parameters of type bool are on without a value (kernel/params.c, param_set_bool).</summary>
    private static bool IsOn(string word, string name) =>
        word == name || (word.StartsWith($"{name}=", StringComparison.Ordinal) && word[(name.Length + 1)..] is "1" or "y" or "Y" or "on");

    private static string Is(Similar lines) => Counted.Word(lines.Count, "is", "are");

    /// <summary>Lines of one file that do the same: one finding, at the first of them.</summary>
    private sealed record Similar(SettingsFiles SettingsFiles, SettingsFile File, ImmutableArray<ModprobeLine> Lines)
    {
        public int Count => Lines.Select(Module).Distinct().Count();
        public string Modules => string.Join(", ", Lines.Select(Module).Distinct());

        /// <summary>What the lines set, but for ids=, which is a finding of its own.</summary>
        public IEnumerable<string> Options =>
            Lines.SelectMany(line => line.Words.Skip(1)).Where(word => !word.StartsWith("ids=", StringComparison.Ordinal));

        public Finding Finding(DiagnosisCode code, FindingGroup group, SwitchEffect effect, string sentence) =>
            new(
                code,
                group,
                effect,
                sentence,
                "To undo it",
                LeftoverRemoval.Of(File, [.. Lines.Select(line => (line.First, line.Last))], Etc).ThenRebuilt(SettingsFiles),
                Lines[0].Where);
    }
}

using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Settings;

namespace GpuTty.Diagnosis;

/// <summary>Options of modules that earlier recipes have written into modprobe.d(5).</summary>
internal static class OptionLeftovers
{
    private const string Firmware = "NVreg_EnableGpuFirmware=0", Memory = "NVreg_InitializeSystemMemoryAllocations=0";

    public static IEnumerable<Finding> Of(
        HostSnapshot host, SettingsFiles settings, SettingsFile file, ImmutableArray<ModprobeLine> lines)
    {
        var options = lines.Where(line => line.Command == "options").ToImmutableArray();
        return [.. OfNvidia(host, settings, file, options), .. OfVfio(host, settings, file, options)];
    }

    private static IEnumerable<Finding> OfNvidia(
        HostSnapshot host, SettingsFiles settings, SettingsFile file, ImmutableArray<ModprobeLine> options)
    {
        if (SimilarLines.Of(
            settings,
            file,
            options.Where(line =>
                line.Words.Contains("modeset=0")
                && (SimilarLines.Module(line) == "nvidia_drm" || CardDrivers.Needing(host, SimilarLines.Module(line)).Any())))
            is { } modeset)
            yield return modeset.Finding(DiagnosisCode.ModesetOff, FindingGroup.Attention, SwitchEffect.Now,
                $"{modeset.Modules} {modeset.Is} loaded without mode setting: this does not keep the desktop from opening the card, "
                    + "and the card cannot show a picture.",
                word => word == "modeset=0");
        // The closed modules work without it; which of both are installed is known only while they are loaded.
        var isOpen = host.Details?.IsNvidiaOpen;
        if (isOpen != false && SimilarLines.Of(settings, file, options.Where(line => line.Words.Contains(Firmware))) is { } firmware)
            yield return Optional(firmware.Finding(DiagnosisCode.NvidiaFirmwareOff, FindingGroup.Attention, SwitchEffect.Now,
                "The driver nvidia is told not to use the card's firmware (GSP), "
                    + (isOpen == true
                        ? "and NVIDIA's open modules, which are loaded, cannot drive a card without it."
                        : "and NVIDIA's open modules, if these are installed, cannot drive a card without it."),
                word => word == Firmware));
        if (SimilarLines.Of(settings, file, options.Where(line => line.Words.Contains(Memory))) is { } memory)
            yield return Optional(memory.Finding(DiagnosisCode.NvidiaMemoryNotCleared, FindingGroup.Attention, SwitchEffect.Never,
                "The driver nvidia gives system memory to programs without clearing it, "
                    + "so one may read what another has left there; a switch does not need this.",
                word => word == Memory));
    }

    private static IEnumerable<Finding> OfVfio(
        HostSnapshot host, SettingsFiles settings, SettingsFile file, ImmutableArray<ModprobeLine> options)
    {
        foreach (var same in options
            .Where(line => SimilarLines.Module(line) is "vfio_pci" or "pci_stub" && Ids(line) is not null)
            .GroupBy(line => (Module: SimilarLines.Module(line), Ids: Ids(line)!))
            .Take(ModuleLeftovers.MostOfAKind))
            yield return ReservedIds.Finding(
                host,
                same.Key.Module,
                same.Key.Ids,
                same.First().Where,
                OptionRemoval.Of(file, [.. same], IsIds, ModuleLeftovers.Etc).ThenRebuilt(settings)).OrByHand(file, ModuleLeftovers.Etc);
        if (SimilarLines.Of(
            settings,
            file,
            options.Where(line => SimilarLines.Module(line) == "vfio_pci" && line.Words.Skip(1).Any(word => !IsIds(word)))) is { } vfio)
            yield return vfio.Finding(
                DiagnosisCode.VfioOptions,
                FindingGroup.Ok,
                SwitchEffect.Never,
                "vfio-pci has options of its own: "
                    + $"{string.Join(' ', vfio.Lines.SelectMany(line => line.Words.Skip(1)).Where(word => !IsIds(word)))}.") with
            {
                Advice = "Nothing to do.",
                Correction = null,
            };
        if (SimilarLines.Of(settings, file, options.Where(line => line.Words.Skip(1).Any(IsUnsafe))) is { } interrupts)
            yield return interrupts.Finding(DiagnosisCode.UnsafeInterrupts, FindingGroup.Attention, SwitchEffect.Never,
                "vfio may give devices to virtual machines although the IOMMU does not remap interrupts: "
                    + "a guest can then raise any interrupt of the host.",
                IsUnsafe);
        if (SimilarLines.Of(settings, file, options.Where(line => line.Words.Skip(1).Any(IsWithoutIommu))) is { } without)
            yield return without.Finding(DiagnosisCode.VfioWithoutIommu, FindingGroup.Problem, SwitchEffect.Now,
                "vfio is allowed to work without an IOMMU: a guest could then write to all of the host's memory, "
                    + "and the kernel is marked as tainted.",
                IsWithoutIommu);
    }

    private static Finding Optional(Finding finding) => finding with { Correction = finding.Correction.Optional() };

    private static string? Ids(ModprobeLine line) => line.Words.Skip(1).FirstOrDefault(IsIds)?["ids=".Length..];

    private static bool IsIds(string word) => word.StartsWith("ids=", StringComparison.Ordinal);

    private static bool IsUnsafe(string word) => IsOn(word, "allow_unsafe_interrupts");

    private static bool IsWithoutIommu(string word) => IsOn(word, "enable_unsafe_noiommu_mode");

    /// <summary>Parameters of type bool are on without a value (kernel/params.c, param_set_bool).</summary>
    private static bool IsOn(string word, string name) =>
        word == name || (word.StartsWith($"{name}=", StringComparison.Ordinal) && word[(name.Length + 1)..] is "1" or "y" or "Y" or "on");
}

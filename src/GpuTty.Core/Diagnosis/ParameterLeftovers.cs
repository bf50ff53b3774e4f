using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;

namespace GpuTty.Diagnosis;

/// <summary>What earlier recipes have written onto the kernel command line of this boot.</summary>
internal static class ParameterLeftovers
{
    /// <summary>Framebuffers of the firmware that video=NAME:off turns off.</summary>
    private static readonly string[] s_firmwareScreens = ["efifb", "vesafb", "simplefb", "simpledrm"];

    public static IEnumerable<Finding> Of(HostSnapshot host, SettingsFiles settings) =>
        KernelCommandLine.Parameters(host.CommandLine)
            .DistinctBy(parameter => parameter.Word)
            .Select(parameter => Of(host, settings, parameter))
            .OfType<Finding>();

    private static Finding? Of(HostSnapshot host, SettingsFiles settings, KernelParameter parameter)
    {
        var listed = KernelCommandLine.Listed(parameter.Value);
        var correction = new Lazy<Correction?>(() => ParameterRemoval.Of(settings, parameter));
        return parameter.Name switch
        {
            "module_blacklist" when Forbidden(host, listed) is { Count: > 0 } functions =>
                Missed(functions, Found(
                    DiagnosisCode.DriverForbidden,
                    FindingGroup.Problem,
                    SwitchEffect.Now,
                    $"The kernel itself refuses to load {Drivers(listed)}, so {CardDrivers.Named(functions)} cannot return to the host.")),
            "modprobe.blacklist" or "rd.driver.blacklist" when CardDrivers.LeftWithout(host, listed).ToList() is { Count: > 0 } functions =>
                Missed(functions, Found(DiagnosisCode.DriverBlacklisted, FindingGroup.Attention, SwitchEffect.NextBoot,
                    $"A blacklist keeps {Drivers(listed)} from being loaded automatically, so {CardDrivers.Named(functions)} "
                        + $"{Text.Counted.Word(functions.Count, "has", "have")} no driver after a boot; "
                        + "on the way to the host, gputty loads what the card had before by its name.")),
            "vfio_pci.ids" or "pci_stub.ids" when parameter.Value is { } ids =>
                Advised(ReservedIds.Finding(
                    host, parameter.Name[..^".ids".Length], ids, Where(), correction.Value)),
            "rd.driver.pre" or "modules_load" or "rd.modules_load" when listed.Any(ModuleLeftovers.IsVfio) =>
                Found(
                    DiagnosisCode.VfioAtBoot,
                    FindingGroup.Ok,
                    SwitchEffect.NextBoot,
                    "vfio-pci is loaded early at each boot: together with ids= it takes the card; without ids= this has no effect."),
            "nouveau.modeset" or "nvidia_drm.modeset" or "amdgpu.modeset" or "radeon.modeset" or "i915.modeset" or "xe.modeset"
                when parameter.Value == "0"
                && (parameter.Name.StartsWith("nvidia", StringComparison.Ordinal)
                    || CardDrivers.Needing(host, parameter.Name[..^".modeset".Length]).Any()) =>
                Found(
                    DiagnosisCode.ModesetOff,
                    parameter.Name.StartsWith("nvidia", StringComparison.Ordinal) ? FindingGroup.Attention : FindingGroup.Problem,
                    SwitchEffect.Now,
                    parameter.Name.StartsWith("nvidia", StringComparison.Ordinal)
                        ? "nvidia_drm is loaded without mode setting: this does not keep the desktop from opening the card, "
                            + "and the card cannot show a picture."
                        : $"With modeset=0, {parameter.Name[..^".modeset".Length]} does not bind to any card, "
                            + "so a card that needs it has no driver."),
            "nomodeset" =>
                Found(
                    DiagnosisCode.Nomodeset,
                    FindingGroup.Problem,
                    SwitchEffect.Now,
                    "nomodeset keeps the kernel's graphics drivers from binding to any card: one that returns to the host stays dark."),
            "pcie_acs_override" => Found(DiagnosisCode.AcsOverride, FindingGroup.Attention, SwitchEffect.Never,
                "The kernel treats devices as isolated that the hardware does not isolate: "
                    + "a guest may reach other devices of its actual IOMMU group."),
            "video" when s_firmwareScreens.Any(name => listed.Any(part => part == $"{name}:off")) || listed is ["off", ..] =>
                Console("turns the firmware framebuffer off"),
            "efifb" or "vesafb" when parameter.Value == "off" => Console("turns the firmware framebuffer off"),
            "initcall_blacklist" when listed.Contains("sysfb_init") => Console("keeps the kernel from using the firmware framebuffer"),
            "vfio_iommu_type1.allow_unsafe_interrupts" when parameter.Value is null or "1" or "y" or "Y" or "on" =>
                Found(DiagnosisCode.UnsafeInterrupts, FindingGroup.Attention, SwitchEffect.Never,
                    "vfio may give devices to virtual machines although the IOMMU does not remap interrupts: "
                        + "a guest can then raise any interrupt of the host."),
            "vfio.enable_unsafe_noiommu_mode" when parameter.Value is null or "1" or "y" or "Y" or "on" =>
                Found(DiagnosisCode.VfioWithoutIommu, FindingGroup.Problem, SwitchEffect.Now,
                    "vfio is allowed to work without an IOMMU: a guest could then write to all of the host's memory, "
                        + "and the kernel is marked as tainted."),
            _ => null,
        };

        Finding Console(string what) => Found(DiagnosisCode.ConsoleParameter, FindingGroup.Attention, SwitchEffect.NextBoot,
            $"{parameter.Word} {what}: until a driver is bound to a card there is no picture, and none at all if the driver fails.");

        Finding Found(DiagnosisCode code, FindingGroup group, SwitchEffect effect, string sentence) =>
            Advised(new(
                code,
                group,
                effect,
                sentence,
                "To undo it (then reboot)",
                correction.Value,
                Where()));

        // A list that keeps other modules away as well is taken off only where its owner names it.
        Finding Missed(List<PciDevice> functions, Finding finding) =>
            listed.All(module => CardDrivers.IsMissedBy(host, functions, module)) ? finding
            : finding with { Correction = finding.Correction?.Optional() };

        Finding Advised(Finding finding) => finding.Correction is not null || finding.Advice.EndsWith('.') ? finding
            : finding with { Advice = ParameterRemoval.Advice(settings, parameter) };

        SourceLine Where() =>
            LeftoverRemoval.Places(settings, parameter) is [var (file, line), ..] ? new(file.Path, line) : new("/proc/cmdline", null);
    }

    private static List<PciDevice> Forbidden(HostSnapshot host, string[] modules) =>
        [.. modules.SelectMany(module => CardDrivers.Needing(host, module)).Distinct()];

    private static string Drivers(string[] modules) => string.Join(", ", modules.Where(CardDrivers.IsOfCards));
}

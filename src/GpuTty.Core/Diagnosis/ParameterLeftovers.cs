using GpuTty.Host;
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
        return parameter.Name switch
        {
            "modprobe.blacklist" or "rd.driver.blacklist" or "module_blacklist" when Needed(host, listed) is { Length: > 0 } modules =>
                parameter.Name == "module_blacklist"
                ? Found(
                    DiagnosisCode.DriverForbidden,
                    FindingGroup.Problem,
                    SwitchEffect.Now,
                    $"The kernel itself refuses to load {modules}, so the card cannot come back to the host.")
                : Found(DiagnosisCode.DriverBlacklisted, FindingGroup.Attention, SwitchEffect.NextBoot,
                    $"{modules} is kept from loading by itself, so the card has no driver after a start; "
                        + "on the way to the host gputty loads by name what the card had before."),
            "vfio_pci.ids" or "pci_stub.ids" when parameter.Value is { } ids =>
                Advised(ReservedIds.Finding(
                    host, parameter.Name[..^".ids".Length], ids, Where(), LeftoverRemoval.OfParameter(settings, parameter))),
            "rd.driver.pre" or "modules_load" or "rd.modules_load" when listed.Any(ModuleLeftovers.IsVfio) =>
                Found(
                    DiagnosisCode.VfioAtBoot,
                    FindingGroup.Ok,
                    SwitchEffect.NextBoot,
                    "vfio-pci is loaded early in each start: together with ids= the card is at vfio-pci then; without it nothing happens."),
            "nouveau.modeset" or "nvidia_drm.modeset" or "amdgpu.modeset" or "radeon.modeset" or "i915.modeset" or "xe.modeset"
                when parameter.Value == "0"
                && (parameter.Name.StartsWith("nvidia", StringComparison.Ordinal)
                    || CardDrivers.Needing(host, parameter.Name[..^".modeset".Length]).Any()) =>
                Found(
                    DiagnosisCode.ModesetOff,
                    parameter.Name.StartsWith("nvidia", StringComparison.Ordinal) ? FindingGroup.Attention : FindingGroup.Problem,
                    SwitchEffect.Now,
                    parameter.Name.StartsWith("nvidia", StringComparison.Ordinal)
                        ? "nvidia_drm is loaded without mode setting: that does not keep the desktop from opening the card, "
                            + "and no picture can come out of it."
                        : $"{parameter.Name[..^".modeset".Length]} does nothing at all with modeset=0, "
                            + "so a card that needs it gets no driver."),
            "nomodeset" =>
                Found(
                    DiagnosisCode.Nomodeset,
                    FindingGroup.Problem,
                    SwitchEffect.Now,
                    "nomodeset keeps every graphics driver of the kernel from taking a card: one that comes back to the host stays dark."),
            "pcie_acs_override" => Found(DiagnosisCode.AcsOverride, FindingGroup.Attention, SwitchEffect.Never,
                "The kernel pretends that devices are parted which the hardware does not part: "
                    + "a guest may read and write other devices of its real group."),
            "video" when s_firmwareScreens.Any(name => listed.Any(part => part == $"{name}:off")) || listed is ["off", ..] =>
                Console("turns the firmware's screen off"),
            "efifb" or "vesafb" when parameter.Value == "off" => Console("turns the firmware's screen off"),
            "initcall_blacklist" when listed.Contains("sysfb_init") => Console("keeps the kernel from using the firmware's screen"),
            "vfio_iommu_type1.allow_unsafe_interrupts" when parameter.Value is null or "1" or "y" or "Y" or "on" =>
                Found(DiagnosisCode.UnsafeInterrupts, FindingGroup.Attention, SwitchEffect.Never,
                    "Virtual machines may have devices although the IOMMU cannot part their interrupts: "
                        + "a guest can then raise any interrupt of the host."),
            "vfio.enable_unsafe_noiommu_mode" when parameter.Value is null or "1" or "y" or "Y" or "on" =>
                Found(DiagnosisCode.VfioWithoutIommu, FindingGroup.Problem, SwitchEffect.Now,
                    "vfio is allowed to work without an IOMMU: a guest could then write all memory of the host, "
                        + "and the kernel is marked as tainted."),
            _ => null,
        };

        Finding Console(string what) => Found(DiagnosisCode.ConsoleParameter, FindingGroup.Attention, SwitchEffect.NextBoot,
            $"{parameter.Word} {what}: until a driver takes a card there is no picture, and none at all where the driver fails.");

        Finding Found(DiagnosisCode code, FindingGroup group, SwitchEffect effect, string sentence) =>
            Advised(new(
                code,
                group,
                effect,
                sentence,
                "To undo it, and then reboot",
                LeftoverRemoval.OfParameter(settings, parameter),
                Where()));

        Finding Advised(Finding finding) => finding.Correction is not null ? finding
            : LeftoverRemoval.Places(settings, parameter).IsEmpty && settings.CommandLines.Length > 0
                ? finding with
                {
                    Advice = "It is written down no more in "
                        + $"{Text.Counted.Names([.. settings.CommandLines.Select(file => file.Path)], 3)}: "
                        + "take it over to the boot loader where that has not been done, then reboot.",
                }
                : finding with
                {
                    Advice = $"Take {parameter.Word} out of the kernel command "
                        + $"line{(LeftoverRemoval.Places(settings, parameter) is [var (file, _), ..] ? $" in {file.Path}" : "")}"
                        + ", then reboot.",
                };

        SourceLine Where() =>
            LeftoverRemoval.Places(settings, parameter) is [var (file, line), ..] ? new(file.Path, line) : new("/proc/cmdline", null);
    }

    private static string Needed(HostSnapshot host, string[] modules)
    {
        var meant = modules.Where(CardDrivers.IsOfCards).ToList();
        return meant.Any(module => CardDrivers.Needing(host, module).Any()) ? string.Join(", ", meant) : "";
    }
}

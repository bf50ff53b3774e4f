using GpuTty.Host;
using GpuTty.Host.Settings;

namespace GpuTty.Diagnosis;

/// <summary>Parameters that are written down for the next start and that the running kernel was not started with.</summary>
internal static class CommandLineFindings
{
    /// <summary>Those that decide about cards; a console or a swap partition is nobody's business here.</summary>
    private static readonly string[] s_names =
    [
        "intel_iommu", "amd_iommu", "iommu", "intremap", "vfio_pci.ids", "pci_stub.ids", "modprobe.blacklist",
        "rd.driver.blacklist", "module_blacklist", "rd.driver.pre", "nomodeset",
        "pcie_acs_override", "video", "efifb", "vesafb",
        "initcall_blacklist", "nvidia_drm.modeset", "nouveau.modeset", "amdgpu.modeset",
        "vfio_iommu_type1.allow_unsafe_interrupts",
    ];

    public static IEnumerable<Finding> Of(HostSnapshot host, SettingsFiles settings)
    {
        var started = KernelCommandLine.Parameters(host.CommandLine).Select(parameter => parameter.Word).ToHashSet();
        return from file in settings.CommandLines
               from line in file.Lines
               from parameter in KernelCommandLine.Parameters(Arguments(settings, file, line.Text)).DistinctBy(one => one.Word)
               where s_names.Contains(parameter.Name) && !started.Contains(parameter.Word)
               let written = LeftoverRemoval.ParameterWritten(settings, file, parameter)
               select new Finding(
                   DiagnosisCode.ParameterNotStarted,
                   FindingGroup.Attention,
                   SwitchEffect.NextBoot,
                   $"{Text.Visible.Text(parameter.Word, 80)} is configured, but the running kernel was not booted with it.",
                   written is null
                       ? "Reboot, then check again."
                       : "To update the boot loader configuration, if you have not done so yet (then reboot)",
                   written is null ? null : Correction.ByCommand(written).ThenRestart(),
                   new SourceLine(file.Path, line.Number));
    }

    /// <summary>Only of files that are the machine's one command line: entries
    /// of a boot loader are several, and one of them was started.</summary>
    private static string Arguments(SettingsFiles settings, SettingsFile file, string line)
    {
        if (file.Path is "/etc/kernel/cmdline" or "/usr/lib/kernel/cmdline"
            || file.Path.StartsWith("/etc/cmdline.d/", StringComparison.Ordinal))
            return line.TrimStart().StartsWith('#') ? "" : line;
        string[] names = file.Path == SettingsFiles.SdbootManage && settings.HasSdbootManage ? ["LINUX_OPTIONS="]
            : file.Path.StartsWith("/etc/default/grub", StringComparison.Ordinal) ? ["GRUB_CMDLINE_LINUX_DEFAULT=", "GRUB_CMDLINE_LINUX="]
            : [];
        foreach (var name in names)
            if (line.TrimStart().StartsWith(name, StringComparison.Ordinal))
                return CommandLineFiles.Assigned(line.TrimStart()[name.Length..]);
        return "";
    }
}

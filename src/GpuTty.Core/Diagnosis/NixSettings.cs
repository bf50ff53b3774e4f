using GpuTty.Host.Settings;

namespace GpuTty.Diagnosis;

/// <summary>NixOS makes /etc from one configuration, as links into its store: what is changed
/// there in another way fails, or is gone with the next generation of the system.</summary>
internal static class NixSettings
{
    public static bool AreOf(SettingsFiles settings) => settings.Marks.Contains("/etc/NIXOS");

    /// <summary>Of what stands in /etc, what to change in that configuration instead.</summary>
    public static Finding Told(Finding finding) =>
        finding.Where?.Path.StartsWith("/etc/", StringComparison.Ordinal) != true
            || (finding.Correction is null && finding.Advice.EndsWith('.'))
            ? finding
            : finding with { Correction = null, Advice = Advice(finding.Where.Path) };

    public static string Advice(KernelParameter parameter) =>
        $"Remove {parameter.Word} from boot.kernelParams in the NixOS configuration, run nixos-rebuild boot, then reboot.";

    private static string Advice(string path) => path.Split('/')[2] switch
    {
        "modprobe.d" => InConfiguration("that from boot.extraModprobeConfig or boot.blacklistedKernelModules"),
        "modules-load.d" => InConfiguration("that module from boot.kernelModules"),
        "udev" => InConfiguration("that rule from services.udev.extraRules"),
        "systemd" => InConfiguration("that from systemd.services"),
        "X11" => InConfiguration("that from services.xserver"),
        _ => InConfiguration($"what writes {path}"),
    };

    private static string InConfiguration(string what) =>
        $"Remove {what} in the NixOS configuration, run nixos-rebuild boot, then reboot.";
}

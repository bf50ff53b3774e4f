using GpuTty.Host.Settings;

namespace GpuTty.Diagnosis;

/// <summary>Rules of udev that an initramfs has copies of: dracut takes all of /etc/udev/rules.d (udev-rules, hostonly).</summary>
public static class CopiedRules
{
    /// <summary>A rule that does in an initramfs what it does later: without the test for systemd's mark of one.</summary>
    public static bool ActsEarly(SettingsFile rule) => !rule.Text.Contains("initrd-release", StringComparison.Ordinal);

    /// <summary>What to do once such a rule was taken away; null where nothing copies rules.</summary>
    public static string? Remedy(SettingsFiles settings) => settings.InitramfsTool != InitramfsTool.Dracut ? null
        : LeftoverRemoval.Rebuilt(settings) is { } command ? $"Rebuild it: {command}"
        : "Rebuild it for every kernel, as your distribution does.";
}

using GpuTty.Host.Settings;
using GpuTty.Interop;

namespace GpuTty.Linux.Boot;

/// <summary>Which program builds the initramfs: the configuration of one that was removed is often left behind.</summary>
internal static class InitramfsBuilder
{
    /// <summary>EndeavourOS and Garuda have dracut-rebuild, for images that are named as Arch's are.</summary>
    private static readonly string[] s_programs =
        ["usr/bin/mkinitcpio", "usr/sbin/update-initramfs", "usr/bin/booster", "usr/bin/dracut-rebuild"];

    /// <summary>The same settings, with the programs that are there and how the images are named.</summary>
    public static SettingsFiles Told(FileSystemRoot root, SettingsFiles settings) => settings with
    {
        Marks = settings.Marks.Union(s_programs.Where(path => SysFiles.Exists(root.Any(path))).Select(path => $"/{path}")),
        NamesImagesByPackage = SysFiles.Names(root.Any("lib/modules"))
            .Any(kernel => SysFiles.Exists(root.Any($"lib/modules/{kernel}/pkgbase"))),
    };
}

using System.Collections.Immutable;

namespace GpuTty.Host.Settings;

/// <summary>What makes the initramfs, which has copies of settings in it.</summary>
public enum InitramfsTool { Unknown, InitramfsTools, Mkinitcpio, Dracut, Booster }

/// <summary>
/// The configuration files that decide about graphics cards, at one moment: of each kind those that count, in the order in which their
/// own program reads them. What could not be read is an <see cref="Unknown"/> of the snapshot.
/// </summary>
public sealed record SettingsFiles
{
    /// <summary>Kernel parameters that systemd-boot-manager (CachyOS, Manjaro) writes into the entry of each new kernel.</summary>
    public const string SdbootManage = "/etc/sdboot-manage.conf";

    /// <summary>modprobe.d(5).</summary>
    public ImmutableArray<SettingsFile> Modprobe { get; init; } = [];

    /// <summary>Rules of udev(7).</summary>
    public ImmutableArray<SettingsFile> UdevRules { get; init; } = [];

    /// <summary>Units and drop-ins of systemd.unit(5) that an administrator
    /// has made; and vendors' services that are known to move cards.</summary>
    public ImmutableArray<SettingsFile> Units { get; init; } = [];

    /// <summary>Units that are started by themselves: names of links in folders NAME.wants and NAME.requires.</summary>
    public ImmutableHashSet<string> EnabledUnits { get; init; } = [];

    /// <summary>Paths of those of these links that an administrator has made.</summary>
    public ImmutableArray<string> EnablingLinks { get; init; } = [];

    /// <summary>Scripts of libvirt's hooks, and those beside them.</summary>
    public ImmutableArray<SettingsFile> Hooks { get; init; } = [];

    /// <summary>What goes into the initramfs, and modules that are loaded at boot (modules-load.d(5)).</summary>
    public ImmutableArray<SettingsFile> Boot { get; init; } = [];

    /// <summary>Where the kernel command line is written down.</summary>
    public ImmutableArray<SettingsFile> CommandLines { get; init; } = [];

    /// <summary>xorg.conf(5).</summary>
    public ImmutableArray<SettingsFile> Xorg { get; init; } = [];

    /// <summary>Programs of the administrator that are scripts: /usr/local/bin and the like.</summary>
    public ImmutableArray<SettingsFile> Scripts { get; init; } = [];

    /// <summary>Variables of sessions: /etc/environment, environment.d(5).</summary>
    public ImmutableArray<SettingsFile> Environment { get; init; } = [];

    /// <summary>Paths that are there and are known to belong to a program that switches cards, or to a tool that an undo needs.</summary>
    public ImmutableHashSet<string> Marks { get; init; } = [];

    /// <summary>The initramfs of the running kernel; null where none was found.</summary>
    public InitramfsImage? Initramfs { get; init; }

    /// <summary>Images are named by the kernel's package (/boot/initramfs-linux.img), as Arch does, and not by its release.</summary>
    public bool NamesImagesByPackage { get; init; }

    /// <summary>The system cannot be written to while it runs: transactional-update(8) changes
    /// a copy of it (openSUSE MicroOS, Leap Micro), which the next start takes.</summary>
    public bool IsTransactional { get; init; }

    /// <summary>The file alone means nothing: it stays when its program is removed.</summary>
    public bool HasSdbootManage =>
        Marks.Contains("/usr/bin/sdboot-manage") && CommandLines.Any(file => file.Path == SdbootManage);

    /// <summary>Where somebody adds a parameter, in words, so that it is still there with the next kernel.</summary>
    /// <param name="settings">Null where nobody has looked at them.</param>
    public static string CommandLineToAddTo(SettingsFiles? settings) =>
        settings is { HasSdbootManage: true }
            ? $"the kernel command line (LINUX_OPTIONS in {SdbootManage}, then run sdboot-manage gen)"
            : "the kernel command line";

    public InitramfsTool InitramfsTool =>
        Builds("/etc/mkinitcpio.conf", "/usr/bin/mkinitcpio") ? InitramfsTool.Mkinitcpio
        : Builds("/etc/initramfs-tools", "/usr/sbin/update-initramfs") ? InitramfsTool.InitramfsTools
        : Builds("/etc/booster.yaml", "/usr/bin/booster") ? InitramfsTool.Booster
        : HasDracut ? InitramfsTool.Dracut
        : InitramfsTool.Unknown;

    private bool HasDracut => Marks.Contains("/usr/bin/dracut");

    /// <summary>Beside dracut the configuration alone means nothing: it stays when its program is removed.</summary>
    private bool Builds(string configuration, string program) =>
        Marks.Contains(configuration) && (!HasDracut || Marks.Contains(program));
}

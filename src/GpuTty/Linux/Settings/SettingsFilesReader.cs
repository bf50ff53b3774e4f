using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Settings;
using GpuTty.Interop;

namespace GpuTty.Linux.Settings;

/// <summary>Takes the picture of the configuration files. Reads files and names only: no device is touched, no program run.</summary>
internal static class SettingsFilesReader
{
    private static readonly string[] s_units = ["etc/systemd/system", "run/systemd/system", "usr/local/lib/systemd/system"];
    /// <summary>Where the partition that the machine is started from may be, and Limine's file on it (Limine, CONFIG.md).</summary>
    private static readonly string[] s_boot = ["boot", "efi", "boot/efi"];
    private static readonly string[] s_limine =
        ["limine.conf", "limine/limine.conf", "EFI/limine/limine.conf", "EFI/arch-limine/limine.conf", "EFI/BOOT/limine.conf"];

    private static readonly string[] s_vendorUnits = ["usr/lib/systemd/system", "lib/systemd/system"];

    /// <summary>Paths whose being there means something, with those of tools that an undo is made with.</summary>
    private static readonly string[] s_marks =
    [
        "etc/mkinitcpio.conf", "etc/initramfs-tools", "etc/booster.yaml", "usr/bin/dracut", "usr/sbin/update-grub",
        "usr/sbin/grub2-mkconfig", "usr/sbin/proxmox-boot-tool", "usr/bin/kernel-install", "usr/bin/limine-update",
        "usr/sbin/grubby", "usr/bin/grubby", "run/ostree-booted", "usr/bin/sdbootutil", "usr/bin/sdboot-manage", "etc/NIXOS",
        "etc/gpupt", "etc/vfio.conf", "etc/vfio-passthrough.conf",
        "run/vfio_state", "etc/prime-discrete", "etc/optimus-manager", "var/cache/envycontrol", "var/lib/envycontrol",
        "etc/supergfxd.conf", "etc/modprobe.d/supergfxd.conf", "usr/lib/systemd/system/supergfxd.service",
        "etc/systemd/system/supergfxd.service",
    ];

    /// <param name="modprobe">modprobe.d, which has been read already.</param>
    /// <param name="unknowns">Gets what cannot be read.</param>
    public static SettingsFiles Read(FileSystemRoot root, ImmutableArray<SettingsFile> modprobe, List<Unknown> unknowns)
    {
        var files = new BoundedFiles(root, unknowns, UnknownFact.SettingsFiles, "configuration files");
        var enabling = Enabling(files).ToList();
        return new SettingsFiles
        {
            Modprobe = modprobe,
            UdevRules = files.Merged(
                ["etc/udev/rules.d", "run/udev/rules.d", "usr/local/lib/udev/rules.d", "usr/lib/udev/rules.d", "lib/udev/rules.d"],
                ".rules"),
            Units = [.. Units(files)],
            EnabledUnits = [.. enabling.Select(link => link[(link.LastIndexOf('/') + 1)..])],
            EnablingLinks = [.. enabling.Where(link => s_units.Any(folder => link.StartsWith($"/{folder}/", StringComparison.Ordinal)))],
            Hooks = [.. Hooks(files)],
            Boot = [.. Boot(files)],
            CommandLines = [.. CommandLines(files)],
            Xorg = [.. Xorg(files)],
            Scripts = [.. ((string[])["usr/local/bin", "usr/local/sbin"]).SelectMany(files.Scripts)],
            Environment = [
                .. OfNames(files, "etc/environment"),
                .. files.Merged(
                    ["etc/environment.d", "run/environment.d", "usr/local/lib/environment.d", "usr/lib/environment.d"], ".conf"),
            ],
            IsTransactional = files.IsSeen("usr/sbin/transactional-update") && IsReadOnly(root),
            Marks = [.. s_marks
                .Concat(files
                    .Names("usr/lib")
                    .Where(name => name.StartsWith("gpu-hotswitch", StringComparison.Ordinal))
                    .Select(name => $"usr/lib/{name}"))
                .Where(files.Exists)
                .Select(path => $"/{path}")],
        };
    }

    /// <summary>Of what is mounted over another only the last counts (proc(5), mountinfo).</summary>
    private static bool IsReadOnly(FileSystemRoot root) =>
        SysFiles.Lines(root.Proc("self/mountinfo"))
            .Select(line => line.Split(' '))
            .Where(mount => mount.Length > 5 && mount[4] is "/" or "/usr")
            .GroupBy(mount => mount[4])
            .Any(place => place.Last()[5].Split(',').Contains("ro"));

    /// <summary>An administrator's units and drop-ins of all folders; of the vendors' only drop-ins of display managers.</summary>
    private static IEnumerable<SettingsFile> Units(BoundedFiles files)
    {
        var names = s_units.SelectMany(folder => files.Names(folder).Select(name => (folder, name))).ToList();
        foreach (var (folder, name) in names
            .Where(unit => unit.name.EndsWith(".service", StringComparison.Ordinal))
            .DistinctBy(unit => unit.name))
            if (files.File($"{folder}/{name}") is { } unit) yield return unit;
        var dropIns = names.Where(unit => unit.name.EndsWith(".service.d", StringComparison.Ordinal)).Select(unit => unit.name).Distinct();
        foreach (var name in dropIns)
            foreach (var file in files.Merged([.. s_units.Concat(s_vendorUnits).Select(folder => $"{folder}/{name}")], ".conf"))
                yield return file;
    }

    private static IEnumerable<string> Enabling(BoundedFiles files) =>
        from folder in s_units.Concat(s_vendorUnits)
        from name in files.Names(folder)
        where name.EndsWith(".wants", StringComparison.Ordinal) || name.EndsWith(".requires", StringComparison.Ordinal)
        from unit in files.Names($"{folder}/{name}")
        select $"/{folder}/{name}/{unit}";

    /// <summary>libvirt runs hooks/DRIVER and all of hooks/DRIVER.d; NixOS keeps them
    /// in /var/lib; recipes put their helpers beside them and into /bin.</summary>
    private static IEnumerable<SettingsFile> Hooks(BoundedFiles files) =>
    [
        .. files.Tree("etc/libvirt/hooks", 5), .. files.Tree("var/lib/libvirt/hooks", 5),
        .. OfNames(files, "usr/bin/vfio-startup.sh", "usr/bin/vfio-teardown.sh", "usr/bin/vfio-startup", "usr/bin/vfio-teardown"),
    ];

    private static IEnumerable<SettingsFile> Boot(BoundedFiles files) =>
    [
        .. OfNames(files, "etc/initramfs-tools/modules", "etc/mkinitcpio.conf", "etc/booster.yaml", "etc/modules"),
        .. files.Merged(["etc/mkinitcpio.conf.d"], ".conf"),
        .. Dracut(files),
        .. files.Merged(["etc/modules-load.d", "run/modules-load.d", "usr/local/lib/modules-load.d", "usr/lib/modules-load.d"], ".conf"),
        .. files.Tree("etc/initramfs-tools/scripts", 2), .. files.Tree("etc/initramfs-tools/hooks", 0),
        .. files.Tree("etc/initcpio/hooks", 0), .. files.Tree("etc/initcpio/install", 0),
        // What the recipes for two equal cards have modprobe run.
        .. ((string[])["sbin", "usr/sbin", "usr/local/sbin", "usr/bin", "usr/local/bin"])
            .SelectMany(folder =>
                OfNames(files, $"{folder}/vfio-pci-override.sh", $"{folder}/vfio-pci-override-vga.sh", $"{folder}/vfio-pci-override"))
            .DistinctBy(file => file.Name),
    ];

    private static IEnumerable<SettingsFile> CommandLines(BoundedFiles files) =>
    [
        .. OfNames(files, "etc/default/grub"),
        .. files.Merged(["etc/default/grub.d"], ".cfg"),
        // The first that is there counts (kernel-install(8)).
        .. OfNames(files, "etc/kernel/cmdline", "usr/lib/kernel/cmdline").Take(1),
        .. files.Merged(["etc/cmdline.d"], ".conf"),
        .. Dracut(files).Where(file => file.Text.Contains("kernel_cmdline", StringComparison.Ordinal)),
        .. OfNames(files, "etc/kernelstub/configuration", SettingsFiles.SdbootManage[1..]),
        .. files.Merged(["boot/loader/entries", "efi/loader/entries", "boot/efi/loader/entries"], ".conf"),
        // A partition of the firmware takes no account of case: what is below /boot/EFI may be seen below /boot/efi as well.
        .. OfNames(files, [.. s_boot
            .SelectMany(folder => s_limine.Select(name => $"{folder}/{name}"))
            .Prepend("boot/refind_linux.conf")
            .Where(files.IsSeen)
            .DistinctBy(path => path, StringComparer.OrdinalIgnoreCase)]),
        .. OfNames(files, "etc/default/limine"),
    ];

    private static IEnumerable<SettingsFile> Dracut(BoundedFiles files) =>
        [.. OfNames(files, "etc/dracut.conf"), .. files.Merged(["etc/dracut.conf.d", "usr/lib/dracut/dracut.conf.d"], ".conf")];

    private static IEnumerable<SettingsFile> Xorg(BoundedFiles files) =>
        [
            .. OfNames(files, "etc/X11/xorg.conf"),
            .. files.Merged(["etc/X11/xorg.conf.d"], ".conf"),
            .. files.Merged(["usr/share/X11/xorg.conf.d"], ".conf"),
        ];

    private static IEnumerable<SettingsFile> OfNames(BoundedFiles files, params string[] paths) =>
        paths.Select(files.File).OfType<SettingsFile>();
}

using GpuTty.Diagnosis;
using GpuTty.Host;
using GpuTty.Linux;
using GpuTty.Tests.Linux;

namespace GpuTty.Tests.Diagnosis;

/// <summary>A recipe as its article leaves it on the disk, written anew: what
/// it adds to a machine, and what the doctor has to say of it.</summary>
/// <param name="Files">Path and text; a name that ends with * may be executed; a text that begins with -> is a link.</param>
/// <param name="CommandLine">What it adds to the kernel command line, which is kept in /etc/default/grub.</param>
/// <param name="Finds">Code and place of each finding that is not of the group ok.</param>
internal sealed record Recipe(
    string Name, (string Path, string Text)[] Files, string CommandLine, params (DiagnosisCode Code, string Where)[] Finds)
{
    /// <summary>Files of the machine before the recipe, where it only adds lines to them.</summary>
    public (string Path, string Text)[] Before { get; init; } = [];

    public Action<MachineTree> Kernel { get; init; } = _ => { };
}

/// <summary>A desktop machine: the processor's graphics, and a card of NVIDIA's with sound, whose driver is bound.</summary>
internal sealed class RecipeMachine : IDisposable
{
    private const string Release = "6.12.0";
    private readonly LinuxHostReader _reader;

    public RecipeMachine()
    {
        Tree.File("proc/sys/kernel/osrelease", $"{Release}\n")
            .File(
                "proc/sys/kernel/tainted", "0\n")
            .Folder("proc/self")
            .Folder("run/systemd/system")
            .Pci("0000:00:02.0", "030000", "8086:a780")
            .Driver("0000:00:02.0", "i915", "i915")
            .Group(0, "0000:00:02.0")
            .Attribute(
                    "0000:00:02.0", "boot_vga", "1\n")
            .Pci("0000:01:00.0", "030000", "10de:2684")
            .Driver("0000:01:00.0", "nvidia", "nvidia")
            .Group(1, "0000:01:00.0")
            .Attribute(
                    "0000:01:00.0", "boot_vga", "0\n")
            .Pci("0000:01:00.1", "040300", "10de:22ba")
            .Driver("0000:01:00.1", "snd_hda_intel", "snd_hda_intel")
            .Group(1, "0000:01:00.1")
            .Attribute("0000:01:00.0", "modalias", "pci:v000010DEd00002684sv00001043sd0000889Dbc03sc00i00\n")
            .Attribute(
                    "0000:01:00.1", "modalias", "pci:v000010DEd000022BAsv00001043sd0000889Dbc04sc03i00\n")
            .File(
                    $"lib/modules/{Release}/modules.alias",
                    "alias pci:v000010DEd*sv*sd*bc03sc00i00* nvidia\nalias pci:v000010DEd*sv*sd*bc03sc*i* nouveau\nalias "
                        + "pci:v*d*sv*sd*bc04sc03i00* snd_hda_intel\n")
            .Folder("etc/initramfs-tools")
            .Folder("etc/systemd/system")
            .File("usr/sbin/update-grub", "#!/bin/sh\n")
            // What packages leave on every machine of this kind, and what is nobody's leftover.
            .File("usr/lib/modprobe.d/nvidia-utils.conf", "blacklist nouveau\noptions nvidia_drm modeset=1\n")
            .File("etc/modprobe.d/alsa-base.conf", "options snd_hda_intel power_save=1\n")
            .File(
                "usr/lib/udev/rules.d/71-seat.rules",
                "SUBSYSTEM==\"drm\", KERNEL==\"card[0-9]*\", TAG+=\"seat\", TAG+=\"master-of-seat\"\n")
            .File(
                "usr/lib/udev/rules.d/60-drm.rules",
                "# drm\nACTION!=\"remove\", SUBSYSTEM==\"drm\", SUBSYSTEMS==\"pci|usb|platform\", IMPORT{builtin}=\"path_id\"\n")
            .File("etc/systemd/system/backup.service", "[Service]\nExecStart=/usr/local/bin/backup\n")
            .File("usr/local/bin/backup", "#!/bin/sh\nsystemctl stop mysql\ntar cf /backup.tar /srv\n")
            .File(
                "usr/lib/udev/rules.d/71-nvidia.rules",
                "ACTION==\"remove\", DEVPATH==\"/module/nvidia\", SUBSYSTEM==\"module\", "
                    + "RUN+=\"/sbin/modprobe -r nvidia-modeset\"\nKERNEL==\"nvidia*\", MODE=\"0666\"\n")
            .File("usr/lib/modprobe.d/blacklist-framebuffer.conf", "blacklist nvidiafb\nblacklist radeonfb\n")
            .File(
                "etc/systemd/system/wifi-after-sleep.service",
                "[Service]\nExecStart=/bin/sh -c 'modprobe -r iwlwifi; echo 1 > /sys/bus/pci/rescan; "
                    + "systemctl restart named -c /etc/bind/named.conf'\n")
            .File(
                "usr/local/bin/reset-mouse",
                "#!/bin/sh\necho 1-2 > /sys/bus/usb/drivers/usb/unbind\necho x > /sys/bus/usb/devices/1-2/driver/unbind\nmount --bind "
                    + "/a /b\n")
            .File("etc/X11/xorg.conf.d/00-keyboard.conf", "Section \"InputClass\"\n  Option \"XkbLayout\" \"de\"\nEndSection\n")
            .File("etc/udev/rules.d/99-mine.rules", "SUBSYSTEM==\"drm\", KERNEL==\"card0\", SYMLINK+=\"dri/main\"\n")
            .File("etc/libvirt/hooks/network", "#!/bin/sh\nlogger network\n")
            .File("etc/environment", "LANG=en_US.UTF-8\n")
            .File("etc/default/grub", Grub(""));
        CommandLine("");
        _reader = Readers.For(Tree);
    }

    public MachineTree Tree { get; } = new();
    public IHostReader Reader => _reader;

    public RecipeMachine With(Recipe recipe, bool isApplied = true)
    {
        foreach (var (path, text) in recipe.Before) Put(path, text);
        if (!isApplied) return this;
        foreach (var (path, text) in recipe.Files) Put(path, text);
        CommandLine(recipe.CommandLine);
        recipe.Kernel(Tree);
        return this;
    }

    /// <summary>The kernel's parameters come from the boot loader's settings again.</summary>
    public void Restart() =>
        Tree.File(
            "proc/cmdline",
            $"BOOT_IMAGE=/boot/vmlinuz root=/dev/sda1 {File.ReadLines(Tree.At("etc/default/grub")).ElementAt(1).Split('"')[1]}\n");

    public Task<HostSnapshot> ReadAsync() => _reader.ReadAsync(SnapshotSections.All | SnapshotSections.SettingsFiles, null, default);

    /// <summary>Every file that somebody keeps, below /etc, /usr and /sbin, with its text.</summary>
    public Dictionary<string, string> Kept() => ((string[])["etc", "usr", "sbin"])
        .Select(Tree.At)
        .Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        .ToDictionary(path => path[Tree.Path.Length..], Shown);

    public void Dispose()
    {
        _reader.Dispose();
        Tree.Dispose();
    }

    private static string Shown(string path) => new FileInfo(path).LinkTarget is { } target ? $"-> {target}" : File.ReadAllText(path);

    private static string Grub(string more) =>
        $"GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet{(more.Length > 0 ? " " : "")}{more}\"\nGRUB_CMDLINE_LINUX=\"\"\n";

    private void CommandLine(string more) =>
        Tree.File("proc/cmdline", $"BOOT_IMAGE=/boot/vmlinuz root=/dev/sda1 quiet {more}\n").File("etc/default/grub", Grub(more));

    private void Put(string path, string text)
    {
        var name = path.TrimEnd('*');
        if (text.StartsWith("-> ", StringComparison.Ordinal)) Tree.LinkText(name, text[3..]);
        else Tree.File(name, text);
        if (path.EndsWith('*'))
            File.SetUnixFileMode(
                Tree.At(name),
                UnixFileMode.UserRead
                    | UnixFileMode.UserWrite
                    | UnixFileMode.UserExecute
                    | UnixFileMode.GroupExecute
                    | UnixFileMode.OtherExecute);
    }
}

using GpuTty.Diagnosis;
using GpuTty.Host;
using GpuTty.Linux.Boot;
using GpuTty.Linux.Commands;
using GpuTty.Tests.Linux;

namespace GpuTty.Tests.Diagnosis;

/// <summary>What the next start will go by: the initramfs, and the kernel command line that is written down.</summary>
public sealed class BootFindingsTests
{
    private const string Image = "boot/initrd.img-6.12.0", Leftover = "etc/modprobe.d/vfio.conf";

    [Fact]
    public async Task A_setting_that_is_newer_than_the_initramfs_is_named_with_what_builds_it()
    {
        using var machine = new RecipeMachine();
        machine.Tree.File(Image, "image").File(Leftover, "options vfio-pci ids=10de:2684\n");
        Age(machine, Image, 2);
        Age(machine, Leftover, 1);
        var finding = await FindAsync(machine, DiagnosisCode.InitramfsOutdated);
        Assert.Equal(
            (
                "/boot/initrd.img-6.12.0 was built before /etc/modprobe.d/vfio.conf was changed or removed: "
                    + "the next boot still uses the copy in it.",
                "update-initramfs -u -k all"),
            (finding!.Sentence, finding.Command));
        Age(machine, Image, 0);
        Assert.Null(await FindAsync(machine, DiagnosisCode.InitramfsOutdated));
    }

    [Fact]
    public async Task What_was_not_looked_at_is_unknown_and_only_where_it_matters()
    {
        using var machine = new RecipeMachine();
        machine.Tree.File(Image, "image");
        Assert.Null(await FindAsync(machine, DiagnosisCode.InitramfsUnread));
        machine.Tree.File(Leftover, "options vfio-pci ids=10de:2684\n");
        var unread = await FindAsync(machine, DiagnosisCode.InitramfsUnread);
        Assert.Equal((FindingGroup.Unknown, "Search it with: gputty doctor --initramfs"), (unread!.Group, unread.Advice));
        File.Delete(machine.Tree.At(Image));
        Assert.Contains(
            "no image of this kernel is in the usual places",
            (await FindAsync(machine, DiagnosisCode.InitramfsUnread))!.Sentence,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "lsinitramfs",
        "boot/initrd.img-6.12.0",
        "etc/modprobe.d/gone.conf\nusr/lib/modules/6.12.0/kernel/drivers/vfio/pci/vfio-pci.ko.xz\n")]
    [InlineData(
        "lsinitrd",
        "boot/initramfs-6.12.0.img",
        "-rw-r--r--   1 root     root           39 Jan  1  1970 etc/modprobe.d/gone.conf\n-rw-r--r-- 1 root root 9 Jan 1 1970 "
            + "usr/lib/modules/6.12.0/kernel/vfio-pci.ko.xz\n")]
    [InlineData("lsinitcpio", "boot/initramfs-linux.img", "etc/modprobe.d/gone.conf\nusr/lib/modules/6.12.0/kernel/vfio-pci.ko.zst\n")]
    [InlineData("booster", "boot/booster-linux.img", "etc/modprobe.d/gone.conf\nusr/lib/modules/vfio-pci.ko\n")]
    public async Task Its_listing_tells_of_copies_whose_file_is_gone_and_of_modules(string tool, string image, string listing)
    {
        using var machine = new RecipeMachine();
        machine.Tree.File(image, "image").File("lib/modules/6.12.0/pkgbase", "linux\n");
        machine.Tree.File($"tools/{tool}", $"#!/bin/sh\ncat <<'END'\n{listing}END\n");
        File.SetUnixFileMode(machine.Tree.At($"tools/{tool}"), (UnixFileMode)0x1ed);
        using var reader = Readers.For(machine.Tree, new CommandRunner([machine.Tree.At("tools")]));
        var host =
            await reader.ReadAsync(SnapshotSections.All | SnapshotSections.SettingsFiles | SnapshotSections.Initramfs, null, default);
        Assert.Null(host.SettingsFiles!.Initramfs!.Problem);
        var found = Findings.Of(host);
        Assert.Contains(
            "/etc/modprobe.d/gone.conf",
            found.Single(one => one.Code == DiagnosisCode.InitramfsOutdated).Sentence,
            StringComparison.Ordinal);
        Assert.StartsWith(
            $"vfio_pci is in /{image}",
            found.Single(one => one.Code == DiagnosisCode.InitramfsModules).Sentence,
            StringComparison.Ordinal);
        machine.Tree.File("etc/modprobe.d/gone.conf", "# here\n");
        Assert.DoesNotContain(
            Findings.Of(await reader.ReadAsync(
                SnapshotSections.All | SnapshotSections.SettingsFiles | SnapshotSections.Initramfs, null, default)),
            one => one.Code == DiagnosisCode.InitramfsOutdated);
    }

    [Theory]
    [InlineData("exit 1", "lsinitramfs")]
    [InlineData("exit 0", "lists nothing")]
    public async Task A_listing_that_fails_is_unknown(string script, string why)
    {
        using var machine = new RecipeMachine();
        machine.Tree.File(Image, "image").File("tools/lsinitramfs", $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(machine.Tree.At("tools/lsinitramfs"), (UnixFileMode)0x1ed);
        using var reader = Readers.For(machine.Tree, new CommandRunner([machine.Tree.At("tools")]));
        var found = Findings.Of(await reader.ReadAsync(
            SnapshotSections.All | SnapshotSections.SettingsFiles | SnapshotSections.Initramfs, null, default));
        Assert.Contains(why, found.Single(one => one.Code == DiagnosisCode.InitramfsUnread).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_in_a_listing_that_are_no_settings_are_left_out() =>
        Assert.Equal(
            ["/etc/modprobe.d/a.conf", "/usr/lib/modprobe.d/b.conf"],
            InitramfsReader.Settings(
                "./etc/modprobe.d/a.conf\nusr/lib/modprobe.d/b.conf\netc/modprobe.d\nmodprobe.d\netc/udev/rules.d/x.rules\n").Order());

    [Theory]
    [InlineData("etc/default/grub", "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet intel_iommu=on\"\nGRUB_CMDLINE_LINUX=\"\"\n", "update-grub")]
    [InlineData("etc/kernel/cmdline", "root=/dev/sda1 intel_iommu=on\n", null)]
    [InlineData("etc/cmdline.d/iommu.conf", "intel_iommu=on\n", "update-initramfs -u -k all")]
    public async Task A_parameter_that_the_machine_was_not_started_with_is_named(string file, string text, string? command)
    {
        using var machine = new RecipeMachine();
        machine.Tree.File(file, text);
        var finding = await FindAsync(machine, DiagnosisCode.ParameterNotStarted);
        Assert.Equal(
            ("intel_iommu=on is configured, but the running kernel was not booted with it.", $"/{file}", command),
            (finding!.Sentence, finding.Where!.Path, finding.Command));
        machine.Tree.File("proc/cmdline", "root=/dev/sda1 quiet intel_iommu=on\n");
        Assert.Null(await FindAsync(machine, DiagnosisCode.ParameterNotStarted));
    }

    /// <summary>grub2-mkconfig leaves entries of the Boot Loader Specification as they are.</summary>
    [Theory]
    [InlineData("usr/sbin/grubby", "grubby --update-kernel=ALL --args=intel_iommu=on")]
    [InlineData("usr/bin/grubby", "grubby --update-kernel=ALL --args=intel_iommu=on")]
    [InlineData("run/ostree-booted", "rpm-ostree kargs --append-if-missing=intel_iommu=on")]
    public async Task Where_every_entry_has_its_own_command_line_the_parameter_is_given_to_all(string mark, string command)
    {
        using var machine = new RecipeMachine();
        machine.Tree
            .File(mark, "")
            .File("usr/sbin/grub2-mkconfig", "")
            .File("etc/default/grub", "GRUB_CMDLINE_LINUX=\"intel_iommu=on\"\n");
        Assert.Equal(command, (await FindAsync(machine, DiagnosisCode.ParameterNotStarted))!.Command);
    }

    /// <summary>Every kernel has an image, and any may be started next; the configuration of a removed tool stays behind.</summary>
    [Theory]
    [InlineData("update-initramfs -u -k all", "etc/initramfs-tools/x")]
    [InlineData("update-initramfs -u -k all", "etc/initramfs-tools/x", "usr/sbin/update-initramfs", "usr/bin/dracut")]
    [InlineData("dracut --force --regenerate-all", "usr/bin/dracut")]
    [InlineData("dracut --force --regenerate-all", "usr/bin/dracut", "etc/initramfs-tools/x", "etc/booster.yaml")]
    [InlineData("dracut-rebuild", "usr/bin/dracut", "usr/bin/dracut-rebuild", "etc/mkinitcpio.conf", "lib/modules/6.12.0/pkgbase")]
    [InlineData(null, "usr/bin/dracut", "lib/modules/6.12.0/pkgbase")]
    [InlineData("mkinitcpio -P", "usr/bin/mkinitcpio", "etc/mkinitcpio.conf", "usr/bin/dracut", "lib/modules/6.12.0/pkgbase")]
    [InlineData(null, "usr/bin/dracut", "run/ostree-booted")]
    public async Task What_builds_the_initramfs_of_every_kernel_is_told_by_the_program_that_is_there(
        string? command, params string[] files)
    {
        using var machine = new RecipeMachine();
        Directory.Delete(machine.Tree.At("etc/initramfs-tools"));
        foreach (var file in files) machine.Tree.File(file, "");
        machine.Tree.File(Image, "image").File(Leftover, "options vfio-pci ids=10de:2684\n");
        Age(machine, Image, 2);
        Age(machine, Leftover, 1);
        Assert.Equal(command, (await FindAsync(machine, DiagnosisCode.InitramfsOutdated))!.Command);
    }

    /// <summary>One that is named by the release may be there too: dracut makes it when it is run by hand, and nobody loads it.</summary>
    [Fact]
    public async Task The_image_that_is_named_by_the_package_is_looked_at_before_one_that_is_named_by_the_release()
    {
        using var machine = new RecipeMachine();
        machine.Tree
            .File("lib/modules/6.12.0/pkgbase", "linux\n")
            .File("boot/initramfs-linux.img", "")
            .File("boot/initramfs-6.12.0.img", "");
        await ListedByDracutAsync(machine, "boot/initramfs-linux.img");
    }

    private const string Presets = "ALL_kver=\"/boot/vmlinuz-linux\"\nPRESETS=('default')\n#default_image=\"/boot/initramfs-linux.img\"\n";

    /// <summary>Arch with an image that has kernel and initramfs in one.</summary>
    [Theory]
    [InlineData("default_uki=\"/efi/EFI/Linux/arch-linux.efi\"\n", true, true)]
    [InlineData("default_uki=/efi/EFI/Linux/arch-linux.efi # one for all\n", true, true)]
    [InlineData("default_uki=\"/efi/EFI/Linux/arch-linux.efi\"\ndefault_image='/boot/initramfs-linux.img'\n", true, false)]
    [InlineData("#default_uki=\"/efi/EFI/Linux/arch-linux.efi\"\n", true, false)]
    [InlineData("default_uki=\"/efi/EFI/Linux/arch-linux.efi\"\n", false, false)]
    public async Task An_initramfs_that_nobody_starts_any_more_is_not_looked_at(string preset, bool hasMkinitcpio, bool isUnified)
    {
        using var machine = new RecipeMachine();
        machine.Tree
            .File("lib/modules/6.12.0/pkgbase", "linux\n")
            .File("etc/mkinitcpio.d/linux.preset", Presets + preset)
            .File("boot/initramfs-linux.img", "")
            .File("efi/EFI/Linux/arch-linux.efi", "")
            .File(Leftover, "options vfio-pci ids=10de:2684\n");
        if (hasMkinitcpio) machine.Tree.File("usr/bin/mkinitcpio", "");
        Age(machine, "boot/initramfs-linux.img", 2);
        Age(machine, Leftover, 1);
        var host = await machine.ReadAsync();
        Assert.Equal(isUnified ? "/efi/EFI/Linux/arch-linux.efi" : "/boot/initramfs-linux.img", host.SettingsFiles!.Initramfs!.Path);
        Assert.Equal(!isUnified, Findings.Of(host).Any(finding => finding.Code == DiagnosisCode.InitramfsOutdated));
        File.Delete(machine.Tree.At("efi/EFI/Linux/arch-linux.efi"));
        Assert.Equal(isUnified, (await machine.ReadAsync()).SettingsFiles!.Initramfs is null);
    }

    private const string BootRule = "etc/udev/rules.d/04-gputty-boot-0000-01-00.0.rules";

    /// <summary>dracut copies the rules of /etc.</summary>
    [Theory]
    [InlineData("TEST==\"/etc/initrd-release\", GOTO=\"end\"\n", 2, null)]
    [InlineData("TEST==\"/etc/initrd-release\", GOTO=\"end\"\n", 0, "was changed or removed")]
    [InlineData(null, 0, "was changed or removed")]
    [InlineData("ACTION!=\"add\", GOTO=\"end\"\n", 2, "as an earlier version of gputty wrote it")]
    public async Task A_copy_of_an_older_rule_of_gputty_s_in_the_initramfs_is_found(string? text, int age, string? words)
    {
        using var machine = new RecipeMachine();
        Directory.Delete(machine.Tree.At("etc/initramfs-tools"));
        machine.Tree
            .File(Image, "")
            .File("usr/bin/dracut", "")
            .File("tools/lsinitrd", $"#!/bin/sh\necho '-rw-r--r--   1 root     root          512 Jan  1  1970 {BootRule}'\n");
        File.SetUnixFileMode(machine.Tree.At("tools/lsinitrd"), (UnixFileMode)0x1ed);
        Age(machine, Image, 1);
        if (text is not null)
        {
            machine.Tree.File(BootRule, text);
            Age(machine, BootRule, age);
        }
        using var reader = Readers.For(machine.Tree, new CommandRunner([machine.Tree.At("tools")]));
        var host = await reader.ReadAsync(
            SnapshotSections.All | SnapshotSections.SettingsFiles | SnapshotSections.Initramfs, null, default);
        var found = Findings.Of(host).SingleOrDefault(finding => finding.Code == DiagnosisCode.InitramfsOutdated);
        if (words is null)
        {
            Assert.Null(found);
            return;
        }
        Assert.Contains($"/{BootRule} {words}", found!.Sentence, StringComparison.Ordinal);
        Assert.Contains("dracut --force --regenerate-all", found.Action, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Debians_image_is_listed_by_dracuts_tool_where_dracut_makes_it()
    {
        using var machine = new RecipeMachine();
        machine.Tree.File(Image, "");
        await ListedByDracutAsync(machine, Image);
    }

    private static async Task ListedByDracutAsync(RecipeMachine machine, string image)
    {
        machine.Tree.File("tools/lsinitrd", "#!/bin/sh\necho usr/lib/modules/6.12.0/kernel/vfio-pci.ko\n");
        File.SetUnixFileMode(machine.Tree.At("tools/lsinitrd"), (UnixFileMode)0x1ed);
        using var reader = Readers.For(machine.Tree, new CommandRunner([machine.Tree.At("tools")]));
        var host = await reader.ReadAsync(
            SnapshotSections.All | SnapshotSections.SettingsFiles | SnapshotSections.Initramfs, null, default);
        Assert.Equal(($"/{image}", null), (host.SettingsFiles!.Initramfs!.Path, host.SettingsFiles.Initramfs.Problem));
        Assert.Contains("vfio_pci", host.SettingsFiles.Initramfs.Modules!);
    }

    [Fact]
    public async Task Entries_of_a_boot_loader_may_differ_and_consoles_are_nobody_s_business()
    {
        using var machine = new RecipeMachine();
        machine.Tree
            .File("boot/loader/entries/rescue.conf", "options root=/dev/sda1 nomodeset\n")
            .File("etc/default/grub", "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet console=ttyS0\"\n# GRUB_CMDLINE_LINUX=\"nomodeset\"\n");
        Assert.Null(await FindAsync(machine, DiagnosisCode.ParameterNotStarted));
    }

    [Fact]
    public async Task A_parameter_that_was_taken_out_counts_until_the_restart_and_it_is_said_so()
    {
        using var machine = new RecipeMachine();
        machine.Tree.File("proc/cmdline", "root=/dev/sda1 nomodeset\n");
        var finding = await FindAsync(machine, DiagnosisCode.Nomodeset);
        Assert.Equal(
            (
                "It is in none of the files that were looked at (/etc/default/grub): remove it where the boot loader keeps it, "
                    + "or, if you have done so, update the boot loader configuration; then reboot.",
                null),
            (finding!.Action, finding.Command));
    }

    private static void Age(RecipeMachine machine, string path, int hours) =>
        File.SetLastWriteTimeUtc(machine.Tree.At(path), DateTime.UtcNow.AddHours(-hours));

    private static async Task<Finding?> FindAsync(RecipeMachine machine, DiagnosisCode code) =>
        Findings.Of(await machine.ReadAsync()).FirstOrDefault(finding => finding.Code == code);
}

using GpuTty.Diagnosis;

namespace GpuTty.Tests.Diagnosis;

/// <summary>A distribution that keeps its settings elsewhere is told what to change there.</summary>
public sealed class DistributionTests
{
    private static readonly Recipe s_reserved = new(
        "", [("etc/modprobe.d/nixos.conf", "options vfio-pci ids=10de:2684\n")], "nomodeset");

    [Fact]
    public async Task On_NixOS_nothing_is_typed_that_changes_a_link_into_the_store()
    {
        using var machine = NixOs();
        var said = await Diagnosed.OfAsync(machine);
        Assert.All(
            said.All.Where(finding => finding.Where?.Path.StartsWith("/etc/", StringComparison.Ordinal) == true),
            finding => Assert.Null(finding.Command));
        Assert.Empty(said.Fix().Changes);
        var ids = said.Found.Single(one => one.Code == DiagnosisCode.VfioIds);
        Assert.Contains("boot.extraModprobeConfig", ids.Action, StringComparison.Ordinal);
        Assert.Contains("nixos-rebuild boot", ids.Action, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_NixOS_a_kernel_parameter_is_taken_out_of_its_configuration()
    {
        using var machine = NixOs();
        var found = (await Diagnosed.OfAsync(machine)).Found.Single(one => one.Code == DiagnosisCode.Nomodeset);
        Assert.Null(found.Command);
        Assert.Equal(
            "Remove nomodeset from boot.kernelParams in the NixOS configuration, run nixos-rebuild boot, then reboot.", found.Action);
    }

    [Fact]
    public async Task Where_sdbootutil_writes_the_boot_entries_it_is_named()
    {
        using var machine = new RecipeMachine().With(new Recipe(
            "",
            [
                ("etc/modprobe.d/vfio.conf", "options vfio-pci ids=10de:2684\n"),
                ("etc/kernel/cmdline", "root=/dev/sda1 quiet nomodeset\n"),
                ("usr/bin/sdbootutil", ""),
                ("usr/bin/dracut", ""),
                ("usr/bin/kernel-install", ""),
            ],
            "nomodeset"));
        Directory.Delete(machine.Tree.At("etc/initramfs-tools"));
        machine.Tree.File("etc/default/grub", "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n");
        var said = await Diagnosed.OfAsync(machine);
        Assert.EndsWith(
            "sdbootutil update-all-entries",
            said.Found.Single(one => one.Code == DiagnosisCode.Nomodeset).Command,
            StringComparison.Ordinal);
        Assert.EndsWith(
            "sdbootutil mkinitrd", said.Found.Single(one => one.Code == DiagnosisCode.VfioIds).Command, StringComparison.Ordinal);
    }

    /// <summary>openSUSE MicroOS and Leap Micro with GRUB; the program alone is also on systems that are written to.</summary>
    [Theory]
    [InlineData("1 0 0:24 /@/.snapshots/7/snapshot / ro,relatime - btrfs /dev/sda3 ro\n", true)]
    [InlineData("1 0 0:1 / / rw - rootfs none rw\n2 1 0:24 / / ro,relatime shared:1 - btrfs /dev/sda3 rw\n", true)]
    [InlineData("1 0 0:24 / / rw,relatime - btrfs /dev/sda3 rw\n2 1 0:25 / /usr ro - btrfs /dev/sda3 rw\n", true)]
    [InlineData("1 0 0:24 / / rw,relatime - btrfs /dev/sda3 rw\n2 1 0:25 / /home ro - btrfs /dev/sda3 rw\n", false)]
    public async Task Where_the_system_is_read_only_what_follows_is_done_in_a_transaction(string mounts, bool isTransactional)
    {
        using var machine = new RecipeMachine().With(new Recipe(
            "",
            [
                ("etc/modprobe.d/vfio.conf", "options vfio-pci ids=10de:2684\n"),
                ("usr/sbin/transactional-update", ""),
                ("usr/sbin/grub2-mkconfig", ""),
                ("usr/bin/dracut", ""),
                ("proc/self/mountinfo", mounts),
            ],
            "nomodeset"));
        Directory.Delete(machine.Tree.At("etc/initramfs-tools"));
        File.Delete(machine.Tree.At("usr/sbin/update-grub"));
        var fix = (await Diagnosed.OfAsync(machine)).Fix();
        Assert.True(fix.NeedsRestart);
        Assert.Equal(
            isTransactional
                ? ["transactional-update --continue grub.cfg", "transactional-update --continue initrd"]
                : ["dracut --force --regenerate-all", "grub2-mkconfig -o /boot/grub2/grub.cfg"],
            fix.Follow.Order());
    }

    private static RecipeMachine NixOs()
    {
        var machine = new RecipeMachine().With(s_reserved);
        machine.Tree
            .File("etc/NIXOS", "")
            .File("etc/default/grub", "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n")
            .File("boot/loader/entries/nixos-generation-3.conf", "title NixOS\noptions init=/nix/store/x/init nomodeset\n");
        return machine;
    }
}

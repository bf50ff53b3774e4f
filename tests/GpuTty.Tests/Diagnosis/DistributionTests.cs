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

using GpuTty.Diagnosis;
using GpuTty.Host.Settings;

namespace GpuTty.Tests.Diagnosis;

/// <summary>Where a kernel parameter is written down, on whatever boot loader, and where it is not.</summary>
public sealed class CommandLinePlacesTests
{
    private static readonly Recipe s_started = new("", [], "nomodeset");

    [Theory]
    [InlineData("boot/refind_linux.conf", "\"Boot\" \"root=/dev/sda1 ro nomodeset\"\n", "\"Boot\" \"root=/dev/sda1 ro\"\n")]
    [InlineData("boot/limine/limine.conf", "/Linux\n    cmdline: root=/dev/a nomodeset rw\n", "/Linux\n    cmdline: root=/dev/a rw\n")]
    [InlineData("boot/EFI/limine/limine.conf", "/Linux\n    cmdline: nomodeset rw\n", "/Linux\n    cmdline: rw\n")]
    [InlineData("efi/limine.conf", "/Linux\n    cmdline: nomodeset rw\n", "/Linux\n    cmdline: rw\n")]
    [InlineData("etc/sdboot-manage.conf", "LINUX_OPTIONS=\"quiet nomodeset\" # rw\n", "LINUX_OPTIONS=\"quiet\" # rw\n")]
    [InlineData("etc/sdboot-manage.conf", "LINUX_FALLBACK_OPTIONS='nomodeset'\n", "LINUX_FALLBACK_OPTIONS=''\n")]
    [InlineData("etc/dracut.conf.d/cmdline.conf", "kernel_cmdline=\"quiet nomodeset\"\n", "kernel_cmdline=\"quiet\"\n")]
    public async Task A_parameter_is_found_and_taken_out_where_the_machine_is_started_from(string path, string text, string after)
    {
        using var machine = Without(path, text);
        var said = await Diagnosed.OfAsync(machine);
        Assert.Equal($"/{path}", said.Found.Single(one => one.Code == DiagnosisCode.Nomodeset).Where!.Path);
        Assert.Equal(after, said.After(new SettingsFile($"/{path}", text)));
    }

    /// <summary>CachyOS and Manjaro with systemd-boot.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_parameter_that_is_taken_out_does_not_return_with_the_next_kernel(bool hasProgram)
    {
        using var machine = Without("etc/sdboot-manage.conf", "#LINUX_OPTIONS=\"\"\nLINUX_OPTIONS=\"zswap.enabled=0 nomodeset\"\n");
        machine.Tree.File("boot/loader/entries/linux-cachyos.conf", "title CachyOS\noptions root=/dev/sda1 nomodeset\n");
        if (hasProgram) machine.Tree.File("usr/bin/sdboot-manage", "");
        var said = await Diagnosed.OfAsync(machine);
        Assert.Equal("/etc/sdboot-manage.conf:2", said.Found.Single(one => one.Code == DiagnosisCode.Nomodeset).Where!.ToString());
        Assert.Equal(
            ["/boot/loader/entries/linux-cachyos.conf", "/etc/sdboot-manage.conf"],
            said.Fix().Changes.Select(change => change.Change.Path).Order());
        Assert.Equal(hasProgram ? "sdboot-manage gen" : null, said.Fix().Follow.SingleOrDefault());
    }

    [Fact]
    public async Task A_parameter_that_is_added_for_systemd_boot_is_written_where_it_lasts()
    {
        using var machine = Without("etc/sdboot-manage.conf", "LINUX_OPTIONS=\"quiet intel_iommu=on\"\n");
        Assert.DoesNotContain((await Diagnosed.OfAsync(machine)).Found, one => one.Code == DiagnosisCode.ParameterNotStarted);
        machine.Tree.File("usr/bin/sdboot-manage", "");
        var said = await Diagnosed.OfAsync(machine);
        Assert.Equal("sdboot-manage gen", said.Found.Single(one => one.Code == DiagnosisCode.ParameterNotStarted).Command);
        Assert.Contains(
            "add intel_iommu=on to the kernel command line (LINUX_OPTIONS in /etc/sdboot-manage.conf, then run sdboot-manage gen)",
            GpuTty.Planning.Checks.WithoutIommu.Reason(said.Host with { Groups = [] }).Remedy,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_that_has_the_command_line_in_it_is_built_anew()
    {
        using var machine = Without("etc/dracut.conf.d/cmdline.conf", "kernel_cmdline=\"quiet nomodeset\"\n");
        Directory.Delete(machine.Tree.At("etc/initramfs-tools"), recursive: true);
        machine.Tree.File("usr/bin/dracut", "");
        var said = await Diagnosed.OfAsync(machine);
        Assert.Contains(said.Fix().Follow, command => command.StartsWith("dracut ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_kernelstub_keeps_is_left_to_kernelstub()
    {
        using var machine = Without(
            "etc/kernelstub/configuration",
            "{\n  \"user\": {\n    \"kernel_options\": [\n      \"quiet\",\n      \"nomodeset\"\n    ]\n  }\n}\n");
        machine.Tree.File("boot/efi/loader/entries/Pop_OS-current.conf", "title Pop!_OS\noptions root=/dev/sda1 nomodeset\n");
        var said = await Diagnosed.OfAsync(machine);
        var finding = said.Found.Single(one => one.Code == DiagnosisCode.Nomodeset);
        Assert.Equal(
            ("/etc/kernelstub/configuration:5", "kernelstub --delete-options nomodeset"), (finding.Where!.ToString(), finding.Command));
        Assert.Empty(said.Fix().Changes);
    }

    [Theory]
    [InlineData("usr/lib/kernel/cmdline", "root=/dev/sda1 nomodeset\n", "/etc/kernel/cmdline")]
    [InlineData("usr/lib/dracut/dracut.conf.d/50-cmdline.conf", "kernel_cmdline=\"nomodeset\"\n", "/etc/dracut.conf.d/50-cmdline.conf")]
    public async Task A_package_s_file_is_left_and_the_one_that_hides_it_is_named(string path, string text, string own)
    {
        using var machine = Without(path, text);
        var said = await Diagnosed.OfAsync(machine);
        Assert.Empty(said.Fix().Changes);
        Assert.Equal(
            $"Copy /{path} to {own}, remove nomodeset there, update the boot loader configuration, then reboot.",
            said.Found.Single(one => one.Code == DiagnosisCode.Nomodeset).Action);
        machine.Tree.File(own[1..], "quiet\n");
        Assert.Equal(
            "/proc/cmdline", (await Diagnosed.OfAsync(machine)).Found.Single(one => one.Code == DiagnosisCode.Nomodeset).Where!.Path);
    }

    [Fact]
    public async Task A_configuration_whose_checksum_Limine_knows_is_left()
    {
        using var machine = Without("boot/limine.conf", "/Linux\n    cmdline: nomodeset rw\n");
        machine.Tree.File("etc/default/limine", "ENABLE_ENROLL_LIMINE_CONFIG=yes\n");
        var said = await Diagnosed.OfAsync(machine);
        Assert.Empty(said.Fix().Changes);
        Assert.Equal(
            "Remove nomodeset from /boot/limine.conf, enroll its checksum in Limine again, then reboot.",
            said.Found.Single(one => one.Code == DiagnosisCode.Nomodeset).Action);
    }

    [Fact]
    public async Task Where_no_place_is_found_nobody_says_that_it_was_taken_out()
    {
        using var machine = Without("boot/loader/entries/a.conf", "title A\noptions root=/dev/sda1\n");
        Assert.Equal(
            "It is in none of the files that were looked at (/etc/default/grub, /boot/loader/entries/a.conf): remove it where the boot "
                + "loader keeps it, or, if you have done so, update the boot loader configuration; then reboot.",
            (await Diagnosed.OfAsync(machine)).Found.Single(one => one.Code == DiagnosisCode.Nomodeset).Action);
    }

    [Theory]
    [InlineData("GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\" # nomodeset was needed once", null)]
    [InlineData("GRUB_CMDLINE_LINUX_DEFAULT='quiet' # it's nomodeset", null)]
    [InlineData("GRUB_CMDLINE_LINUX_DEFAULT=quiet nomodeset", null)]
    [InlineData("GRUB_CMDLINE_LINUX_DEFAULT=nomodeset # quiet", "nomodeset")]
    [InlineData("GRUB_CMDLINE_LINUX_DEFAULT=\"quiet nomodeset\" # video=efifb:off", "nomodeset")]
    [InlineData("GRUB_CMDLINE_LINUX_DEFAULT=\"a=\\\"b c\\\" nomodeset\"", "nomodeset")]
    public async Task A_remark_behind_a_line_is_no_parameter(string line, string? parameter)
    {
        using var machine = new RecipeMachine();
        machine.Tree.File("etc/default/grub", $"{line}\n");
        Assert.Equal(
            parameter is null ? [] : [$"{parameter} is configured, but the running kernel was not booted with it."],
            (await Diagnosed.OfAsync(machine)).Found.Select(finding => finding.Sentence));
    }

    [Fact]
    public async Task A_remark_is_no_place_from_which_a_parameter_is_taken_out()
    {
        using var machine = Without("etc/default/grub", "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\" # nomodeset was needed once\n");
        var said = await Diagnosed.OfAsync(machine);
        Assert.Empty(said.Fix().Changes);
        Assert.Equal("/proc/cmdline", said.Found.Single().Where!.Path);
    }

    /// <summary>Started with nomodeset, which GRUB's settings do not have.</summary>
    private static RecipeMachine Without(string path, string text)
    {
        var machine = new RecipeMachine().With(s_started);
        machine.Tree.File("etc/default/grub", "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n").File(path, text);
        return machine;
    }
}

using GpuTty.Diagnosis;
using GpuTty.Host.Settings;
using GpuTty.Linux.Settings;
using GpuTty.Linux.State;
using GpuTty.Tests.Cli;

namespace GpuTty.Tests.Diagnosis;

/// <summary>Of modprobe's settings only what is a leftover goes, and what somebody may need stays.</summary>
public sealed class NeededOptionsTests
{
    private const string Mine = "etc/modprobe.d/nvidia.conf", Packaged = "usr/lib/modprobe.d/nvidia.conf";
    private const string Open = "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.86.16  Release Build  (dvs-builder@U16)\n";
    private const string Closed = "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.14  Thu Feb 22 01:44:30 UTC 2024\n";

    private const string Distribution =
        "options nvidia NVreg_UsePageAttributeTable=1 NVreg_InitializeSystemMemoryAllocations=0 \\\n"
            + "    NVreg_DynamicPowerManagement=0x02\noptions nvidia_drm modeset=1\n";

    [Fact]
    public async Task A_package_s_file_with_other_lines_is_not_hidden_and_it_is_said_what_to_do()
    {
        using var machine = new RecipeMachine();
        machine.Tree.File(Packaged, Distribution);
        var said = await Diagnosed.OfAsync(machine);
        Assert.Empty(said.Fix().Changes);
        var plan = said.Fix(DiagnosisCode.NvidiaMemoryNotCleared);
        Assert.Empty(plan.Changes);
        Assert.Equal(
            "To undo it, copy /usr/lib/modprobe.d/nvidia.conf to /etc/modprobe.d and change the copy by hand: "
                + "the package's file has other lines that count.",
            Assert.Single(plan.ByHand).Finding.Action);
    }

    [Fact]
    public async Task What_no_longer_holds_of_a_package_s_file_that_is_hidden_is_shown()
    {
        using var machine = new RecipeMachine();
        machine.Tree.File("usr/lib/modprobe.d/no.conf", "# nothing\ninstall nvidia /bin/false\n").Folder("var/lib");
        var corrections = new Corrections(
            machine.Tree.Root, new StateDirectory(machine.Tree.At("var/lib/gputty")), () => new MemoryStream());
        var said = await Gputty.On("desktop")
            .With(reader: machine.Reader, corrections: corrections)
            .RunAsync("doctor", "--fix", "--dry-run");
        Assert.Contains(
            "the package's file of that name has no effect [driver-forbidden]\n    - install nvidia /bin/false\n",
            said.Out,
            StringComparison.Ordinal);
        Assert.DoesNotContain("# nothing", said.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "options nvidia NVreg_EnableGpuFirmware=0 NVreg_PreserveVideoMemoryAllocations=1\n",
        DiagnosisCode.NvidiaFirmwareOff,
        "options nvidia NVreg_PreserveVideoMemoryAllocations=1\n")]
    [InlineData(
        "# NVreg_EnableGpuFirmware=0\noptions nvidia \\\n  NVreg_PreserveVideoMemoryAllocations=1 \\\n"
            + "  NVreg_EnableGpuFirmware=0\noptions x y=1\n",
        DiagnosisCode.NvidiaFirmwareOff,
        "# NVreg_EnableGpuFirmware=0\noptions nvidia \\\n  NVreg_PreserveVideoMemoryAllocations=1 \\\n\noptions x y=1\n")]
    [InlineData("options nvidia-drm  modeset=0 fbdev=1\n", DiagnosisCode.ModesetOff, "options nvidia-drm fbdev=1\n")]
    [InlineData(
        "options vfio-pci ids=10de:2684 disable_vga=1\n", DiagnosisCode.VfioIds, "options vfio-pci disable_vga=1\n")]
    [InlineData(
        "options vfio_iommu_type1 dma_entry_limit=9 allow_unsafe_interrupts\noptions a allow_unsafe=1\n",
        DiagnosisCode.UnsafeInterrupts,
        "options vfio_iommu_type1 dma_entry_limit=9\noptions a allow_unsafe=1\n")]
    [InlineData("options nvidia NVreg_EnableGpuFirmware=0\n", DiagnosisCode.NvidiaFirmwareOff, null)]
    public async Task Of_a_line_of_options_only_the_word_that_is_meant_goes(string text, DiagnosisCode code, string? after)
    {
        using var machine = new RecipeMachine();
        machine.Tree.File("proc/driver/nvidia/version", Open).File(Mine, text);
        var said = await Diagnosed.OfAsync(machine);
        Assert.Equal(after, said.After(new SettingsFile($"/{Mine}", text), code));
        await Diagnosed.TypeAsync(machine.Tree, said.Found.Single(finding => finding.Code == code).Command!);
        Assert.Equal(after, File.Exists(machine.Tree.At(Mine)) ? await File.ReadAllTextAsync(machine.Tree.At(Mine)) : null);
    }

    [Fact]
    public async Task A_line_that_has_lost_all_its_options_to_several_findings_goes_whole()
    {
        const string Text = "options nvidia NVreg_EnableGpuFirmware=0 NVreg_InitializeSystemMemoryAllocations=0\n";
        using var machine = new RecipeMachine();
        machine.Tree.File("proc/driver/nvidia/version", Open).File(Mine, Text);
        var said = await Diagnosed.OfAsync(machine);
        Assert.Null(said.After(
            new SettingsFile($"/{Mine}", Text), DiagnosisCode.NvidiaFirmwareOff, DiagnosisCode.NvidiaMemoryNotCleared));
        foreach (var finding in said.Found) await Diagnosed.TypeAsync(machine.Tree, finding.Command!);
        Assert.False(File.Exists(machine.Tree.At(Mine)));
    }

    [Theory]
    [InlineData(Open, true)]
    [InlineData(null, true)]
    [InlineData(Closed, false)]
    public async Task Without_the_card_s_firmware_only_the_open_modules_fail(string? version, bool isFound)
    {
        using var machine = new RecipeMachine();
        machine.Tree.File(Mine, "options nvidia NVreg_EnableGpuFirmware=0 NVreg_PreserveVideoMemoryAllocations=1\n");
        if (version is not null) machine.Tree.File("proc/driver/nvidia/version", version);
        var said = await Diagnosed.OfAsync(machine);
        Assert.Equal(isFound, said.Found.Any(finding => finding.Code == DiagnosisCode.NvidiaFirmwareOff));
        Assert.Empty(said.Fix().Changes);
    }

    [Fact]
    public async Task A_framebuffer_driver_is_none_that_a_card_needs()
    {
        using var machine = new RecipeMachine();
        machine.Tree
            .File("lib/modules/6.12.0/modules.alias", "alias pci:v000010DEd*sv*sd*bc03sc*i* nvidiafb\nalias "
                + "pci:v000010DEd*sv*sd*bc03sc*i* nouveau\nalias pci:v*d*sv*sd*bc04sc03i00* snd_hda_intel\n")
            .File("etc/modprobe.d/blacklist.conf", "blacklist nouveau\n")
            .File("etc/modprobe.d/fbdev-blacklist.conf", "blacklist nvidiafb\nblacklist rivafb\nblacklist radeonfb\n");
        File.Delete(machine.Tree.At("sys/devices/pci0000:00/0000:01:00.0/driver"));
        var finding = Assert.Single((await Diagnosed.OfAsync(machine)).Found);
        Assert.Equal("/etc/modprobe.d/blacklist.conf:1", finding.Where!.ToString());
        Assert.StartsWith(
            "nouveau is blacklisted, so the display function 01:00.0 has no driver after a boot;",
            finding.Sentence,
            StringComparison.Ordinal);
    }

    /// <summary>NVIDIA's driver is loaded by itself, so that nouveau must stay away: it could be first at the next boot.</summary>
    [Theory]
    [InlineData("blacklist nouveau\nblacklist snd_hda_intel\n", "blacklist nouveau\n")]
    [InlineData("blacklist snd_hda_intel\n# mine\nblacklist nouveau\n", "# mine\nblacklist nouveau\n")]
    public async Task Beside_a_line_that_costs_the_sound_the_one_that_keeps_nouveau_away_stays(string before, string after)
    {
        using var machine = new RecipeMachine();
        machine.Tree.File("etc/modprobe.d/blacklist.conf", before);
        var said = await Diagnosed.OfAsync(machine);
        var finding = Assert.Single(said.Found, one => one.Code == DiagnosisCode.DriverBlacklisted);
        Assert.StartsWith("snd_hda_intel is blacklisted, so the sound function", finding.Sentence, StringComparison.Ordinal);
        Assert.Equal(after, Assert.IsType<FileChange.Edit>(Assert.Single(said.Fix().Changes).Change).Apply(before));
    }

    [Fact]
    public async Task What_keeps_the_USB_C_part_of_a_card_from_delaying_the_boot_leaves_no_card_without_a_driver()
    {
        using var machine = new RecipeMachine();
        machine.Tree
            .Pci("0000:01:00.3", "0c8000", "10de:1ad9")
            .Driver("0000:01:00.3", "nvidia-gpu", "i2c_nvidia_gpu")
            .Group(1, "0000:01:00.3")
            .File("etc/modprobe.d/boot-delay.conf", "blacklist i2c_nvidia_gpu\nblacklist ucsi_ccg\n");
        Assert.Empty((await Diagnosed.OfAsync(machine)).Found);
        // Beside what does, they stay.
        machine.Tree.File("etc/modprobe.d/boot-delay.conf", "blacklist nvidia\nblacklist nvidia_drm\nblacklist ucsi_ccg\n");
        var said = await Diagnosed.OfAsync(machine);
        Assert.StartsWith(
            "nvidia, nvidia_drm are blacklisted, so the display function 01:00.0 has no driver after a boot;",
            Assert.Single(said.Found).Sentence,
            StringComparison.Ordinal);
        Assert.Equal(
            "blacklist ucsi_ccg\n",
            said.After(new SettingsFile(
                "/etc/modprobe.d/boot-delay.conf", "blacklist nvidia\nblacklist nvidia_drm\nblacklist ucsi_ccg\n")));
    }

    [Fact]
    public async Task A_blacklist_that_leaves_another_driver_leaves_no_card_without_one()
    {
        using var machine = new RecipeMachine();
        machine.Tree
            .File("usr/lib/modprobe.d/nvidia-utils.conf", "options nvidia_drm modeset=1\n")
            .File("etc/modprobe.d/blacklist.conf", "blacklist nvidia\n");
        Assert.Empty((await Diagnosed.OfAsync(machine)).Found);
    }

    [Theory]
    [InlineData("modprobe.blacklist=snd_hda_intel", "A blacklist keeps snd_hda_intel from being loaded automatically, "
        + "so the sound function 01:00.1 has no driver after a boot; "
        + "on the way to the host, gputty loads what the card had before by its name.")]
    [InlineData(
        "module_blacklist=nvidia,nouveau,snd_hda_intel",
        "The kernel itself refuses to load nvidia, nouveau, snd_hda_intel, "
            + "so the display function 01:00.0 and the sound function 01:00.1 cannot return to the host.")]
    public async Task The_functions_that_a_parameter_leaves_without_a_driver_are_named(string parameter, string sentence)
    {
        using var machine = new RecipeMachine().With(new Recipe("", [], parameter));
        Assert.Equal(sentence, Assert.Single((await Diagnosed.OfAsync(machine)).Found).Sentence);
    }
}

using GpuTty.Diagnosis;
using GpuTty.Host.Settings;

namespace GpuTty.Tests.Diagnosis;

/// <summary>A script of the initramfs goes together with what names it, or stays: without it the image could not be built.</summary>
public sealed class BootScriptTests
{
    private const string Script = "#!/bin/sh\necho vfio-pci > /sys/bus/pci/devices/0000:01:00.0/driver_override\n";
    private const string Override = "usr/local/bin/vfio-pci-override.sh";

    [Theory]
    [InlineData(
        Override,
        "etc/mkinitcpio.conf",
        "MODULES=()\nFILES=(/usr/local/bin/vfio-pci-override.sh)\nHOOKS=(base udev modconf)\n",
        "MODULES=()\nFILES=()\nHOOKS=(base udev modconf)\n")]
    [InlineData(
        Override,
        "etc/mkinitcpio.conf.d/vfio.conf",
        "# FILES=(/usr/local/bin/vfio-pci-override.sh)\nFILES+=(/etc/x /usr/local/bin/vfio-pci-override.sh)\n",
        "# FILES=(/usr/local/bin/vfio-pci-override.sh)\nFILES+=(/etc/x)\n")]
    [InlineData(
        "etc/initcpio/hooks/vfio",
        "etc/mkinitcpio.conf",
        "HOOKS=(base udev vfio modconf)\nMODULES=(vfio vfio_pci)\n",
        "HOOKS=(base udev modconf)\nMODULES=(vfio vfio_pci)\n")]
    [InlineData(
        Override,
        "etc/dracut.conf.d/vfio.conf",
        "install_items+=\" /usr/local/bin/vfio-pci-override.sh \"\nhostonly=yes\n",
        "install_items+=\" \"\nhostonly=yes\n")]
    public async Task The_word_that_names_it_goes_as_well(string script, string path, string text, string after)
    {
        using var machine = new RecipeMachine();
        machine.Tree.File(script, Script).File("etc/mkinitcpio.conf", "HOOKS=(base)\n").File(path, text);
        var said = await Diagnosed.OfAsync(machine);
        var changes = said.Fix().Changes.Select(change => change.Change).ToList();
        Assert.Contains(changes, change => change is FileChange.Removal && change.Path == $"/{script}");
        Assert.Equal(after, said.After(new SettingsFile($"/{path}", text)));
        await Diagnosed.TypeAsync(machine.Tree, said.Found.First(one => one.Code == DiagnosisCode.InitramfsScript).Command!);
        Assert.False(File.Exists(machine.Tree.At(script)));
        Assert.Equal(after, await File.ReadAllTextAsync(machine.Tree.At(path)));
    }

    [Theory]
    [InlineData("etc/booster.yaml", "extra_files: vim,/usr/local/bin/vfio-pci-override.sh\n")]
    [InlineData("etc/initramfs-tools/hooks/vfio", "#!/bin/sh\ncopy_exec /usr/local/bin/vfio-pci-override.sh /bin\n")]
    [InlineData(
        "usr/lib/modprobe.d/vfio.conf", "install vfio-pci /usr/local/bin/vfio-pci-override.sh\noptions vfio-pci disable_vga=1\n")]
    public async Task Where_it_cannot_be_taken_out_of_what_names_it_it_stays_and_that_is_said(string path, string text)
    {
        using var machine = new RecipeMachine();
        machine.Tree.File(Override, Script).File(path, text);
        var said = await Diagnosed.OfAsync(machine);
        foreach (var plan in (CorrectionPlan[])[said.Fix(), said.Fix(DiagnosisCode.InitramfsScript), said.Fix(DiagnosisCode.SwitchScript)])
            Assert.DoesNotContain(plan.Changes, change => change.Change.Path == $"/{Override}");
        Assert.Contains(
            said.Fix().ByHand,
            left => left.Finding.Code == DiagnosisCode.InitramfsScript
                && left.Finding.Action.StartsWith($"/{path} names it: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_modprobe_runs_in_the_place_of_vfio_pci_goes_with_its_line_whatever_of_both_is_named()
    {
        using var machine = new RecipeMachine();
        machine.Tree.File(Override, Script).File("etc/modprobe.d/vfio.conf", "install vfio-pci /usr/local/bin/vfio-pci-override.sh\n");
        var said = await Diagnosed.OfAsync(machine);
        Assert.Equal(
            ["/etc/modprobe.d/vfio.conf", $"/{Override}"],
            said.Fix(DiagnosisCode.InitramfsScript).Changes.Select(change => change.Change.Path).Order(StringComparer.Ordinal));
        foreach (var finding in said.Found.Where(one => one.Code is DiagnosisCode.VfioInstallCommand or DiagnosisCode.InitramfsScript))
            await Diagnosed.TypeAsync(machine.Tree, finding.Command!);
        Assert.False(File.Exists(machine.Tree.At("etc/modprobe.d/vfio.conf")));
    }
}

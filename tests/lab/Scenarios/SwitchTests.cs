using GpuTty.Lab.Driver;

namespace GpuTty.Lab.Scenarios;

/// <summary>What users want: the card in the VM, the card back, the desktop there all the while, nothing rebooted.</summary>
public sealed class SwitchTests : SwitchScenario
{
    [ProgramFact]
    public Task One_command_gives_the_card_to_a_vm_and_another_brings_it_home() => PlayAsync(Hardware.TwoGpus, PlayCommandsAsync);

    [ProgramFact]
    public Task The_wizard_on_a_text_console_leads_to_the_vm_and_back() =>
        PlayAsync(Hardware.TwoGpus, PlayWizardAsync);

    [ProgramFact]
    public Task A_dry_run_changes_nothing() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        var before = await machine.Sysfs.SnapshotAsync();
        var plan = await machine.Gputty.ExpectAsync(0, ToVm + " --dry-run");
        Assert.Contains("vfio-pci", plan);
        Sysfs.AssertSame(before, await machine.Sysfs.SnapshotAsync());
    });

    [ProgramFact]
    public Task Asking_for_what_is_so_already_changes_nothing() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        var before = await machine.Sysfs.SnapshotAsync();
        await machine.Gputty.ExpectAsync(0, ToHost);
        Sysfs.AssertSame(before, await machine.Sysfs.SnapshotAsync());
    });

    [ProgramFact]
    public Task The_other_twin_is_never_touched() => PlayAsync(Hardware.Twins, async machine =>
    {
        await machine.Gputty.ExpectAsync(0, ToVm);
        await machine.Pci.AssertCardIsReadyForVmAsync();
        await machine.Pci.AssertDriverAsync("0000:02:00.0", "bochs-drm");
        await machine.Pci.AssertDriverAsync("0000:02:00.1", "snd_hda_intel");
        Assert.Equal("(null)", await machine.Pci.OverrideOfAsync("0000:02:00.0"));
    });
}

using GpuTty.Lab.Driver;

namespace GpuTty.Lab.Scenarios;

/// <summary>What users want: the card in the VM, the card back, the desktop there all the while, nothing rebooted.</summary>
public sealed class SwitchTests : Scenario
{
    [ProgramFact]
    public Task One_command_gives_the_card_to_a_vm_and_another_brings_it_home() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        Assert.Contains("Xorg", await machine.Holders.OfAsync(Pci.Card));
        await machine.Gputty.ExpectAsync(0, ToVm);
        await AssertSwitchedAsync(machine);

        await machine.Gputty.ExpectAsync(0, ToHost);
        await machine.Pci.AssertCardIsHomeAsync();
        await machine.Desktop.AssertUsableAsync();
    });

    [ProgramFact]
    public Task The_wizard_on_a_text_console_leads_to_the_vm_and_back() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        var screen = await machine.Gputty.OpenAsync();
        await screen.SelectAsync();
        await screen.WalkAsync('v', closeSessions: true);
        // The text is there also while the desktop is in front of it.
        await screen.WaitForResultAsync();
        await machine.Gputty.WhenWorkerIsGoneAsync();
        await AssertSwitchedAsync(machine);

        await screen.Console.ShowAsync();
        await screen.Console.TypeAsync("d");
        await machine.Desktop.AssertUsableAsync();
        await machine.Shell.DoAsync(@"printf '\033[3;3Hscribbled over' >/dev/tty3");
        await screen.Console.ShowAsync();
        await screen.Console.WaitForAsync("the screen to be drawn anew", now => !now.Text.Contains("scribbled over", StringComparison.Ordinal)
            && now.Text.Contains("As the machine shows it", StringComparison.Ordinal));
        await screen.Console.TypeAsync("\n");
        await screen.Console.WaitForAsync("01:00.0");
        await screen.WalkAsync('h', closeSessions: true);
        await screen.WaitForResultAsync();
        await machine.Gputty.WhenWorkerIsGoneAsync();
        await machine.Pci.AssertCardIsHomeAsync();
        await machine.Desktop.AssertUsableAsync();
    });

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

    /// <summary>The links, the node, the kernel's own word, a desktop that takes keys, and a VM that reads the card's registers.</summary>
    private static async Task AssertSwitchedAsync(Machine machine)
    {
        await machine.Pci.AssertCardIsReadyForVmAsync();
        await machine.Desktop.AssertUsableAsync();
        await machine.Vm.StartAsync(Pci.Card, Pci.CardSound);
        Assert.Equal("0xb0c5", await machine.Vm.ReadCardAsync(0x500));
        await machine.Vm.StopAsync();
    }
}

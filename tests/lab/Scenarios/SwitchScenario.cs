using GpuTty.Lab.Driver;

namespace GpuTty.Lab.Scenarios;

/// <summary>The card to the VM and home again, each time with a restart of the desktop: the same for every kind of desktop.</summary>
public abstract class SwitchScenario : Scenario
{
    /// <summary>By two commands.</summary>
    protected static async Task PlayCommandsAsync(Machine machine)
    {
        Assert.True(await machine.Desktop.HoldsAsync(Pci.Card));
        await machine.Gputty.ExpectAsync(0, ToVm);
        await AssertSwitchedAsync(machine);

        await machine.Gputty.ExpectAsync(0, ToHost);
        await AssertHomeAsync(machine);
    }

    /// <summary>By the wizard on tty3, with the desktop in front of it for a while.</summary>
    protected static async Task PlayWizardAsync(Machine machine)
    {
        var screen = await machine.Gputty.OpenAsync();
        Assert.DoesNotContain("not on a console", (await screen.Console.ReadAsync()).Text, StringComparison.Ordinal);
        await AssertConsoleIsWholeAsync(machine, screen.Console, "lab: a line of the kernel", "tty3");
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
        await screen.Console.WaitForAsync("the screen to be drawn anew", now =>
            !now.Text.Contains("scribbled over", StringComparison.Ordinal)
            && now.Text.Contains("As the machine shows it", StringComparison.Ordinal));
        await screen.Console.TypeAsync("\n");
        await screen.Console.WaitForAsync("01:00.0");
        await screen.WalkAsync('h', closeSessions: true);
        await screen.WaitForResultAsync();
        await machine.Gputty.WhenWorkerIsGoneAsync();
        await AssertHomeAsync(machine);
    }

    /// <summary>The links, the node, the kernel's own word, a desktop that takes keys, and a VM that reads the card's registers.</summary>
    protected static async Task AssertSwitchedAsync(Machine machine)
    {
        await machine.Pci.AssertCardIsReadyForVmAsync();
        await machine.Desktop.AssertUsableAsync();
        await machine.Vm.StartAsync(Pci.Card, Pci.CardSound);
        Assert.Equal("0xb0c5", await machine.Vm.ReadCardAsync(0x500));
        await machine.Vm.StopAsync();
    }

    protected static async Task AssertHomeAsync(Machine machine)
    {
        await machine.Pci.AssertCardIsHomeAsync();
        await machine.Desktop.AssertUsableAsync();
    }
}

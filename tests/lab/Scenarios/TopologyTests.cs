using GpuTty.Lab.Driver;

namespace GpuTty.Lab.Scenarios;

/// <summary>Machines that are built otherwise: what can be done there is done, and the rest is refused with its reason.</summary>
public sealed class TopologyTests : Scenario
{
    private const string Twin = "0000:02:00.0";

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task A_twin_at_work_keeps_its_driver_and_its_user_on_both_ways() => PlayAsync(Hardware.Twins, async machine =>
    {
        await machine.Holders.StartAsync("worker", "stubborn", await machine.Holders.CardNodeAsync(Twin));
        await machine.Gputty.ExpectAsync(0, ToVm);
        await machine.Pci.AssertCardIsReadyForVmAsync();
        await TwinIsUntouchedAsync(machine);

        await machine.Gputty.ExpectAsync(0, ToHost);
        await machine.Pci.AssertCardIsHomeAsync();
        await TwinIsUntouchedAsync(machine);
        await machine.Desktop.AssertUsableAsync();
    });

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task A_holder_of_the_card_itself_is_not_mistaken_for_one_of_its_twin() => PlayAsync(Hardware.Twins, async machine =>
    {
        await machine.Holders.StartAsync("mule", "stubborn", await machine.Holders.CardNodeAsync(Pci.Card));
        var before = await machine.Sysfs.SnapshotAsync();
        Assert.Contains("hold", await machine.Gputty.ExpectAsync(2, ToVm), StringComparison.Ordinal);
        Sysfs.AssertSame(before, await machine.Sysfs.SnapshotAsync());
    });

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task M24_the_text_console_moves_off_the_card_that_goes_away_and_can_be_read_on_both_ways() =>
        PlayAsync(Hardware.CardFirst, async machine =>
        {
            Assert.Contains(
                "text consoles",
                await machine.Gputty.ExpectAsync(0, $"plan vm --card {Pci.Card} --end-sessions"),
                StringComparison.Ordinal);
            await machine.Gputty.ExpectAsync(0, ToVm);
            await machine.Pci.AssertCardIsReadyForVmAsync();
            await ConsoleCanBeReadAsync(machine, "host-gpu");

            await machine.Gputty.ExpectAsync(0, ToHost);
            await machine.Pci.AssertCardIsHomeAsync();
            await ConsoleCanBeReadAsync(machine, "host-gpu", "gpu");
            await machine.Vt(7).ShowAsync();
            await machine.Desktop.AssertUsableAsync();
        });

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task M18_a_card_in_a_running_vm_stays_there_until_the_vm_has_ended() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        await machine.Gputty.ExpectAsync(0, ToVm);
        await machine.Desktop.WhenUpAsync();
        await machine.Vm.StartAsync(Pci.Card, Pci.CardSound);
        var before = await machine.Sysfs.SnapshotAsync();
        Assert.Contains("qemu-system-x86", await machine.Gputty.ExpectAsync(2, ToHost), StringComparison.Ordinal);
        Sysfs.AssertSame(before, await machine.Sysfs.SnapshotAsync());
        Assert.Equal("0xb0c5", await machine.Vm.ReadCardAsync(0x500));

        await machine.Vm.StopAsync();
        await machine.Gputty.ExpectAsync(0, ToHost);
        await machine.Pci.AssertCardIsHomeAsync();
        await machine.Desktop.AssertUsableAsync();
    });

    private static async Task TwinIsUntouchedAsync(Machine machine)
    {
        await machine.Pci.AssertDriverAsync(Twin, "bochs-drm");
        await machine.Pci.AssertDriverAsync("0000:02:00.1", "snd_hda_intel");
        Assert.Equal("(null)", await machine.Pci.OverrideOfAsync(Twin));
        Assert.Contains("hold", await machine.Holders.OfAsync(Twin));
    }

    /// <summary>Text that is typed there lights up the screen of one of these GPUs.</summary>
    private static async Task ConsoleCanBeReadAsync(Machine machine, params string[] screens)
    {
        var console = machine.Vt(3);
        await console.ShowAsync();
        await console.CommandAsync("clear; seq 200");
        await console.WaitForAsync("200");
        var lit = 0.0;
        await Wait.ForAsync("the text to be on a screen", async () =>
        {
            foreach (var screen in screens) lit = Math.Max(lit, (await machine.Monitor.LookAsync(screen)).Lit);
            return lit > 0.001;
        }, () => $"lit: {lit}; /proc/fb and consoles in artifacts");
    }
}

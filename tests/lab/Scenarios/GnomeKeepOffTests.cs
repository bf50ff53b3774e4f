using GpuTty.Lab.Driver;

namespace GpuTty.Lab.Scenarios;

/// <summary>Keeping GNOME Shell on Wayland, under GDM, off the card.</summary>
[Trait("Lab", "gnome")]
public sealed class GnomeKeepOffTests : KeepOffScenario
{
    [ProgramFact]
    public Task Rounds_there_and_back_leave_gnome_and_its_window_alone() => PlayAsync(Hardware.Gnome, async machine =>
    {
        await machine.Gputty.ExpectAsync(0, On);
        await machine.Shell.DoAsync("modprobe bochs && udevadm settle");
        await PlayRoundsAsync(machine, LabHost.IsFull ? 5 : 1);
    });

    [ProgramFact]
    public Task Without_the_rule_gnome_takes_the_card_or_dies_of_it() => PlayAsync(Hardware.Gnome, async machine =>
    {
        var shell = await machine.Desktop.CompositorAsync();
        await machine.Shell.DoAsync("modprobe bochs && udevadm settle");
        await Wait.ForAsync("gnome-shell to take the card, or to end", async () =>
            await machine.Desktop.HoldsAsync(Pci.Card) || (await machine.Shell.RunAsync($"[ -e /proc/{shell} ]")).Status != 0);
    });
}

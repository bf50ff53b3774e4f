using GpuTty.Lab.Driver;

namespace GpuTty.Lab.Scenarios;

/// <summary>Keeping GNOME Shell on Wayland, under GDM, off the card.</summary>
public sealed class GnomeKeepOffTests : KeepOffScenario
{
    [ProgramFact]
    public Task Rounds_there_and_back_leave_gnome_and_its_window_alone() => PlayAsync(Hardware.Gnome, async machine =>
    {
        await machine.Gputty.ExpectAsync(0, OnNow);
        await machine.Desktop.WhenUpAsync();
        await PlayRoundsAsync(machine, LabHost.IsFull ? 5 : 2);
    });
}

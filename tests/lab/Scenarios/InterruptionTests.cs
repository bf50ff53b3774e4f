using GpuTty.Lab.Driver;

namespace GpuTty.Lab.Scenarios;

/// <summary>Whatever is killed in the middle: the desktop comes back, the card's state has a name, and the way home is open.</summary>
public sealed class InterruptionTests : Scenario
{
    [ProgramFact]
    public Task When_the_worker_is_killed_the_desktop_comes_back_and_undo_brings_the_card_home() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        var viewer = await machine.Gputty.BeginUntilDesktopIsDownAsync(ToVm);
        await machine.Shell.DoAsync($"systemctl kill --kill-whom=main -s KILL {Gputty.Worker}");
        await machine.Gputty.WhenWorkerIsGoneAsync();
        Assert.NotEqual(0, (await viewer).Status);
        await machine.Desktop.AssertUsableAsync();

        await machine.Gputty.ExpectAsync(0, "status");
        await machine.Gputty.ExpectAsync(0, "undo --yes --end-sessions");
        await machine.Pci.AssertCardIsHomeAsync();
        await machine.Desktop.AssertUsableAsync();
    });

    [ProgramFact]
    public Task When_the_viewer_is_killed_the_switch_goes_on_and_a_new_viewer_tells_how_it_ended() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        var viewer = await machine.Gputty.BeginUntilDesktopIsDownAsync(ToVm);
        await machine.Shell.DoAsync("pkill -KILL -f '^gputty switch'");
        Assert.Equal(137, (await viewer).Status);
        await machine.Gputty.WhenWorkerIsGoneAsync();
        await machine.Pci.AssertCardIsReadyForVmAsync();
        await machine.Desktop.AssertUsableAsync();
        Assert.Contains("vfio-pci", await machine.Gputty.ExpectAsync(0, "status"));
    });
}

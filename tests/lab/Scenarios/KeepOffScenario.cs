using GpuTty.Lab.Driver;

namespace GpuTty.Lab.Scenarios;

/// <summary>With the desktop kept off the card, switching closes nothing: the same for every kind of desktop.</summary>
public abstract class KeepOffScenario : Scenario
{
    protected const string On = $"keep-off on --card {Pci.Card} --yes";
    protected const string OnNow = $"{On} --end-sessions";
    protected const string Off = $"keep-off off --card {Pci.Card} --yes";
    protected const string SoftlyToVm = $"switch vm --card {Pci.Card} --yes";
    protected const string SoftlyToHost = $"switch host --card {Pci.Card} --yes";

    /// <summary>Host, VM, host, again and again, used by a VM in the first and in the last round; the desktop must not notice.</summary>
    protected static async Task PlayRoundsAsync(Machine machine, int rounds)
    {
        Assert.False(await machine.Desktop.HoldsAsync(Pci.Card));
        var before = await DesktopAsync(machine);
        for (var round = 1; round <= rounds; round++)
        {
            await machine.Gputty.ExpectAsync(0, SoftlyToVm);
            await machine.Pci.AssertCardIsReadyForVmAsync();
            if (round == 1 || round == rounds) await UseInVmAsync(machine);
            await machine.Gputty.ExpectAsync(0, SoftlyToHost);
            await machine.Pci.AssertCardIsHomeAsync();
            Assert.False(await machine.Desktop.HoldsAsync(Pci.Card), $"The desktop took the card in round {round}.");
        }
        Assert.Equal(before, await DesktopAsync(machine));
        await machine.Desktop.ShowAsync();
        await machine.Desktop.AssertUsableAsync();
    }

    /// <summary>The processes that must live through everything: of the
    /// session, of its compositor, of the program with the window.</summary>
    protected static async Task<(string Session, string Compositor, string Window)> DesktopAsync(Machine machine) =>
        (await machine.Desktop.SessionLeaderAsync(), await machine.Desktop.CompositorAsync(), await machine.Desktop.WindowAsync());

    private static async Task UseInVmAsync(Machine machine)
    {
        await machine.Vm.StartAsync(Pci.Card, Pci.CardSound);
        Assert.Equal("0xb0c5", await machine.Vm.ReadCardAsync(0x500));
        await machine.Vm.StopAsync();
    }
}

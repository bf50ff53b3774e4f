using GpuTty.Lab.Driver;

namespace GpuTty.Lab.Scenarios;

/// <summary>With the desktop kept off the card, switching closes nothing: the same session, the same window, round after round.</summary>
public sealed class KeepOffTests : Scenario
{
    private const string On = $"keep-off on --card {Pci.Card} --yes --end-sessions";
    private const string Off = $"keep-off off --card {Pci.Card} --yes --end-sessions";
    private const string ToVm = $"switch vm --card {Pci.Card} --yes";
    private const string ToHost = $"switch host --card {Pci.Card} --yes";

    [ProgramFact]
    public Task Five_rounds_there_and_back_leave_the_session_and_its_window_alone() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        Assert.Contains("Xorg", await machine.Holders.OfAsync(Pci.Card));
        await machine.Gputty.ExpectAsync(0, On);
        await machine.Desktop.WhenUpAsync();
        Assert.DoesNotContain("Xorg", await machine.Holders.OfAsync(Pci.Card));
        var session = await machine.Desktop.SessionLeaderAsync();
        var window = await machine.Shell.DoAsync("pgrep -n -u user -x xterm");

        for (var round = 1; round <= 5; round++)
        {
            await machine.Gputty.ExpectAsync(0, ToVm);
            await machine.Pci.AssertCardIsReadyForVmAsync();
            if (round == 1) await UseInVmAsync(machine);
            await machine.Gputty.ExpectAsync(0, ToHost);
            await machine.Pci.AssertCardIsHomeAsync();
            Assert.DoesNotContain("Xorg", await machine.Holders.OfAsync(Pci.Card));
        }

        Assert.Equal(session, await machine.Desktop.SessionLeaderAsync());
        Assert.Equal(window, await machine.Shell.DoAsync("pgrep -n -u user -x xterm"));
        await machine.Vt(7).ShowAsync();
        await machine.Desktop.AssertUsableAsync();
    });

    [ProgramFact]
    public Task Once_the_rule_is_gone_nothing_of_it_stays_and_the_desktop_takes_the_card_again() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        await machine.Gputty.ExpectAsync(0, On);
        Assert.NotEqual("", await machine.Shell.DoAsync("ls /run/udev/rules.d | grep gputty"));
        await machine.Gputty.ExpectAsync(0, Off);
        Assert.Equal("", (await machine.Shell.RunAsync("ls /run/udev/rules.d /etc/udev/rules.d | grep gputty")).Output);
        await machine.Desktop.WhenUpAsync();
        await machine.Shell.UntilAsync("Xorg to take the card", "fuser /dev/dri/by-path/pci-0000:01:00.0-card");
        Assert.Contains("Xorg", await machine.Holders.OfAsync(Pci.Card));
    });

    private static async Task UseInVmAsync(Machine machine)
    {
        await machine.Vm.StartAsync(Pci.Card, Pci.CardSound);
        Assert.Equal("0xb0c5", await machine.Vm.ReadCardAsync(0x500));
        await machine.Vm.StopAsync();
    }
}

using GpuTty.Lab.Driver;

namespace GpuTty.Lab.Scenarios;

/// <summary>The bad neighbours of guest/hold.c keep the card busy in the way that they claim.</summary>
public sealed class HolderTests : Scenario
{
    [LabFact]
    [Trait("Lab", "full")]
    public Task Each_bad_neighbour_holds_in_its_own_way() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        var (card, sound) = (await machine.Holders.CardNodeAsync(Pci.Card), await machine.Holders.SoundNodeAsync(Pci.CardSound));
        await machine.Desktop.StopAsync();
        Assert.Empty(await machine.Holders.OfAsync(Pci.Card));

        await machine.Holders.StartAsync("mapper", "map", card);
        Assert.Equal(["hold"], await machine.Holders.OfAsync(Pci.Card));
        Assert.Equal("", await machine.Shell.DoAsync($"find /proc/$(systemctl show -P MainPID mapper)/fd -lname {card}"));
        Assert.NotEqual(0, (await machine.Shell.RunAsync("modprobe -r bochs")).Status);
        await machine.Shell.DoAsync("systemctl stop mapper");

        await machine.Holders.StartAsync("listener", "open", sound);
        Assert.Empty(await machine.Holders.OfAsync(Pci.Card));
        Assert.Equal(["hold"], await machine.Holders.OfAsync(Pci.CardSound));
        await machine.Shell.DoAsync("systemctl stop listener");

        await machine.Holders.StartAsync("poller", "poll", card);
        await machine.Shell.DoAsync($"until fuser -s {card}; do :; done; until ! fuser -s {card}; do :; done"); // comes and goes
        await machine.Shell.DoAsync("systemctl stop poller");

        await machine.Holders.StartAsync("mule", "stubborn", card);
        await machine.Shell.DoAsync("kill -TERM $(systemctl show -P MainPID mule); kill -HUP $(systemctl show -P MainPID mule)");
        Assert.Equal(["hold"], await machine.Holders.OfAsync(Pci.Card));
        await machine.Shell.DoAsync("kill -KILL $(systemctl show -P MainPID mule)");
        await machine.Shell.UntilAsync("the mule to be gone", "! pgrep -x hold");
        await machine.Shell.DoAsync("modprobe -r bochs");
    });
}

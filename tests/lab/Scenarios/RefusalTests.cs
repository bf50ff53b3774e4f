using GpuTty.Lab.Driver;

namespace GpuTty.Lab.Scenarios;

/// <summary>When it cannot be done, it is said in words, and the machine is as it was.</summary>
public sealed class RefusalTests : Scenario
{
    [ProgramFact]
    public Task A_holder_nobody_agreed_to_end_is_named_and_nothing_is_changed() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        await machine.Holders.StartAsync("mule", "stubborn", await machine.Holders.CardNodeAsync(Pci.Card));
        var before = await machine.Sysfs.SnapshotAsync();
        Assert.Contains("hold", await machine.Gputty.ExpectAsync(2, ToVm));
        Sysfs.AssertSame(before, await machine.Sysfs.SnapshotAsync());
    });

    [ProgramFact]
    public Task A_holder_that_refuses_to_end_stops_the_switch_and_everything_is_taken_back() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        // Outside of any unit: a process of some login, which only a signal can end.
        var card = await machine.Holders.CardNodeAsync(Pci.Card);
        await machine.Shell.DoAsync(
            $"setsid hold stubborn {card} >/dev/null 2>&1 & until ls /run/hold.* >/dev/null 2>&1; do sleep 0.1; done");
        await machine.Gputty.ExpectAsync(3, ToVm + " --end-holders term");
        await machine.Pci.AssertCardIsHomeAsync();
        await machine.Desktop.AssertUsableAsync();
        Assert.Contains("hold", await machine.Holders.OfAsync(Pci.Card));

        await machine.Gputty.ExpectAsync(0, ToVm + " --end-holders kill");
        await machine.Pci.AssertCardIsReadyForVmAsync();
        await machine.Desktop.AssertUsableAsync();
    });

    [ProgramFact]
    public Task Without_an_iommu_the_switch_is_refused() => PlayAsync(Hardware.NoIommu, machine => RefusedAsync(machine, "IOMMU"));

    [ProgramFact]
    public Task A_group_that_is_shared_with_a_network_card_is_refused() =>
        PlayAsync(Hardware.SharedGroup, machine => RefusedAsync(machine, "02:00.0"));

    private static async Task RefusedAsync(Machine machine, string reason)
    {
        var before = await machine.Sysfs.SnapshotAsync();
        Assert.Contains(reason, await machine.Gputty.ExpectAsync(2, ToVm));
        Sysfs.AssertSame(before, await machine.Sysfs.SnapshotAsync());
    }
}

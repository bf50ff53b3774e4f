using GpuTty.Lab.Driver;

namespace GpuTty.Lab.Scenarios;

/// <summary>A machine with one GPU only: refused with the reason; and where somebody insists, never in the dark permanently.</summary>
public sealed class SingleGpuTests : Scenario
{
    private const string SingleGpuReturn = ToVm + " --single-gpu";

    [ProgramFact]
    public Task M24_the_only_card_is_refused_and_without_a_confirmation_it_comes_home_by_itself() =>
        PlayAsync(Hardware.OneGpu, async machine =>
        {
            var before = await machine.Sysfs.SnapshotAsync();
            Assert.Contains("only graphics card", await machine.Gputty.ExpectAsync(2, ToVm), StringComparison.Ordinal);
            Sysfs.AssertSame(before, await machine.Sysfs.SnapshotAsync());

            Assert.Contains(
                "Not confirmed",
                await machine.Gputty.ExpectAsync(3, SingleGpuReturn + " --confirm-within 15"),
                StringComparison.Ordinal);
            await IsBackAsync(machine);

            var viewer = machine.Gputty.RunAsync(SingleGpuReturn + " --confirm-within 300");
            await WhenAwayAsync(machine);
            await machine.Shell.DoAsync($"systemctl kill --kill-whom=main -s KILL {Gputty.Worker}");
            await machine.Gputty.WhenWorkerIsGoneAsync();
            Assert.NotEqual(0, (await viewer).Status);
            await IsBackAsync(machine);
        });

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task M24_the_only_card_comes_home_when_it_is_asked_to_and_when_its_vm_has_ended() => PlayAsync(Hardware.OneGpu, async machine =>
    {
        await ConfirmedAsync(machine);
        await machine.Gputty.ExpectAsync(0, $"switch host --card {Pci.Card} --yes");
        await IsBackAsync(machine);

        await ConfirmedAsync(machine);
        await machine.Vm.StartAsync(Pci.Card, Pci.CardSound);
        Assert.Equal("0xb0c5", await machine.Vm.ReadCardAsync(0x500));
        await WhenLookedAgainAsync(machine);
        await machine.Vm.StopAsync();
        await machine.Shell.UntilAsync(
            "the card to be home",
            $"[ \"$(basename \"$(readlink /sys/bus/pci/devices/{Pci.Card}/driver)\")\" = bochs-drm ]",
            Gputty.Patience);
        await machine.Gputty.WhenWorkerIsGoneAsync();
        await IsBackAsync(machine);
    });

    /// <summary>The watcher sleeps between two looks: half a second of its processor time is at least one whole look.</summary>
    private static async Task WhenLookedAgainAsync(Machine machine)
    {
        const string used = "systemctl show -P CPUUsageNSec gputty-home";
        var before = await machine.Shell.DoAsync(used);
        await machine.Shell.UntilAsync("the VM to be noticed", $"[ $({used}) -gt $(({before} + 500000000)) ]");
    }

    private static async Task ConfirmedAsync(Machine machine)
    {
        // Emulated minutes are long, and what is judged here is the answer.
        var viewer = machine.Gputty.RunAsync(SingleGpuReturn + " --confirm-within 300");
        await WhenAwayAsync(machine);
        await machine.Shell.UntilAsync("the switch to be confirmed", "gputty confirm", Gputty.Patience);
        Assert.Equal(0, (await viewer).Status);
        await machine.Pci.AssertCardIsReadyForVmAsync();
        Assert.False(await machine.Desktop.IsUpAsync());
    }

    /// <summary>Both functions are with vfio: all that is left is a person's word.</summary>
    private static Task WhenAwayAsync(Machine machine) => machine.Shell.UntilAsync("the card to be away", $"""
        for function in {Pci.Card} {Pci.CardSound}; do
            [ "$(basename "$(readlink /sys/bus/pci/devices/$function/driver)")" = vfio-pci ] || exit 1
        done
        """, Gputty.Patience);

    private static async Task IsBackAsync(Machine machine)
    {
        await machine.Pci.AssertCardIsHomeAsync();
        await machine.Desktop.AssertUsableAsync("gpu");
    }
}

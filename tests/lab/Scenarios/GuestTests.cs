using GpuTty.Lab.Driver;

namespace GpuTty.Lab.Scenarios;

/// <summary>The card goes with what is started, and with the machine itself. Written before they were ever played: drafts until they have passed.</summary>
public sealed class GuestTests : Scenario
{
    /// <summary>Opens the group's node as a virtual machine does, without root.</summary>
    private const string OpensNode = "test -r /dev/vfio/$(basename $(readlink -e /sys/bus/pci/devices/" + Pci.Card + "/iommu_group)) && id -un";

    [ProgramFact]
    [Trait("Lab", "draft")]
    public Task A_command_has_the_card_as_an_ordinary_user_and_the_card_comes_home_however_it_ends() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        foreach (var (script, status) in (ReadOnlySpan<(string, int)>)[($"{OpensNode}", 0), ("exit 7", 7), ("kill -9 $$", 137)])
        {
            var said = await machine.Gputty.ExpectAsync(status, $"run --card {Pci.Card} --end-sessions --as user -- /bin/sh -c '{script}'");
            if (status == 0) Assert.Contains("user", said);
            await machine.Pci.AssertCardIsHomeAsync();
        }
    });

    [ProgramFact]
    [Trait("Lab", "draft")]
    public Task A_killed_run_leaves_the_card_to_the_one_that_stands_by() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        var run = machine.Gputty.RunAsync($"run --card {Pci.Card} --end-sessions --as user -- /bin/sleep 1000");
        await machine.Shell.UntilAsync("the command to run", "pgrep -u user -x sleep", Gputty.Patience);
        await machine.Pci.AssertCardIsReadyForVmAsync();
        await machine.Shell.DoAsync("pkill -9 -f 'gputty run'");
        _ = await run;
        await machine.Shell.UntilAsync("the card to come home", $"[ \"$(basename \"$(readlink /sys/bus/pci/devices/{Pci.Card}/driver)\")\" != vfio-pci ]", Gputty.Patience);
        await machine.Shell.DoAsync("pkill -9 -u user -x sleep");
        await machine.Pci.AssertCardIsHomeAsync();
    });

    [ProgramFact]
    [Trait("Lab", "draft")]
    public Task The_card_is_the_virtual_machines_from_the_start_on_until_that_is_taken_back() => BootAsync(Hardware.TwoGpus, async machine =>
    {
        var etc = await machine.Shell.DoAsync("cd /etc && find . | sort");
        await machine.Gputty.ExpectAsync(0, $"boot vm --card {Pci.Card}");
        await machine.Pci.AssertCardIsHomeAsync();
        await machine.RebootAsync();
        await machine.Desktop.WhenUpAsync();
        await machine.Pci.AssertCardIsReadyForVmAsync();
        Assert.False(await machine.Desktop.HoldsAsync(Pci.Card));
        Assert.Contains("goes to vfio-pci each time", await machine.Gputty.ExpectAsync(0, $"boot show --card {Pci.Card}"));
        await machine.Gputty.ExpectAsync(0, "boot host");
        Assert.Equal(etc, await machine.Shell.DoAsync("cd /etc && find . | sort"));
        await machine.RebootAsync();
        await machine.Pci.AssertCardIsHomeAsync();
    });

    [ProgramFact]
    [Trait("Lab", "draft")]
    public Task Once_is_one_start_and_no_more() => BootAsync(Hardware.TwoGpus, async machine =>
    {
        await machine.Gputty.ExpectAsync(0, $"boot vm --card {Pci.Card} --once");
        await machine.RebootAsync();
        await machine.Pci.AssertCardIsReadyForVmAsync();
        await machine.RebootAsync();
        await machine.Pci.AssertCardIsHomeAsync();
    });

    [ProgramFact]
    [Trait("Lab", "draft")]
    public Task The_firmware_of_a_card_is_saved_checked_and_its_window_closed() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        await machine.Gputty.ExpectAsync(2, $"rom save --card {Pci.Card} --output /root/early.rom");
        await machine.Gputty.ExpectAsync(0, ToVm);
        await machine.Gputty.ExpectAsync(0, $"rom save --card {Pci.Card} --output /root/card.rom");
        await machine.Gputty.ExpectAsync(0, $"rom check /root/card.rom --card {Pci.Card}");
        // What the window shows without being opened is an error (pci-sysfs.c, pci_read_rom).
        Assert.NotEqual(0, (await machine.Shell.RunAsync($"head -c 2 /sys/bus/pci/devices/{Pci.Card}/rom")).Status);
        await machine.Gputty.ExpectAsync(0, ToHost);
    });
}

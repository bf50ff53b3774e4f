using GpuTty.Lab.Driver;

namespace GpuTty.Lab.Scenarios;

/// <summary>Keeping lightdm and Xorg off the card.</summary>
public sealed class KeepOffTests : KeepOffScenario
{
    // Not the tags that a device has ever had (G: and /run/udev/tags), which udev itself remembers until the device goes.
    private const string Traces =
        "find /etc /run/udev -path /run/udev/tags -prune -o -name '*gputty*' -print; grep -lsE '^[EQ]:.*gputty' /run/udev/data/*; true";

    [ProgramFact]
    public Task Five_rounds_there_and_back_leave_the_session_and_its_window_alone() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        Assert.True(await machine.Desktop.HoldsAsync(Pci.Card));
        await machine.Gputty.ExpectAsync(0, OnNow);
        await machine.Desktop.WhenUpAsync();
        await PlayRoundsAsync(machine, 5);
    });

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task The_same_card_in_the_same_session_is_taken_by_the_desktop_as_soon_as_the_rule_is_gone() =>
        PlayAsync(Hardware.TwoGpus, async machine =>
        {
            await machine.Gputty.ExpectAsync(0, OnNow);
            await machine.Desktop.WhenUpAsync();
            await machine.Gputty.ExpectAsync(0, SoftlyToVm);
            await PlugInAsync(machine);
            Assert.False(await machine.Desktop.HoldsAsync(Pci.Card));

            await machine.Gputty.ExpectAsync(0, SoftlyToVm);
            await machine.Gputty.ExpectAsync(0, Off);
            Assert.Equal("", await machine.Shell.DoAsync(Traces));
            // It knows what would happen, and asks first.
            Assert.Contains("--end-sessions", await machine.Gputty.ExpectAsync(2, SoftlyToHost));
            await PlugInAsync(machine);
            await Wait.ForAsync("Xorg to take the card", () => machine.Desktop.HoldsAsync(Pci.Card));
        });

    [ProgramFact]
    public Task Ordinary_users_render_on_the_card_while_the_desktop_is_kept_off_it() => PlayAsync(Hardware.Rendering, async machine =>
    {
        Assert.True(await machine.Desktop.HoldsAsync(Pci.Card));
        Assert.Equal("card render", await OpenedByUserAsync(machine));
        await machine.Gputty.ExpectAsync(0, OnNow);
        await machine.Desktop.WhenUpAsync();
        Assert.False(await machine.Desktop.HoldsAsync(Pci.Card));
        Assert.Equal("render", await OpenedByUserAsync(machine));
        await machine.Gputty.ExpectAsync(0, $"{Off} --end-sessions");
        await machine.Desktop.WhenUpAsync();
        await Wait.ForAsync("Xorg to take the card", () => machine.Desktop.HoldsAsync(Pci.Card));
        Assert.Equal("card render", await OpenedByUserAsync(machine));
    });

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task The_rule_ends_with_the_boot_and_a_permanent_one_lasts_until_it_is_taken_away() =>
        PlayAsync(Hardware.TwoGpus, async machine =>
        {
            var etc = await machine.Shell.DoAsync("cd /etc && find . | sort");
            await machine.Gputty.ExpectAsync(0, On);
            Assert.Contains("/run/udev/rules.d/", await machine.Shell.DoAsync(Traces));
            await machine.RebootAsync();
            Assert.Equal("", await machine.Shell.DoAsync(Traces));
            await Wait.ForAsync("Xorg to take the card", () => machine.Desktop.HoldsAsync(Pci.Card));

            await machine.Gputty.ExpectAsync(0, $"{On} --permanent");
            await machine.RebootAsync();
            Assert.Contains("/etc/udev/rules.d/", await machine.Shell.DoAsync(Traces));
            Assert.False(await machine.Desktop.HoldsAsync(Pci.Card));
            await machine.Gputty.ExpectAsync(0, SoftlyToVm); // soft at once, with nothing agreed to
            await machine.Gputty.ExpectAsync(0, SoftlyToHost);

            await machine.Gputty.ExpectAsync(0, $"{Off} --end-sessions");
            Assert.Equal("", await machine.Shell.DoAsync(Traces));
            Assert.Equal(etc, await machine.Shell.DoAsync("cd /etc && find . | sort"));
            await Wait.ForAsync("Xorg to take the card", () => machine.Desktop.HoldsAsync(Pci.Card));
        });

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task The_soft_and_the_hard_road_are_timed_in_the_same_boot() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        foreach (var direction in (string[])["vm", "host"])
            Figures.Write($"desktop restart, {await TimeAsync(machine, $"switch {direction} --card {Pci.Card} --yes --end-sessions")}");
        await machine.Gputty.ExpectAsync(0, OnNow);
        await machine.Desktop.WhenUpAsync();
        foreach (var direction in (string[])["vm", "host"])
            Figures.Write($"desktop keeps running, same boot, {await TimeAsync(machine, $"switch {direction} --card {Pci.Card} --yes")}");
        await machine.Pci.AssertCardIsHomeAsync();
    });

    [ProgramFact]
    public Task Who_else_holds_the_card_is_named_and_dealt_with_while_the_session_stays() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        await machine.Gputty.ExpectAsync(0, OnNow);
        await machine.Desktop.WhenUpAsync();
        var before = await DesktopAsync(machine);
        await machine.Holders.StartAsync("listener", "open", await machine.Holders.SoundNodeAsync(Pci.CardSound));
        await machine.Holders.StartAsync("trainer", "open", await machine.Holders.CardNodeAsync(Pci.Card));
        await machine.Holders.StartAsync("poller", "poll", await machine.Holders.CardNodeAsync(Pci.Card));

        var refused = await machine.Gputty.ExpectAsync(2, SoftlyToVm);
        Assert.Contains("/dev/snd/", refused);
        Assert.Contains("/dev/dri/", refused);
        // Who opens the card now and then can come between the plan and its first look: that is refused, and a person tries again.
        await Wait.ForAsync("a switch that nobody came between", async () =>
        {
            var switched = await machine.Gputty.RunAsync($"{SoftlyToVm} --end-holders term");
            if (switched.Status == 2 && switched.Output.Contains("The machine has changed", StringComparison.Ordinal)) return false;
            Assert.True(switched.Status == 0, switched.Output);
            return true;
        });
        await machine.Pci.AssertCardIsReadyForVmAsync();
        Assert.Equal(before, await DesktopAsync(machine));
    });

    /// <summary>Plain writes bring the card home, so that nobody but the desktop decides who takes it.</summary>
    private static async Task PlugInAsync(Machine machine)
    {
        await LabTests.BindAsync(machine, "");
        await machine.Shell.DoAsync("modprobe bochs && udevadm settle");
        await machine.Pci.AssertCardIsHomeAsync();
    }

    /// <summary>Which of the card's nodes somebody can open who is in no group and has nothing but a session on the seat.</summary>
    private static Task<string> OpenedByUserAsync(Machine machine) => machine.Shell.DoAsync($"""
        udevadm settle
        for kind in card render; do
            setpriv --reuid=user --regid=user --clear-groups sh -c "exec 3<>/dev/dri/by-path/pci-{Pci.Card}-$kind" 2>/dev/null && echo $kind
        done | xargs
        """);

    private static async Task<string> TimeAsync(Machine machine, string command)
    {
        var told = await machine.Gputty.ExpectAsync(0, command);
        await machine.Desktop.WhenUpAsync();
        return $"gputty {command}, step by step as its journal has it:\n{told}";
    }
}

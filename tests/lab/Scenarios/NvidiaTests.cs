using GpuTty.Lab.Driver;

namespace GpuTty.Lab.Scenarios;

/// <summary>
/// A driver that behaves like NVIDIA's, with its modules, nodes and services. M7, M10 and M15 are cases of the failure
/// matrix: a write that the kernel does not finish, a holder that comes back, a module that will not unload.
/// </summary>
public sealed class NvidiaTests : Scenario
{
    [LabFact]
    [Trait("Lab", "full")]
    public Task The_stand_ins_refuse_and_hang_as_the_makers_driver_does() => PlayAsync(Hardware.Nvidia, async machine =>
    {
        await machine.Pci.AssertDriverAsync(Pci.Card, "nvidia");
        Assert.Contains("Xorg", await machine.Holders.OfAsync(Pci.Card));
        await machine.Desktop.AssertUsableAsync();
        await machine.Desktop.StopAsync();
        await machine.Shell.DoAsync(
            "systemctl stop nvidia-persistenced nvidia-powerd && rmmod nvidia_uvm && rmmod nvidia_drm nvidia_modeset");

        await machine.Holders.StartAsync("mule", "open", "/dev/nvidia0");
        var refused = await machine.Shell.RunAsync("rmmod nvidia");
        Assert.Contains("in use", refused.Output);
        await machine.Pci.AssertDriverAsync(Pci.Card, "nvidia");

        await machine.Shell.DoAsync($"echo {Pci.Card} | setsid tee /sys/bus/pci/drivers/nvidia/unbind >/dev/null 2>&1 &");
        await machine.Shell.UntilAsync(
            "the write to hang",
            "grep -q 'State:.D' /proc/$(pgrep -x tee)/status && grep nv_pci_remove /proc/$(pgrep -x tee)/wchan");
        Assert.Contains($"NVRM: Attempting to remove device {Pci.Card} with non-zero usage count!", await machine.Shell.DoAsync("dmesg"));
        // Neither the holder's end nor the writer's ends it: the driver says it again.
        var said = await machine.Shell.DoAsync("systemctl stop mule; pkill -KILL -x tee; dmesg | grep -c usage.count");
        await machine.Shell.UntilAsync(
            "the driver to wait on",
            $"[ \"$(dmesg | grep -c usage.count)\" -gt {said} ] && grep 'State:.D' /proc/$(pgrep -x tee)/status");
    });

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task There_and_home_on_the_hard_road_with_all_modules_their_options_and_services() => PlayAsync(Hardware.Nvidia, async machine =>
    {
        await machine.Gputty.ExpectAsync(0, ToVm);
        await machine.Pci.AssertCardIsReadyForVmAsync();
        Assert.Equal("", await machine.Shell.DoAsync("grep ^nvidia /proc/modules || true"));
        Assert.Equal("inactive\n\ninactive", await machine.Shell.DoAsync(States));
        await machine.Desktop.AssertUsableAsync();

        await machine.Gputty.ExpectAsync(0, ToHost);
        await AssertHomeAsync(machine);
    });

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task There_and_home_on_the_soft_road_with_its_services_and_without_a_logout() => PlayAsync(Hardware.Nvidia, async machine =>
    {
        await machine.Gputty.ExpectAsync(0, $"keep-off on --card {Pci.Card} --yes --end-sessions");
        await machine.Desktop.WhenUpAsync();
        var session = await machine.Desktop.SessionLeaderAsync();
        await machine.Gputty.ExpectAsync(0, $"switch vm --card {Pci.Card} --yes");
        await machine.Pci.AssertCardIsReadyForVmAsync();
        await machine.Gputty.ExpectAsync(0, $"switch host --card {Pci.Card} --yes");
        await AssertHomeAsync(machine);
        Assert.Equal(session, await machine.Desktop.SessionLeaderAsync());
    });

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task A_program_that_only_computes_is_named_and_ended_only_with_consent() => PlayAsync(Hardware.Nvidia, async machine =>
    {
        // Outside of any unit, and with no node of the card: it pins the modules alone.
        await machine.Shell.DoAsync(
            "setsid hold open /dev/nvidia-uvm >/dev/null 2>&1 & until ls /run/hold.* >/dev/null 2>&1 && fuser -s /dev/nvidia-uvm; "
                + "do sleep 0.1; done");
        var before = await machine.Sysfs.SnapshotAsync();
        var words = await machine.Gputty.ExpectAsync(2, ToVm);
        Assert.Contains("hold (", words);
        Assert.Contains("/dev/nvidia-uvm", words);
        Sysfs.AssertSame(before, await machine.Sysfs.SnapshotAsync());

        await machine.Gputty.ExpectAsync(0, ToVm + " --end-holders term");
        await machine.Pci.AssertCardIsReadyForVmAsync();
        await machine.Desktop.AssertUsableAsync();
    });

    /// <summary>The gate holds: the one who opens the card in the moment of the
    /// unload makes it fail, and all that was stopped and unloaded is back.</summary>
    [ProgramFact]
    [Trait("Lab", "full")]
    public Task M15_When_the_last_module_is_taken_again_in_that_very_moment_everything_is_taken_back() =>
        PlayAsync(Hardware.Nvidia, async machine =>
        {
            await machine.Holders.StartAsync("racer", "race", "/dev/nvidia0 'rmmod nvidia\"'");
            var words = await machine.Gputty.ExpectAsync(3, ToVm);
            Assert.Contains("hold", words);
            await AssertHomeAsync(machine);
        });

    /// <summary>It may find a gap between two looks of the monitor, or not: it
    /// ends, and the machine is whole in the one place or the other.</summary>
    [ProgramFact]
    [Trait("Lab", "full")]
    public Task M10_A_monitor_that_opens_the_card_every_second_makes_nothing_hang() => PlayAsync(Hardware.Nvidia, async machine =>
    {
        await machine.Holders.StartAsync("monitor", "poll", "/dev/nvidia0");
        var result = await machine.Gputty.RunAsync(ToVm);
        Assert.True(result.Status is 0 or 2 or 3, $"It ended with {result.Status}:\n{result.Output}");
        Figures.Write($"a switch beside a monitor that opens the card every second ended with {result.Status}");
        if (result.Status == 0) await machine.Pci.AssertCardIsReadyForVmAsync();
        else await machine.Pci.AssertCardIsHomeAsync("nvidia");
        if (result.Status != 0) Assert.Contains("hold", result.Output);
        await machine.Desktop.AssertUsableAsync();
    });

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task M7_Nobody_gets_a_busy_card_unbound() => PlayAsync(Hardware.NvidiaTwins, async machine =>
    {
        await machine.Shell.DoAsync(
            "setsid hold stubborn /dev/nvidia0 >/dev/null 2>&1 & until ls /run/hold.* >/dev/null 2>&1; do sleep 0.1; done");
        Assert.DoesNotMatch("[1-9][0-9]* unexplained", await machine.Gputty.ExpectAsync(0, "holders"));
        await machine.Gputty.ExpectAsync(2, ToVm);
        await machine.Gputty.ExpectAsync(3, ToVm + " --end-holders term");
        Assert.Equal("", await machine.Shell.DoAsync("grep unbind /var/log/gputty/gputty.log || true"));
        await machine.Pci.AssertCardIsHomeAsync("nvidia");
        await machine.Desktop.AssertUsableAsync();
    });

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task M7_When_somebody_takes_the_card_between_the_last_look_and_the_write_the_hang_is_survived() =>
        PlayAsync(Hardware.NvidiaTwins, async machine =>
        {
            await machine.Holders.StartAsync("racer", "race", "/dev/nvidia0 unbind");
            var words = await machine.Gputty.ExpectAsync(4, ToVm);
            await AssertSurvivedAsync(machine, words, "drivers/nvidia/unbind");
        });

    [ProgramFact]
    public Task M7_When_the_driver_hangs_while_it_is_unloaded_that_is_survived_too() => PlayAsync(Hardware.Nvidia, async machine =>
    {
        await machine.Shell.DoAsync("echo 1 >/sys/module/nvidia/parameters/busy_at_remove");
        var words = await machine.Gputty.ExpectAsync(4, ToVm);
        await AssertSurvivedAsync(machine, words, "rmmod nvidia");
    });

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task A_warning_of_the_kernel_is_shown_and_the_switch_goes_on() => PlayAsync(Hardware.Nvidia, async machine =>
    {
        await machine.Shell.DoAsync("echo 1 >/sys/module/nvidia/parameters/warn_at_remove");
        await machine.Gputty.ExpectAsync(0, ToVm);
        await machine.Shell.DoAsync("grep 'WRN .*Kernel.* WARNING: CPU' /var/log/gputty/gputty.log");
        Assert.Contains("WARNING", (await machine.Gputty.RunAsync("doctor")).Output);
        await machine.Desktop.AssertUsableAsync();
    });

    [ProgramFact]
    public Task A_crash_of_the_kernel_ends_the_run_before_its_next_step_and_all_writing_in_this_boot() =>
        PlayAsync(Hardware.Nvidia, async machine =>
        {
            // What programs write into the kernel's log is no witness.
            await machine.Shell.DoAsync("echo 'BUG: a program says so' >/dev/kmsg; echo 1 >/sys/module/nvidia/parameters/oops_at_remove");
            var words = await machine.Gputty.ExpectAsync(4, ToVm);
            Assert.Contains("The kernel has crashed", words);
            Assert.Contains("reboot", words);
            await machine.Pci.AssertDriverAsync(Pci.Card, Pci.NoDriver);
            await machine.Pci.AssertDriverAsync(Pci.CardSound, "snd_hda_intel");
            await machine.Desktop.AssertUsableAsync();
            Assert.Contains("has reported a crash", await machine.Gputty.ExpectAsync(2, ToVm));
            Assert.Contains("has reported a crash", await machine.Gputty.ExpectAsync(2, ToHost));
            await machine.Pci.AssertDriverAsync(Pci.Card, Pci.NoDriver);
        });

    private const string States = "systemctl show -P ActiveState nvidia-persistenced nvidia-powerd";

    private static async Task AssertHomeAsync(Machine machine)
    {
        await machine.Pci.AssertCardIsHomeAsync("nvidia");
        Assert.Equal(
            "nvidia\nnvidia_drm\nnvidia_modeset\nnvidia_uvm",
            await machine.Shell.DoAsync("grep -o '^nvidia[a-z_]*' /proc/modules | sort"));
        Assert.Equal("Y", await machine.Shell.DoAsync("cat /sys/module/nvidia_drm/parameters/modeset"));
        Assert.Equal("active\n\nactive", await machine.Shell.DoAsync(States));
        await machine.Desktop.AssertUsableAsync();
    }

    /// <summary>It is said where the kernel is stuck; nothing more is written;
    /// the desktop is back; later ones refuse with that reason.</summary>
    private static async Task AssertSurvivedAsync(Machine machine, string words, string path)
    {
        Assert.Contains(path, words);
        Assert.Matches("it waits in nv_pci_remove[a-z.]*, state D, since", words); // the compiler may have split the function
        Assert.Contains("reboot", words);
        await machine.Gputty.WhenWorkerIsGoneAsync();
        await machine.Desktop.AssertUsableAsync();
        var log = await machine.Shell.DoAsync("sed '0,/has not finished/d' /var/log/gputty/gputty.log");
        Assert.DoesNotContain("echo ", log);
        Assert.DoesNotContain("modprobe", log);

        foreach (var again in new[] { ToVm, ToHost, "undo --yes --end-sessions" })
            Assert.Contains(path, await machine.Gputty.ExpectAsync(2, again));
        Assert.Contains("nv_pci_remove", (await machine.Gputty.RunAsync("doctor")).Output);
        await machine.Desktop.AssertUsableAsync();
    }
}

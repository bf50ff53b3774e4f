using GpuTty.Lab.Driver;

namespace GpuTty.Lab.Scenarios;

/// <summary>Whatever is killed in the middle: the desktop comes back, the card's state has a name, and the way home is open.</summary>
public sealed class InterruptionTests : Scenario
{
    [ProgramFact]
    public Task When_the_worker_is_killed_the_desktop_comes_back_and_undo_brings_the_card_home() =>
        PlayAsync(Hardware.TwoGpus, async machine =>
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
    public Task When_the_viewer_is_killed_the_switch_goes_on_and_a_new_viewer_tells_how_it_ended() =>
        PlayAsync(Hardware.TwoGpus, async machine =>
        {
            var viewer = await machine.Gputty.BeginUntilDesktopIsDownAsync(ToVm);
            // A laptop whose lid is closed would sleep now: nothing of its desktop holds that off any more.
            await machine.Shell.DoAsync("systemd-inhibit --list --no-pager | grep -q 'GpuTty.*sleep:idle:handle-lid-switch'");
            await machine.Shell.DoAsync("pkill -KILL -f '^gputty switch'");
            Assert.Equal(137, (await viewer).Status);
            await machine.Gputty.WhenWorkerIsGoneAsync();
            Assert.NotEqual(0, (await machine.Shell.RunAsync("systemd-inhibit --list --no-pager | grep GpuTty")).Status);
            await machine.Pci.AssertCardIsReadyForVmAsync();
            await machine.Desktop.AssertUsableAsync();
            Assert.Contains("vfio-pci", await machine.Gputty.ExpectAsync(0, "status"));
        });

    /// <summary>Ctrl+S: whoever writes to that terminal waits until somebody presses Ctrl+Q. The worker writes to none.</summary>
    [ProgramFact]
    public Task When_the_terminal_of_the_viewer_is_stopped_the_switch_goes_on() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        var console = machine.Vt(3);
        await console.ShowAsync();
        await console.CommandAsync($"gputty {ToVm}");
        // In the guest, because the road to the host is longer than the next step.
        await machine.Shell.DoAsync(
            $"until [ -e /sys/fs/cgroup/system.slice/{Gputty.Worker} ]; do :; done; stop-tty /dev/tty3 stop", Gputty.Patience);
        await machine.Gputty.WhenWorkerIsGoneAsync();
        await machine.Pci.AssertCardIsReadyForVmAsync();
        await machine.Desktop.AssertUsableAsync();
        await machine.Shell.DoAsync("stop-tty /dev/tty3 go");
        await console.WaitForAsync("Done. ");
    });

    /// <summary>As an update does it that nobody asked whether a switch runs: the recovery after the worker is the new program.</summary>
    [ProgramFact]
    public Task When_the_program_is_exchanged_in_the_middle_and_the_worker_killed_the_desktop_comes_back() =>
        PlayAsync(Hardware.TwoGpus, async machine =>
        {
            var viewer = await machine.Gputty.BeginUntilDesktopIsDownAsync(ToVm);
            await machine.Shell.DoAsync($"""
            program=$(readlink -e "$(command -v gputty)")
            cp "$program" "$program.new" && mv "$program.new" "$program"
            systemctl kill --kill-whom=main -s KILL {Gputty.Worker}
            """);
            await machine.Gputty.WhenWorkerIsGoneAsync();
            Assert.NotEqual(0, (await viewer).Status);
            await machine.Desktop.AssertUsableAsync();
            await machine.Gputty.ExpectAsync(0, "undo --yes --end-sessions");
            await machine.Pci.AssertCardIsHomeAsync();
            await machine.Desktop.AssertUsableAsync();
        });
}

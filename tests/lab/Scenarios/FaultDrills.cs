using System.Text.Json;
using GpuTty.Lab.Driver;

namespace GpuTty.Lab.Scenarios;

/// <summary>Others pull, push and break in the middle of a switch: it gets through or is rolled back, and the desktop is there.</summary>
public sealed class FaultDrills : Scenario
{
    [ProgramFact]
    public Task M19_unplugged_on_its_way_to_the_vm_the_card_is_named_as_gone_and_the_desktop_is_back() =>
        PlayAsync(Hardware.TwoGpus, UnpluggedAsync);

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task M19_unplugged_on_its_way_home_the_card_is_named_as_gone_and_the_desktop_is_back() =>
        PlayAsync(Hardware.TwoGpus, async machine =>
        {
            await machine.Gputty.ExpectAsync(0, ToVm);
            await UnpluggedAsync(machine, ToHost);
        });

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task M8_a_desktop_whose_stop_command_hangs_is_waited_for_until_systemd_ends_it() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        await DropInAsync(machine, "ExecStop=/bin/sleep infinity\nTimeoutStopSec=6");
        await machine.Gputty.ExpectAsync(0, ToVm);
        await machine.Pci.AssertCardIsReadyForVmAsync();
        await machine.Desktop.AssertUsableAsync();
    });

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task M9_a_desktop_that_fails_to_start_once_is_up_in_the_end() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        await DropInAsync(machine, "ExecStartPre=/bin/sh -c \"! rm /run/broken-once\"");
        await machine.Shell.DoAsync("touch /run/broken-once");
        await machine.Gputty.ExpectAsync(0, ToVm);
        Assert.NotEqual(0, (await machine.Shell.RunAsync("[ -e /run/broken-once ]")).Status);
        await machine.Pci.AssertCardIsReadyForVmAsync();
        await machine.Desktop.AssertUsableAsync();
    });

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task M9_a_desktop_that_will_not_start_is_named_and_comes_with_the_undo_once_it_can() =>
        PlayAsync(Hardware.TwoGpus, async machine =>
        {
            await DropInAsync(machine, "ExecStartPre=/bin/false");
            Assert.Contains("lightdm", await machine.Gputty.ExpectAsync(4, ToVm), StringComparison.Ordinal);
            await machine.Pci.AssertCardIsHomeAsync();
            Assert.Contains("gputty undo", await machine.Gputty.ExpectAsync(0, "status"), StringComparison.Ordinal);

            await machine.Shell.DoAsync("rm /run/systemd/system/lightdm.service.d/lab.conf; systemctl daemon-reload");
            await machine.Gputty.ExpectAsync(0, "undo --yes");
            await machine.Desktop.AssertUsableAsync();
            await machine.Pci.AssertCardIsHomeAsync();
        });

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task M9_a_desktop_that_somebody_starts_again_and_again_ends_in_a_whole_state() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        await DropInAsync(machine, "Restart=always\nRestartSec=0");
        await machine.Shell.DoAsync("systemd-run -q --collect --unit=nagger sh -c 'while :; do systemctl start lightdm; sleep 0.2; done'");
        var nagged = await machine.Gputty.RunAsync(ToVm);
        await machine.Shell.DoAsync("systemctl stop nagger");
        Figures.Write($"a desktop started again and again by somebody else: exit code {nagged.Status}");
        if (nagged.Status == 0) await machine.Pci.AssertCardIsReadyForVmAsync();
        else
        {
            Assert.True(nagged.Status == 3, nagged.Output);
            await machine.Pci.AssertCardIsHomeAsync();
        }
        await machine.Desktop.AssertUsableAsync();
        await machine.Gputty.ExpectAsync(0, ToVm);
        await machine.Pci.AssertCardIsReadyForVmAsync();
    });

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task M9_a_program_that_outlives_its_session_is_named_and_needs_a_yes_of_its_own() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        var card = await machine.Holders.CardNodeAsync(Pci.Card);
        await machine.Shell.DoAsync($$"""
            scope=session-$(loginctl --no-legend list-sessions | awk '$3 == "user" {print $1}').scope
            sh -c 'echo $$ >/sys/fs/cgroup'"$(systemctl show -P ControlGroup $scope)"'/cgroup.procs; exec setpriv --reuid user hold stubborn {{card}}' >/dev/null 2>&1 &
            until pgrep -x hold >/dev/null; do sleep 0.1; done
            """);
        Assert.Contains("hold (", await machine.Gputty.ExpectAsync(3, ToVm), StringComparison.Ordinal);
        await machine.Pci.AssertCardIsHomeAsync();
        await machine.Desktop.AssertUsableAsync();

        await machine.Gputty.ExpectAsync(0, ToVm + " --end-holders kill");
        await machine.Pci.AssertCardIsReadyForVmAsync();
        await machine.Desktop.AssertUsableAsync();
    });

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task M22_somebody_who_loads_and_probes_the_home_driver_all_the_time_does_not_get_the_card() =>
        PlayAsync(Hardware.TwoGpus, async machine =>
        {
            await machine.Shell.DoAsync($$"""
            mkdir -p /run/udev/rules.d
            echo 'ACTION=="unbind", SUBSYSTEM=="pci", KERNEL=="{{Pci.Card}}", RUN+="/sbin/modprobe bochs"' >/run/udev/rules.d/99-lab.rules
            udevadm control --reload
            systemd-run -q --collect --unit=prober sh -c 'while :; do modprobe bochs; echo {{Pci.Card}} >/sys/bus/pci/drivers_probe; sleep 0.05; done'
            """);
            await machine.Gputty.ExpectAsync(0, ToVm);
            await machine.Pci.AssertCardIsReadyForVmAsync();
            await machine.Gputty.ExpectAsync(0, ToHost);
            await machine.Pci.AssertCardIsHomeAsync();
            await machine.Desktop.AssertUsableAsync();
        });

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task M35_after_a_power_cut_the_next_boot_has_its_card_and_desktop_and_the_journal_is_history() =>
        PlayAsync(Hardware.TwoGpus, async machine =>
        {
            _ = machine.Gputty.BeginUntilDesktopIsDownAsync(ToVm);
            await machine.Shell.UntilAsync("the card's override to be set and the desktop to be down",
                $"grep -q vfio-pci /sys/bus/pci/devices/{Pci.Card}/driver_override && [ \"$(systemctl show -P ActiveState lightdm)\" "
                    + "!= active ]");
            await machine.CutPowerAsync();

            await machine.Desktop.AssertUsableAsync();
            await machine.Pci.AssertCardIsHomeAsync();
            Assert.Equal("", await machine.Shell.DoAsync("ls -A /run/gputty 2>/dev/null || true"));
            var status = JsonDocument.Parse(await machine.Gputty.ExpectAsync(0, "status --json")).RootElement;
            Assert.Equal("previous-boot", status.GetProperty("run").GetProperty("state").GetString());
            Assert.Contains("Nothing to undo", await machine.Gputty.ExpectAsync(0, "undo --yes"), StringComparison.Ordinal);
            await machine.Gputty.ExpectAsync(0, ToVm);
            await machine.Pci.AssertCardIsReadyForVmAsync();
        });

    private static Task UnpluggedAsync(Machine machine) => UnpluggedAsync(machine, ToVm);

    private static async Task UnpluggedAsync(Machine machine, string command)
    {
        var viewer = await machine.Gputty.BeginUntilDesktopIsDownAsync(command);
        await machine.Monitor.UnplugAsync("gpu");
        await machine.Shell.UntilAsync("the card to be gone", $"[ ! -e /sys/bus/pci/devices/{Pci.Card} ]");
        var ended = await viewer;
        await machine.Gputty.WhenWorkerIsGoneAsync();
        Assert.True(
            ended.Status == 3 && ended.Output.Contains("01:00.0 is gone", StringComparison.Ordinal),
            $"{ended.Status}\n{ended.Output}");
        await machine.Desktop.AssertUsableAsync();
        await machine.Gputty.ExpectAsync(0, "status");
        Assert.Contains("no PCI device", await machine.Gputty.ExpectAsync(2, "undo --yes --end-sessions"), StringComparison.Ordinal);
    }

    private static Task<string> DropInAsync(Machine machine, string lines) => machine.Shell.DoAsync($"""
        mkdir -p /run/systemd/system/lightdm.service.d
        printf '%s\n' '[Service]' '{lines}' >/run/systemd/system/lightdm.service.d/lab.conf
        systemctl daemon-reload
        """);
}

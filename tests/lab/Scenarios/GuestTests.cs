using GpuTty.Lab.Driver;

namespace GpuTty.Lab.Scenarios;

/// <summary>The card goes with what is started, and with the machine itself.</summary>
public sealed class GuestTests : Scenario
{
    /// <summary>Opens the group's node as a virtual machine does, without root.</summary>
    private const string OpensNode = "test -r /dev/vfio/$(basename $(readlink -e /sys/bus/pci/devices/"
        + Pci.Card
        + "/iommu_group)) && id -un";

    /// <summary>Its command line, as a regular expression.</summary>
    private const string Qemu = "^/usr/bin/qemu-system-x86_64.*vfio-pci,host";

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task A_command_has_the_card_as_an_ordinary_user_and_the_card_comes_home_however_it_ends() =>
        PlayAsync(Hardware.TwoGpus, async machine =>
        {
            foreach (var (script, status) in ((string, int)[])[($"{OpensNode}", 0), ("exit 7", 7), ("kill -9 $$", 137)])
            {
                var said =
                    await machine.Gputty.ExpectAsync(status, $"run --card {Pci.Card} --end-sessions --as user -- /bin/sh -c '{script}'");
                if (status == 0) Assert.Contains("user", said);
                await machine.Pci.AssertCardIsHomeAsync();
            }
        });

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task A_killed_run_leaves_the_card_to_the_one_that_stands_by() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        var run = machine.Gputty.RunAsync($"run --card {Pci.Card} --end-sessions --as user -- /bin/sleep 1000");
        await machine.Shell.UntilAsync("the command to run", "pgrep -u user -x sleep", Gputty.Patience);
        await machine.Pci.AssertCardIsReadyForVmAsync();
        await machine.Shell.DoAsync("pkill -9 -f 'gputty run'");
        _ = await run;
        await machine.Shell.UntilAsync(
            "the card to come home",
            $"[ \"$(basename \"$(readlink /sys/bus/pci/devices/{Pci.Card}/driver)\")\" != vfio-pci ]",
            Gputty.Patience);
        await machine.Shell.DoAsync("pkill -9 -u user -x sleep");
        await machine.Pci.AssertCardIsHomeAsync();
    });

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task The_card_is_the_virtual_machines_from_the_start_on_until_that_is_taken_back() =>
        BootAsync(Hardware.TwoGpus, async machine =>
        {
            await machine.Desktop.WhenUpAsync();
            var etc = await EtcAsync(machine);
            await machine.Gputty.ExpectAsync(0, $"boot vm --card {Pci.Card}");
            await machine.Pci.AssertCardIsHomeAsync();
            await machine.RebootAsync();
            await machine.Desktop.WhenUpAsync();
            await machine.Pci.AssertCardIsReadyForVmAsync();
            Assert.False(await machine.Desktop.HoldsAsync(Pci.Card));
            Assert.Contains("goes to vfio-pci each time", await machine.Gputty.ExpectAsync(0, $"boot show --card {Pci.Card}"));
            await machine.Gputty.ExpectAsync(0, "boot host");
            Assert.Equal(etc, await EtcAsync(machine));
            await machine.RebootAsync();
            await machine.Pci.AssertCardIsHomeAsync();
        });

    /// <summary>Without what a first start keeps of its console's font.</summary>
    private static Task<string> EtcAsync(Machine machine) =>
        machine.Shell.DoAsync("cd /etc && find . -path ./console-setup -prune -o -print | sort");

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task Once_is_one_start_and_no_more() => BootAsync(Hardware.TwoGpus, async machine =>
    {
        await machine.Gputty.ExpectAsync(0, $"boot vm --card {Pci.Card} --once");
        await machine.RebootAsync();
        await machine.Pci.AssertCardIsReadyForVmAsync();
        await machine.RebootAsync();
        await machine.Pci.AssertCardIsHomeAsync();
    });

    [ProgramFact]
    [Trait("Lab", "full")]
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

    /// <summary>The driver is in the initial RAM disk and has the card before
    /// udev's rule: the service moves it before the desktop starts.</summary>
    [ProgramFact]
    [Trait("Lab", "full")]
    public Task A_card_whose_driver_is_in_the_initial_ram_disk_is_moved_before_the_desktop_starts() =>
        BootAsync(Hardware.CardFirst, async machine =>
        {
            await machine.Desktop.WhenUpAsync();
            await machine.Gputty.ExpectAsync(0, $"boot vm --card {Pci.Card}");
            await machine.RebootAsync();
            await machine.Pci.AssertCardIsReadyForVmAsync();
            Assert.False(await machine.Desktop.HoldsAsync(Pci.Card));
            await machine.Gputty.ExpectAsync(0, "boot host");
            await machine.RebootAsync();
            await machine.Pci.AssertCardIsHomeAsync();
        });

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task A_word_on_the_kernels_command_line_leaves_the_card_to_the_host() =>
        BootAsync(Hardware.TwoGpus with { Name = "boot-escape", Kernel = " gputty.boot=host" }, async machine =>
        {
            await machine.Desktop.WhenUpAsync();
            await machine.Gputty.ExpectAsync(0, $"boot vm --card {Pci.Card}");
            await machine.RebootAsync();
            await machine.Pci.AssertCardIsHomeAsync();
            Assert.Contains(
                "gputty.boot=host",
                await machine.Gputty.ExpectAsync(0, $"boot show --card {Pci.Card}"),
                StringComparison.Ordinal);
        });

    /// <summary>No root but for the switch: the node is the user's, and so is the memory that may be locked.</summary>
    [ProgramFact]
    [Trait("Lab", "full")]
    public Task An_ordinary_user_starts_QEMU_with_the_card() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        await machine.Shell.DoAsync("printf 'VFIO_USER=user\nVFIO_GROUP=video\n' >/etc/gputty.conf");
        await machine.Gputty.ExpectAsync(0, ToVm);
        var node = $"/dev/vfio/{await machine.Pci.GroupOfAsync(Pci.Card)}";
        Assert.Equal("user:video 660", await machine.Shell.DoAsync($"stat -c '%U:%G %a' {node}"));
        await machine.Shell.DoAsync($"""
            systemd-run -q --collect --unit=lab-user-vm --uid=user -p LimitMEMLOCK=infinity qemu-system-x86_64 -accel tcg -M q35 -m 256 \
                -nodefaults -display none -device vfio-pci,host={Pci.Card} -device vfio-pci,host={Pci.CardSound}
            """);
        await machine.Shell.UntilAsync(
            "the user's QEMU to have the card",
            $"for p in $(pgrep -u user -f vfio-pci,host); do ls -l /proc/$p/fd; done | grep -q '{node}$'",
            Gputty.Patience);
        // In use: nobody takes it home under a virtual machine.
        await machine.Gputty.ExpectAsync(2, ToHost);
        await machine.Shell.DoAsync("systemctl stop lab-user-vm");
        await machine.Gputty.ExpectAsync(0, ToHost);
        await machine.Pci.AssertCardIsHomeAsync();
        Assert.Equal("", await machine.Shell.DoAsync("ls /run/udev/rules.d | grep gputty-vfio || true"));
    });

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task QEMU_in_the_foreground_has_the_card_and_gives_it_back() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        var run = machine.Gputty.RunAsync(
            $"run --card {Pci.Card} --end-sessions --as user -- /usr/bin/qemu-system-x86_64 -accel tcg -M q35 -m 256 "
                + $"-nodefaults -display none -device vfio-pci,host={Pci.Card} -device vfio-pci,host={Pci.CardSound}");
        // From when on it ends by itself when it is asked to: SIGTERM is among the signals it catches (proc(5), SigCgt).
        await machine.Shell.UntilAsync(
            "QEMU to run as the user",
            $"p=$(pgrep -u user -f '{Qemu}') && caught=$(sed -n 's/^SigCgt:[^0-9a-f]*//p' /proc/$p/status) "
                + "&& [ $((0x$caught >> 14 & 1)) = 1 ]",
            Gputty.Patience);
        await machine.Pci.AssertDriverAsync(Pci.Card, "vfio-pci");
        await machine.Shell.DoAsync($"pkill -TERM -u user -f '{Qemu}'");
        Assert.Equal(0, (await run).Status);
        await machine.Pci.AssertCardIsHomeAsync();
        await machine.Desktop.WhenUpAsync();
    });

    /// <summary>Bytes of it are exchanged, and it is cut off: each is told or found good, and none is a mistake of the program's.</summary>
    [ProgramFact]
    [Trait("Lab", "full")]
    public Task Damaged_firmware_is_told_in_a_sentence() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        await machine.Gputty.ExpectAsync(0, $"{ToVm} --save-rom /root/card.rom");
        Assert.Equal("600", await machine.Shell.DoAsync("stat -c %a /root/card.rom"));
        Assert.Equal("", await machine.Shell.DoAsync("""
            size=$(stat -c %s /root/card.rom)
            for round in $(seq 1 20); do
                cp /root/card.rom /root/bad.rom
                printf "\\$(printf %o $((RANDOM % 256)))" | dd of=/root/bad.rom bs=1 seek=$((RANDOM % size)) conv=notrunc status=none
                [ $((round % 4)) = 0 ] && truncate -s $((RANDOM % size + 1)) /root/bad.rom
                gputty rom check /root/bad.rom >/root/said 2>&1; status=$?
                case $status in 0 | 2) ;; *) echo "round $round: status $status"; cat /root/said ;; esac
            done
            """, Gputty.Patience * 3));
    });

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task Functions_without_a_driver_are_forgotten_and_found_anew_and_a_card_in_use_is_not() =>
        PlayAsync(Hardware.TwoGpus, async machine =>
        {
            // The desktop has the card.
            await machine.Shell.DoAsync($"echo {Pci.CardSound} >/sys/bus/pci/drivers/snd_hda_intel/unbind");
            Assert.True(await machine.Desktop.HoldsAsync(Pci.Card));
            await machine.Gputty.ExpectAsync(2, $"rescan --card {Pci.Card} --yes");
            await machine.Pci.AssertDriverAsync(Pci.CardSound, Pci.NoDriver);

            await machine.Gputty.ExpectAsync(0, ToVm);
            await machine.Shell.DoAsync(
                $"echo {Pci.CardSound} >/sys/bus/pci/drivers/vfio-pci/unbind; echo >/sys/bus/pci/devices/{Pci.CardSound}/driver_override");
            await machine.Gputty.ExpectAsync(0, $"rescan --card {Pci.Card} --yes");
            await machine.Shell.DoAsync($"[ -e /sys/bus/pci/devices/{Pci.CardSound} ]");
            await machine.Gputty.ExpectAsync(0, ToHost);
            await machine.Pci.AssertCardIsHomeAsync();
        });
}

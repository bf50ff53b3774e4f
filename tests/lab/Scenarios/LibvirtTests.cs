using GpuTty.Lab.Driver;

namespace GpuTty.Lab.Scenarios;

/// <summary>Debian 13 with its own libvirt: the card goes with a virtual machine that
/// is started, and is returned to the host when it has ended, whatever way.</summary>
public sealed class LibvirtTests : KeepOffScenario
{
    private const string Vm = "lab";

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task The_card_goes_with_the_start_and_comes_home_however_the_guest_ends_round_after_round() =>
        PlayAsync(Hardware.GnomeLibvirt, async machine =>
        {
            await PrepareAsync(machine);
            var before = await DesktopAsync(machine);
            Func<Task>[] ends =
            [
                () => machine.Libvirt.DestroyAsync(Vm), () => machine.Libvirt.PowerOffAsync(Vm), () => machine.Libvirt.KillAsync(Vm),
                () => machine.Libvirt.DestroyAsync(Vm), () => machine.Libvirt.PowerOffAsync(Vm),
            ];
            foreach (var end in ends)
            {
                await machine.Libvirt.MustStartAsync(Vm);
                await machine.Pci.AssertDriverAsync(Pci.Card, "vfio-pci");
                await machine.Pci.AssertDriverAsync(Pci.CardSound, "vfio-pci");
                Assert.Equal("0xb0c5", await machine.Libvirt.ReadCardAsync(Vm, 0x500));
                Assert.Contains($"was given for {Vm}", await machine.Gputty.ExpectAsync(0, "status"), StringComparison.Ordinal);
                await end();
                await machine.Libvirt.WhenOffAsync(Vm);
                await WhenHomeAsync(machine);
            }
            Assert.Equal(before, await DesktopAsync(machine));
            await machine.Desktop.ShowAsync();
            await machine.Desktop.AssertUsableAsync();
        });

    /// <summary>virt-manager runs in the session that would be closed.</summary>
    [ProgramFact]
    [Trait("Lab", "full")]
    public Task A_desktop_that_has_the_card_is_ended_by_a_start_only_where_that_was_allowed_beforehand() =>
        PlayAsync(Hardware.GnomeLibvirt, async machine =>
        {
            await machine.Libvirt.DefineAsync(Vm);
            await machine.Libvirt.InstallHookAsync(machine.Gputty);
            await Wait.ForAsync("GNOME to have the card", () => machine.Desktop.HoldsAsync(Pci.Card));
            var before = await DesktopAsync(machine);
            var said = await machine.Libvirt.MustNotStartAsync(Vm);
            Assert.Contains("gputty: ", said, StringComparison.Ordinal);
            Assert.Contains("HOOK_END_SESSIONS=yes", said, StringComparison.Ordinal);
            await machine.Pci.AssertCardIsHomeAsync();
            Assert.Equal(before, await DesktopAsync(machine));

            await machine.Shell.DoAsync("echo HOOK_END_SESSIONS=yes >/etc/gputty.conf");
            await machine.Libvirt.MustStartAsync(Vm);
            Assert.Equal("0xb0c5", await machine.Libvirt.ReadCardAsync(Vm, 0x500));
            await machine.Desktop.WhenUpAsync();
            await machine.Libvirt.DestroyAsync(Vm);
            await WhenHomeAsync(machine);
            await machine.Desktop.WhenUpAsync();
        });

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task A_card_that_libvirt_would_rebind_by_itself_is_refused_with_the_remedy() => PlayAsync(Hardware.GnomeLibvirt, async machine =>
    {
        await PrepareAsync(machine, managed: "yes");
        var said = await machine.Libvirt.MustNotStartAsync(Vm);
        Assert.Contains("managed='no'", said, StringComparison.Ordinal);
        await machine.Pci.AssertCardIsHomeAsync();
        Assert.Contains("managed='no'", await machine.Gputty.ExpectAsync(2, $"hook check {Vm} 2>&1"), StringComparison.Ordinal);
    });

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task A_second_guest_is_told_who_has_the_card_and_takes_nothing_from_the_first() =>
        PlayAsync(Hardware.GnomeLibvirt, async machine =>
        {
            await PrepareAsync(machine);
            await machine.Libvirt.DefineAsync("other");
            await machine.Libvirt.MustStartAsync(Vm);
            Assert.Contains(Vm, await machine.Libvirt.MustNotStartAsync("other"), StringComparison.Ordinal);
            Assert.Equal("running", await machine.Libvirt.StateAsync(Vm));
            Assert.Equal("0xb0c5", await machine.Libvirt.ReadCardAsync(Vm, 0x500));
            await machine.Libvirt.DestroyAsync(Vm);
            await WhenHomeAsync(machine);
            await machine.Libvirt.MustStartAsync("other");
            await machine.Libvirt.DestroyAsync("other");
            await WhenHomeAsync(machine);
        });

    /// <summary>As SELinux does it to a hook without its boolean: the unit that would do the switch is refused.</summary>
    [ProgramFact]
    [Trait("Lab", "full")]
    public Task Where_no_unit_can_be_started_the_start_is_refused_and_nothing_has_changed() =>
        PlayAsync(Hardware.GnomeLibvirt, async machine =>
        {
            await PrepareAsync(machine);
            await machine.Shell.DoAsync($"systemctl mask --runtime {Gputty.Worker}");
            Assert.Contains("gputty: ", await machine.Libvirt.MustNotStartAsync(Vm), StringComparison.Ordinal);
            await machine.Pci.AssertCardIsHomeAsync();
            await machine.Shell.DoAsync($"systemctl unmask --runtime {Gputty.Worker}");
            await machine.Libvirt.MustStartAsync(Vm);
            await machine.Libvirt.DestroyAsync(Vm);
            await WhenHomeAsync(machine);
        });

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task A_worker_that_is_killed_in_the_middle_refuses_the_start_and_leaves_a_state_with_a_name() =>
        PlayAsync(Hardware.GnomeLibvirt, async machine =>
        {
            await PrepareAsync(machine);
            // In the guest, because the road to the host is longer than a step.
            var strike = machine.Shell.DoAsync($$"""
            group=/sys/fs/cgroup/system.slice/{{Gputty.Worker}}/cgroup.procs
            until { read -r worker <$group; } 2>/dev/null; do :; done
            until [ "$(cat /sys/bus/pci/devices/{{Pci.Card}}/driver_override)" = vfio-pci ]; do [ -e $group ] || break; done
            kill -KILL $worker
            """, Gputty.Patience);
            _ = await machine.Libvirt.MustNotStartAsync(Vm);
            await strike;
            await machine.Gputty.WhenWorkerIsGoneAsync();
            Assert.Equal("shut off", await machine.Libvirt.StateAsync(Vm));
            await machine.Gputty.ExpectAsync(0, "status");
            // What libvirt calls after the refusal may bring it home already.
            _ = await machine.Gputty.RunAsync("undo --yes");
            await WhenHomeAsync(machine);
            await machine.Libvirt.MustStartAsync(Vm);
            await machine.Libvirt.DestroyAsync(Vm);
            await WhenHomeAsync(machine);
        });

    /// <summary>The daemon asks the hook about every guest that runs, and kills those about which it fails.</summary>
    [ProgramFact]
    [Trait("Lab", "full")]
    public Task A_daemon_that_is_restarted_in_the_middle_leaves_the_guest_and_its_card_alone() =>
        PlayAsync(Hardware.GnomeLibvirt, async machine =>
        {
            await PrepareAsync(machine);
            await machine.Libvirt.MustStartAsync(Vm);
            await machine.Shell.DoAsync("systemctl restart libvirtd", Gputty.Patience);
            await machine.Shell.UntilAsync("libvirt to answer", "virsh list", Gputty.Patience);
            Assert.Equal("running", await machine.Libvirt.StateAsync(Vm));
            Assert.Equal("0xb0c5", await machine.Libvirt.ReadCardAsync(Vm, 0x500));
            await machine.Libvirt.DestroyAsync(Vm);
            await WhenHomeAsync(machine);
        });

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task The_host_leaves_CPUs_to_the_guest_and_has_them_again_afterwards() => PlayAsync(Hardware.GnomeLibvirt, async machine =>
    {
        await PrepareAsync(machine);
        var before = await CpusAsync(machine);
        await machine.Shell.DoAsync("echo ISOLATE_CPUS=1 >/etc/gputty.conf");
        await machine.Libvirt.MustStartAsync(Vm);
        foreach (var part in s_hostParts)
        {
            Assert.Equal("0", await machine.Shell.DoAsync($"cat /sys/fs/cgroup/{part}/cpuset.cpus.effective"));
            Assert.Equal("0", await machine.Shell.DoAsync($"systemctl show -P AllowedCPUs {part}"));
        }
        Assert.Equal("0-1", await machine.Shell.DoAsync("cat /sys/fs/cgroup/machine.slice/cpuset.cpus.effective"));
        await machine.Libvirt.DestroyAsync(Vm);
        await WhenHomeAsync(machine);
        Assert.Equal(before, await CpusAsync(machine));
        // Where the kernel still keeps lists, they name both.
        Assert.Equal("0-1", await machine.Shell.DoAsync(
            "cat /sys/fs/cgroup/cpuset.cpus.effective /sys/fs/cgroup/{init.scope,system.slice,user.slice}/cpuset.cpus.effective "
                + "2>/dev/null | sort -u"));
    });

    /// <summary>The same guest in the same boot, with what libvirt does by itself. Measured, never judged: hosts differ.</summary>
    [ProgramFact]
    [Trait("Lab", "full")]
    public Task A_start_with_the_hook_beside_one_that_libvirt_does_by_itself() => PlayAsync(Hardware.GnomeLibvirt, async machine =>
    {
        await PrepareAsync(machine);
        for (var round = 0; round < 3; round++)
        {
            Figures.Write("virsh start with the hook", await machine.Libvirt.MustStartAsync(Vm));
            await machine.Libvirt.DestroyAsync(Vm);
            await WhenHomeAsync(machine);
        }
        await machine.Gputty.ExpectAsync(0, "hook remove");
        await machine.Shell.DoAsync("systemctl restart libvirtd", Gputty.Patience);
        await machine.Libvirt.DefineAsync("managed", managed: "yes");
        for (var round = 0; round < 3; round++)
        {
            Figures.Write("virsh start with managed='yes'", await machine.Libvirt.MustStartAsync("managed"));
            await machine.Libvirt.DestroyAsync("managed");
            await machine.Pci.AssertDriverAsync(Pci.Card, "bochs-drm");
        }
    });

    private static readonly string[] s_hostParts = ["init.scope", "system.slice", "user.slice"];

    /// <summary>The desktop is kept off the card, the hook is installed and loaded, and the guest is defined.</summary>
    private static async Task PrepareAsync(Machine machine, string managed = "no")
    {
        await machine.Gputty.ExpectAsync(0, OnNow);
        await machine.Desktop.WhenUpAsync();
        Assert.False(await machine.Desktop.HoldsAsync(Pci.Card));
        await machine.Libvirt.DefineAsync(Vm, managed);
        await machine.Libvirt.InstallHookAsync(machine.Gputty);
    }

    /// <summary>The return is a service of its own, which nobody waits for.</summary>
    private static async Task WhenHomeAsync(Machine machine)
    {
        await machine.Shell.UntilAsync(
            "the card to come home",
            $"for f in {Pci.Card} {Pci.CardSound}; do [ \"$(basename \"$(readlink /sys/bus/pci/devices/$f/driver)\")\" != vfio-pci ] "
                + "|| exit 1; done",
            Gputty.Patience);
        await machine.Gputty.WhenWorkerIsGoneAsync();
        await machine.Pci.AssertCardIsHomeAsync();
    }

    private static Task<string> CpusAsync(Machine machine) =>
        machine.Shell.DoAsync(
            $"for part in {string.Join(' ', s_hostParts)}; do systemctl show -P AllowedCPUs $part; done");
}

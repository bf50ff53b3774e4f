using GpuTty.Host;
using GpuTty.Host.Settings;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Tests.Cli;

namespace GpuTty.Tests.Planning;

/// <summary>What the machine is set to while a virtual machine has the card, and that it all comes back.</summary>
public sealed class TuningTests
{
    private static readonly Machine s_keptOff = Machines.Find("kept-off")!.Machine;

    [Fact]
    public void The_host_keeps_to_its_own_cpus_as_long_as_the_card_is_away()
    {
        var gputty = On(s_keptOff, "ISOLATE_CPUS=2,3,6,7");
        Assert.Equal(0, gputty.Run("switch", "vm", "--yes").Code);
        Assert.Equal(["0-1,4-5", "0-1,4-5", "0-1,4-5"], Cpus(gputty));
        Assert.Equal(0, gputty.Run("switch", "host", "--yes").Code);
        Assert.Equal(["", "", ""], Cpus(gputty));
        Assert.Empty(gputty.Host.Machine.Memory.Settings);
    }

    [Fact]
    public void A_card_that_was_away_since_the_start_comes_home_and_nothing_stays_remembered()
    {
        var gputty = On(ReservedAtBoot.Boot(), "GOVERNOR=performance");
        Assert.Equal(0, gputty.Run("switch", "vm", "--yes").Code);
        Assert.NotEmpty(gputty.Host.Machine.Memory.Settings);
        Assert.Equal(0, gputty.Run("switch", "host", "--yes", "--end-sessions").Code);
        Assert.Equal("powersave", Value(gputty, SettingKind.Governor, "policy5"));
        Assert.Empty(gputty.Host.Machine.Memory.Settings);
        Assert.Contains("already", gputty.Run("switch", "host", "--yes", "--end-sessions").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void What_an_administrator_had_limited_before_is_exactly_that_again()
    {
        var before = With(new HostSetting(SettingKind.AllowedCpus, "system.slice"), "0-5");
        var gputty = On(before, "ISOLATE_CPUS=2-3,6-7");
        gputty.Run("switch", "vm", "--yes");
        Assert.Equal(["0-1,4-5", "0-1,4-5", "0-1,4-5"], Cpus(gputty));
        gputty.Run("switch", "host", "--yes");
        Assert.Equal(before.Settings.Values.AsEnumerable(), gputty.Host.Machine.Settings.Values);
    }

    [Fact]
    public void All_of_it_comes_back_when_the_switch_is_taken_back_or_undone()
    {
        const string all = "ISOLATE_CPUS=3,7\nGOVERNOR=performance\nENERGY_PREFERENCE=performance\nHUGEPAGES_MB=4096\n"
            + "LOOKING_GLASS_FILE=yes\nVFIO_USER=joe";
        var failed =
            Gputty.On("kept-off", new FaultPlan(new Fault(FaultKind.Refused, Verb.Probe))).With(configured: ConfigTests.Config(all));
        Assert.Equal(GpuTty.Cli.ExitCodes.TakenBack, failed.Run("switch", "vm", "--yes").Code);
        Assert.Equal(s_keptOff.Settings.Values.AsEnumerable(), failed.Host.Machine.Settings.Values);

        var undone = On(s_keptOff, all);
        Assert.Equal(0, undone.Run("switch", "vm", "--yes").Code);
        Assert.Equal("performance", Value(undone, SettingKind.Governor, "policy3"));
        Assert.Equal("powersave", Value(undone, SettingKind.Governor, "policy0"));
        Assert.Equal("performance", Value(undone, SettingKind.EnergyPreference, "policy7"));
        Assert.Equal("2048", Value(undone, SettingKind.HugePages, "node0"));
        Assert.Equal("1000:0:600", Value(undone, SettingKind.SharedMemory, "/dev/shm/looking-glass"));
        Assert.Equal(0, undone.Run("undo", "--yes").Code);
        Assert.Equal(s_keptOff.Settings.Values.AsEnumerable(), undone.Host.Machine.Settings.Values);
    }

    [Fact]
    public void What_somebody_else_has_set_meanwhile_is_left_alone()
    {
        var gputty = On(s_keptOff, "GOVERNOR=performance");
        gputty.Run("switch", "vm", "--yes");
        gputty.Host.Happen(m => SettingVerbs.Change(m, new HostSetting(SettingKind.Governor, "policy5"), "schedutil"));
        Assert.Equal(0, gputty.Run("switch", "host", "--yes").Code);
        Assert.Equal("schedutil", Value(gputty, SettingKind.Governor, "policy5"));
        Assert.Equal("powersave", Value(gputty, SettingKind.Governor, "policy4"));
    }

    [Fact]
    public void A_second_switch_remembers_what_was_there_before_the_first()
    {
        var gputty = On(s_keptOff, "GOVERNOR=performance");
        gputty.Run("switch", "vm", "--yes");
        Assert.Equal(
            0,
            gputty.With(configured: ConfigTests.Config("ISOLATE_CPUS=3,7\nGOVERNOR=performance")).Run("switch", "vm", "--yes").Code);
        Assert.Equal("0-2,4-6", Value(gputty, SettingKind.AllowedCpus, "user.slice"));
        Assert.Equal(0, gputty.Run("switch", "host", "--yes").Code);
        Assert.Equal(s_keptOff.Settings.Values.AsEnumerable(), gputty.Host.Machine.Settings.Values);
    }

    [Fact]
    public void A_second_switch_that_is_taken_back_leaves_the_way_back_of_the_first()
    {
        var gputty = Gputty.On(
            "kept-off",
            new FaultPlan(new Fault(
                FaultKind.Refused, Verb.ChangeSetting, "user.slice"))).With(configured: ConfigTests.Config("GOVERNOR=performance"));
        Assert.Equal(0, gputty.Run("switch", "vm", "--yes").Code);
        Assert.Equal(
            GpuTty.Cli.ExitCodes.TakenBack,
            gputty.With(configured: ConfigTests.Config("ISOLATE_CPUS=3,7\nENERGY_PREFERENCE=power")).Run("switch", "vm", "--yes").Code);
        Assert.Equal(["", "", ""], Cpus(gputty));
        Assert.Equal("performance", Value(gputty, SettingKind.Governor, "policy0"));
        Assert.Equal(0, gputty.Run("switch", "host", "--yes").Code);
        Assert.Equal(s_keptOff.Settings.Values.AsEnumerable(), gputty.Host.Machine.Settings.Values);
    }

    [Fact]
    public void A_setting_that_is_changed_twice_comes_back_to_what_it_was_first()
    {
        var gputty = On(s_keptOff, "ENERGY_PREFERENCE=performance");
        gputty.Run("switch", "vm", "--yes");
        Assert.Equal(0, gputty.With(configured: ConfigTests.Config("ENERGY_PREFERENCE=power")).Run("switch", "vm", "--yes").Code);
        Assert.Equal("power", Value(gputty, SettingKind.EnergyPreference, "policy0"));
        Assert.Equal(0, gputty.Run("switch", "host", "--yes").Code);
        Assert.Equal(s_keptOff.Settings.Values.AsEnumerable(), gputty.Host.Machine.Settings.Values);
    }

    /// <summary>Whoever made it may keep it open, and would see the picture of the virtual machine.</summary>
    [Theory]
    [InlineData("1001:1001:660", false)]
    [InlineData("64055:108:660", false)]
    [InlineData("0:0:600", true)]
    [InlineData("1000:1000:600", true)]
    public void Memory_of_Looking_Glass_that_is_a_file_of_somebody_else_is_not_given_to_the_virtual_machine(string owner, bool goes)
    {
        var gputty = On(With(HostSetting.SharedMemory, owner), "LOOKING_GLASS_FILE=yes\nVFIO_USER=joe");
        var said = gputty.Run("switch", "vm", "--yes");
        Assert.Equal(goes ? GpuTty.Cli.ExitCodes.Done : GpuTty.Cli.ExitCodes.Refused, said.Code);
        Assert.Equal(goes, !said.Error.Contains("remove it: rm /dev/shm/looking-glass", StringComparison.Ordinal));
        if (!goes) Assert.Empty(gputty.Host.Calls);
        else Assert.Equal(GpuTty.Cli.ExitCodes.Done, gputty.Run("switch", "host", "--yes").Code);
        Assert.Equal(owner, Value(gputty, SettingKind.SharedMemory, "/dev/shm/looking-glass"));
    }

    [Theory]
    [InlineData("0-7", "would leave no CPU for the host")]
    [InlineData("3", "splits a core")]
    [InlineData("3,7,9", "does not have: 9")]
    public void CPUs_that_cannot_be_kept_free_are_refused_in_a_sentence(string cpus, string why)
    {
        var gputty = On(s_keptOff, $"ISOLATE_CPUS={cpus}");
        var said = gputty.Run("switch", "vm", "--yes");
        Assert.Equal(GpuTty.Cli.ExitCodes.Refused, said.Code);
        Assert.Contains(why, said.Error, StringComparison.Ordinal);
        Assert.Empty(gputty.Host.Calls);
    }

    [Fact]
    public void Without_control_groups_of_systemd_no_CPU_is_promised()
    {
        var without = s_keptOff with
        {
            Settings = s_keptOff.Settings with
            {
                Values = [.. s_keptOff.Settings.Values.Where(known => known.Setting.Kind != SettingKind.AllowedCpus)],
            },
        };
        Assert.Contains("No CPUs can be kept free here", On(without, "ISOLATE_CPUS=3,7").Run("plan", "vm").Error, StringComparison.Ordinal);
    }

    /// <summary>Two that set the same thing would only fight.</summary>
    [Fact]
    public void Where_a_daemon_sets_the_governor_or_it_is_not_offered_the_plan_says_so_and_goes_on()
    {
        var daemon = s_keptOff with { Settings = s_keptOff.Settings with { PowerDaemon = "power-profiles-daemon.service" } };
        Assert.Contains(
            "power-profiles-daemon.service sets it",
            On(daemon, "GOVERNOR=performance").Run("plan", "vm").Out,
            StringComparison.Ordinal);
        Assert.Contains(
            "schedutil is not offered here", On(s_keptOff, "GOVERNOR=schedutil").Run("plan", "vm").Out, StringComparison.Ordinal);
        Assert.Contains(
            "kvmfr is not loaded: it is not built for the running kernel",
            On(s_keptOff, "KVMFR_SIZE_MB=64").Run("plan", "vm").Out,
            StringComparison.Ordinal);
        Assert.Equal(0, On(daemon, "GOVERNOR=performance").Run("switch", "vm", "--yes").Code);
    }

    [Fact]
    public void Pages_that_are_free_already_count_and_a_set_that_is_not_complete_is_no_success()
    {
        var some = s_keptOff with
        {
            Settings = s_keptOff.Settings with
            {
                Values = [.. s_keptOff.Settings.Values.Select(known =>
                    known.Setting.Kind == SettingKind.HugePages ? known with { Value = "700", Free = 500 } : known)],
            },
        };
        var step = Steps(On(some, "HUGEPAGES_MB=2048")).Single();
        Assert.Equal(("700", "1224"), (step.Old, step.New));
        Assert.Empty(Steps(On(some, "HUGEPAGES_MB=1000")));
        var partial = Gputty.On(
            "kept-off",
            new FaultPlan(new Fault(
                FaultKind.OnlySaysSo, Verb.ChangeSetting, Times: Fault.ForEver))).With(configured: ConfigTests.Config("HUGEPAGES_MB=2048"));
        var said = partial.Run("switch", "vm", "--yes");
        Assert.Equal(GpuTty.Cli.ExitCodes.TakenBack, said.Code);
        Assert.Contains("only 0 of 2048 MiB could be had", said.Out + said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Pages_are_set_aside_on_the_cards_own_node()
    {
        var two = s_keptOff with
        {
            Settings = s_keptOff.Settings with
            {
                Values = s_keptOff.Settings.Values.Add(new KnownSetting(new HostSetting(SettingKind.HugePages, "node1"), "0") { Free = 0 }),
                Nodes = [new NumaPlace(Machines.Card, 1)],
            },
        };
        Assert.Equal("node1", Steps(On(two, "HUGEPAGES_MB=64")).Single().Setting.Of);
    }

    [Fact]
    public void The_module_of_Looking_Glass_is_loaded_in_the_size_that_is_wanted_and_a_larger_one_serves_as_well()
    {
        var built = s_keptOff with { Settings = s_keptOff.Settings with { HasKvmfr = true } };
        var gputty = On(built, "KVMFR_SIZE_MB=64\nVFIO_USER=joe\nVFIO_GROUP=kvm");
        Assert.Equal(0, gputty.Run("switch", "vm", "--yes").Code);
        Assert.Equal("64,1000:108:660", Value(gputty, SettingKind.Kvmfr, "/dev/kvmfr0"));
        Assert.Equal(0, gputty.Run("switch", "host", "--yes").Code);
        Assert.Equal("", Value(gputty, SettingKind.Kvmfr, "/dev/kvmfr0"));
        var larger = built with { Settings = built.Settings.With(HostSetting.Kvmfr, "128,0:0:600") };
        Assert.Equal(
            "128,0:0:600 128,1000:108:660",
            Steps(On(larger, "KVMFR_SIZE_MB=64\nVFIO_USER=joe\nVFIO_GROUP=kvm")).Select(step => $"{step.Old} {step.New}").Single());
    }

    [Fact]
    public void Where_nobody_can_tell_whether_the_module_of_Looking_Glass_is_there_it_is_not_said_to_be_missing()
    {
        var unread = s_keptOff with { Settings = s_keptOff.Settings with { HasKvmfr = null } };
        Assert.Contains(
            "kvmfr is not loaded: it is unknown whether it is installed for the running kernel",
            On(unread, "KVMFR_SIZE_MB=64").Run("plan", "vm").Out.ReplaceLineEndings(" "),
            StringComparison.Ordinal);
    }

    /// <summary>The command would be kept off the CPUs that are meant for it.</summary>
    [Fact]
    public void A_command_in_its_users_session_keeps_all_CPUs() =>
        Assert.DoesNotContain(
            "AllowedCPUs",
            On(s_keptOff, "ISOLATE_CPUS=3,7\nGOVERNOR=performance").Run("run", "--dry-run", "--", "qemu").Out,
            StringComparison.Ordinal);

    [Fact]
    public void The_start_of_a_guest_changes_the_same()
    {
        using var tree = new GpuTty.Tests.Linux.MachineTree().Folder("run");
        var gputty = On(s_keptOff, "ISOLATE_CPUS=3,7").With(
            configured: ConfigTests.Config("ISOLATE_CPUS=3,7"),
            grants: new GpuTty.Linux.Guests.GrantStore(new GpuTty.Linux.State.StateDirectory(tree.At("run/gputty"))),
            types: "<domain><name>win11</name><devices><hostdev type='pci'><source><address "
                + "bus='1'/></source></hostdev></devices></domain>");
        var said = gputty.Run("hook", "run", "win11", "prepare", "begin", "-");
        Assert.Equal((0, ""), (said.Code, said.Error));
        Assert.Equal("0-2,4-6", Value(gputty, SettingKind.AllowedCpus, "system.slice"));
    }

    [Fact]
    public void Every_setting_says_what_it_does_and_the_command_that_does_it() => Snapshots.Verify(string.Join('\n', ((ChangeSetting[])
    [
        new(new HostSetting(SettingKind.AllowedCpus, "user.slice"), "", "0-3"),
        new(new HostSetting(SettingKind.AllowedCpus, "user.slice"), "0-3", ""),
        new(new HostSetting(SettingKind.Governor, "policy4"), "powersave", "performance"),
        new(new HostSetting(SettingKind.EnergyPreference, "policy4"), "power", "performance"),
        new(new HostSetting(SettingKind.HugePages, "node0"), "0", "512"),
        new(HostSetting.Kvmfr, "", "64,1000:108:660"),
        new(HostSetting.Kvmfr, "64,1000:108:660", ""),
        new(HostSetting.Kvmfr, "32,0:0:600", "64,0:108:660"),
        new(HostSetting.SharedMemory, "", "1000:108:660"),
        new(HostSetting.SharedMemory, "1000:108:660", ""),
    ]).Select(step => $"{step.Describe()}\n    {step.Command().Replace("\n", "\n    ", StringComparison.Ordinal)}")) + "\n");

    [Theory]
    [InlineData("0-3,8", "0-3,8")]
    [InlineData("3,1,2,0", "0-3")]
    [InlineData("", "")]
    [InlineData("5-5", "5")]
    [InlineData("3-1", null)]
    [InlineData("0-99999", null)]
    [InlineData("a", null)]
    [InlineData("1-2-3", null)]
    public void Lists_of_CPUs_are_read_as_the_kernel_writes_them(string text, string? meant) =>
        Assert.Equal(meant, CpuList.Parse(text) is { } cpus ? CpuList.Of(cpus) : null);

    private static Gputty On(Machine machine, string configured) => Gputty.On(machine, []).With(configured: ConfigTests.Config(configured));

    private static Machine With(HostSetting setting, string value) => s_keptOff with { Settings = s_keptOff.Settings.With(setting, value) };

    private static string? Value(Gputty gputty, SettingKind kind, string of) =>
        gputty.Host.Machine.Settings.ValueOf(new HostSetting(kind, of));

    private static IEnumerable<string?> Cpus(Gputty gputty) =>
        ((string[])["init.scope", "system.slice", "user.slice"]).Select(part => Value(gputty, SettingKind.AllowedCpus, part));

    private static List<ChangeSetting> Steps(Gputty gputty)
    {
        var configured = gputty.Configured;
        var owner = gputty.Owners(configured[ConfigurationKey.VfioUser], configured[ConfigurationKey.VfioGroup]);
        var intent = new SwitchIntent(Machines.Card, Direction.ToVm) { Tuning = ConfiguredIntent.Tuning(configured), VfioOwner = owner };
        return [.. Assert.IsType<PlanResult.Ready>(SwitchPlanner.Plan(
            gputty.Host.Machine.Snapshot(SnapshotSections.All | intent.Needs), intent)).Plan.Steps.OfType<ChangeSetting>()];
    }
}

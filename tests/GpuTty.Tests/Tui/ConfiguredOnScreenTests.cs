using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Tests.Cli;
using GpuTty.Tui;
using GpuTty.Tui.Screens;

namespace GpuTty.Tests.Tui;

/// <summary>A switch that is begun at the screen goes by the same settings as one that is typed.</summary>
public sealed class ConfiguredOnScreenTests
{
    private const string Settings = "VFIO_USER=joe\nISOLATE_CPUS=2,3,6,7\nGOVERNOR=performance\nHUGEPAGES_MB=64\n";

    [Fact]
    public void The_plan_of_the_wizard_has_the_steps_that_the_command_s_plan_has()
    {
        var gputty = Gputty.On("kept-off").With(configured: ConfigTests.Config(Settings));
        var host = gputty.Host.Machine.Snapshot(SnapshotSections.All | SnapshotSections.TunableSettings);
        var screen = At(host, Settings).Type("v").Sized(160, 60).Words;
        var lines = gputty.Run("plan", "vm").Out.Split('\n');
        string[] steps = ["Let user.slice use CPUs 0-1,4-5 only", "Set the CPU governor of policy2 to performance", "Set 64 MiB aside"];
        foreach (var step in steps)
        {
            Assert.Contains(lines, line => line.Contains(step, StringComparison.Ordinal));
            Assert.Contains(step, screen, StringComparison.Ordinal);
        }
        Assert.Contains("joe", screen, StringComparison.Ordinal);
        Assert.DoesNotContain("joe", At(host, "").Type("v").Sized(160, 60).Words, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_of_the_machine_are_read_only_where_a_switch_would_change_them()
    {
        var host = Machines.Find("kept-off")!.Machine.Snapshot();
        Assert.Null(host.TunableSettings);
        Assert.False(At(host, "VFIO_USER=joe\n").Model.Needs.HasFlag(SnapshotSections.TunableSettings));
        Assert.True(At(host, Settings).Model.Needs.HasFlag(SnapshotSections.TunableSettings));
        var read = Machines.Find("kept-off")!.Machine.Snapshot(SnapshotSections.All | SnapshotSections.TunableSettings);
        Assert.False(At(read, Settings).Model.Needs.HasFlag(SnapshotSections.TunableSettings));
    }

    [Fact]
    public void A_configuration_that_is_wrong_refuses_the_way_to_the_VM_in_its_own_words()
    {
        var play = At(Machines.Find("kept-off")!.Machine.Snapshot(), "AFTER_VM=perhaps\n").Type("v");
        Assert.IsType<OverviewScreen>(play.Model.Top);
        Assert.Contains("AFTER_VM", play.Notice, StringComparison.Ordinal);
        // A user whom this machine does not know.
        var unknown = ConfiguredSwitch.Of(
            ConfigTests.Config("VFIO_USER=nobody-here\n"), (_, _) => throw new HostException("There is no user nobody-here.", "Mend it."));
        play = Play.At(Machines.Find("kept-off")!.Machine.Snapshot()).Hear(new Msg.Configured(unknown)).Type("v");
        Assert.Equal("There is no user nobody-here. Mend it.", play.Notice);
    }

    [Fact]
    public void What_is_agreed_to_in_the_configuration_is_ticked_and_can_be_taken_back()
    {
        var host = Machines.Find("stubborn")!.Machine.Snapshot();
        Assert.Equal(HolderConsent.Never, Intent(At(host, "").Type("v")).EndHolders);
        Assert.Equal(HolderConsent.Terminate, Intent(At(host, "END_HOLDERS=term\n").Type("v")).EndHolders);
        Assert.True(Intent(At(host, "NVIDIA_RESTART=false\n").Type("v")).LeavesNvidiaStopped);
    }

    [Fact]
    public void The_card_that_is_configured_is_the_one_that_the_keys_are_about()
    {
        var host = Machines.Find("twins")!.Machine.Snapshot();
        var cards = Card.FindAll(host);
        foreach (var card in cards)
            Assert.Equal(card.Address, At(host, $"CARD={card.Address.SlotName}\n").Model.Card!.Address);
    }

    [Fact]
    public void A_reset_and_the_saving_of_the_firmware_are_offered_with_the_plan_and_off_unless_asked_for()
    {
        var machine = Machines.Find("kept-off")!.Machine;
        var host = machine.With(machine.Find(Machines.Card)! with { ResetMethods = ["flr", "pm"] }).Snapshot();
        var play = At(host, "").Type("v");
        var help = play.Type("?").Sized(160, 60).Words;
        Assert.Contains("Have the card reset once vfio-pci has it", help, StringComparison.Ordinal);
        Assert.Contains("Save the card's firmware to a new file", help, StringComparison.Ordinal);
        Assert.DoesNotContain("Reset on the way", play.Words, StringComparison.Ordinal);
        Assert.Equal((null, null), (Intent(play).ResetMethod, Intent(play).SaveFirmware));
        Assert.Equal("flr", Intent(play.Type("Z")).ResetMethod);
        Assert.Contains("Reset on the way: flr", play.Type("Z").Words, StringComparison.Ordinal);
        Assert.Contains("Reset 01:00.0", play.Type("Z").Sized(120, 60).Words, StringComparison.Ordinal);
        Assert.Equal("pm", Intent(play.Type("ZZ")).ResetMethod);
        Assert.Null(Intent(play.Type("ZZZ")).ResetMethod);
        var saving = play.Type("I");
        Assert.StartsWith("/root/10de-2684", Intent(saving).SaveFirmware, StringComparison.Ordinal);
        Assert.Contains("Save the firmware of 01:00.0", saving.Sized(120, 60).Words, StringComparison.Ordinal);
        Assert.Null(Intent(saving.Type("I")).SaveFirmware);
    }

    [Fact]
    public void A_reset_that_would_hit_somebody_else_and_a_file_that_cannot_be_written_are_not_offered()
    {
        var machine = Machines.Find("kept-off")!.Machine;
        var host = machine.With(machine.Find(Machines.Card)! with { ResetMethods = [] }).Snapshot();
        var play = Play.At(host).Type("v");
        Assert.DoesNotContain("Reset on the way", play.Words, StringComparison.Ordinal);
        Assert.Contains("offers no reset", play.Type("Z").Notice, StringComparison.Ordinal);
        Assert.Contains("No file can be written", play.Type("I").Notice, StringComparison.Ordinal);
        // The way back has neither.
        var home = At(Machines.Find("vm-running")!.Machine.Snapshot(), "").Type("h");
        Assert.DoesNotContain("Reset on the way", home.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_lines_a_switch_goes_by_them_too()
    {
        var host = new SimulatedHost(Machines.Find("kept-off")!.Machine, new FastClock(20));
        using var output = new StringWriter();
        await new PlainMode(
            host,
            new SimulatedSwitchService(host, new FastClock(20)),
            new StringReader("v 01:00\nyes\nq\n"),
            output,
            new TuiOptions { Configured = () => Configured(Settings) }).RunAsync(default);
        Assert.Contains("Let user.slice use CPUs 0-1,4-5 only", output.ToString(), StringComparison.Ordinal);
        Assert.Equal("0-1,4-5", host.Machine.Settings.ValueOf(new HostSetting(SettingKind.AllowedCpus, "user.slice")));
        Assert.Equal("joe", Assert.Single(host.Machine.VfioAccesses).Owner.Name);
    }

    private static SwitchIntent Intent(Play play) => Assert.IsAssignableFrom<WizardScreen>(play.Model.Top).Intent;

    private static Play At(HostSnapshot host, string settings) =>
        Play.At(host).Hear(new Msg.Configured(Configured(settings)));

    private static ConfiguredSwitch Configured(string settings) => ConfiguredSwitch.Of(
        ConfigTests.Config(settings), (user, _) => user.Length == 0 ? null : new VfioOwner(1000, null, user)) with
    {
        NewFiles = "/root",
    };
}

using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Holders;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Terminal;
using GpuTty.Tests.Tui.Acceptance;
using GpuTty.Tui;
using GpuTty.Tui.Panels;
using GpuTty.Tui.Screens;

namespace GpuTty.Tests.Tui;

/// <summary>What is said of the desktop and of the next switch agrees with what a switch does, and with what the commands say.</summary>
public sealed class DesktopOnScreenTests
{
    /// <summary>A card that was with a virtual machine and has no driver now.</summary>
    private static readonly HostSnapshot s_driverless = DesktopMachine.WithVm with
    {
        Devices = [.. DesktopMachine.WithVm.Devices.Select(device =>
            device.Address.SharesSlotWith(DesktopMachine.Big) ? device with { Driver = null, DriverOverride = null } : device)],
    };

    [Fact]
    public void A_desktop_that_nobody_starts_again_is_not_said_to_restart()
    {
        Assert.Equal("to the VM: The desktop is closed. It is not started again automatically.", Row("startx", "next"));
        Assert.Equal("to the VM: the desktop restarts, sessions are closed", Row("desktop", "next"));
        var asked = Assert.IsType<ConfirmPage>(Demo.On("startx").Type("vS\n\n").Model.Top).Question.Lines;
        Assert.DoesNotContain(asked, line => line.Text.Contains("until the login screen is back", StringComparison.Ordinal));
    }

    [Fact]
    public void The_panel_and_the_command_send_a_card_without_a_driver_the_same_way_home()
    {
        var card = Card.FindAt(s_driverless, DesktopMachine.Big)!;
        Assert.Equal(Owner.Nobody, card.Owner);
        Assert.Equal(Direction.ToHost, NextSwitch.Of(s_driverless, card, Configuration.Empty).Direction);
        Assert.StartsWith("to the host", Row(s_driverless, card, "next"), StringComparison.Ordinal);
        var begun = OnRow(Play.At(s_driverless), "next switch").Type("\n");
        Assert.Equal(Direction.ToHost, Assert.IsAssignableFrom<WizardScreen>(begun.Model.Top).Intent.Direction);
    }

    [Fact]
    public void A_desktop_started_by_hand_at_a_console_is_a_desktop()
    {
        var startx = Demo.On("startx", 200, 50);
        Assert.Matches(@"desktop on tty\d", startx.Top());
        Assert.NotEqual("No desktop is running.", startx.Type("d").Notice);
        var openrc = Demo.On("openrc", 200, 50);
        Assert.DoesNotContain("no desktop", openrc.Top(), StringComparison.Ordinal);
        Assert.Equal("not found through systemd", Row("openrc", "manager"));
        Assert.Contains("no desktop", Play.At(DesktopMachine.Free, 200, 50).Top(), StringComparison.Ordinal);
    }

    [Fact]
    public void Programs_that_have_a_card_open_are_not_said_to_draw() =>
        Assert.Contains("uses a card: gnome-shell", Play.At(DesktopMachine.Idle, 160, 50).Text(), StringComparison.Ordinal);

    [Fact]
    public void Enter_is_labelled_with_what_it_does_on_the_row()
    {
        var panel = Play.At(DesktopMachine.Idle, 160, 50);
        Assert.StartsWith("Enter details", EnterOf(OnRow(panel, "login screen")), StringComparison.Ordinal);
        Assert.StartsWith("Enter keep off", EnterOf(OnRow(panel, "keep off")), StringComparison.Ordinal);
        Assert.StartsWith("Enter to the VM", EnterOf(OnRow(panel, "next switch")), StringComparison.Ordinal);
        var refused = OnRow(Play.At(DesktopMachine.WithoutIommu, 160, 50), "next switch");
        Assert.StartsWith("Enter details", EnterOf(refused), StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_says_when_it_takes_effect_and_for_how_long()
    {
        var choices = Play.At(DesktopMachine.Free).Type("K\e");
        Assert.Contains(
            "Nothing is lost: it takes effect at the next login, until the next reboot.", choices.Words, StringComparison.Ordinal);
        Assert.Contains("at the next login, also after a reboot.", choices.Type("p").Words, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_card_is_for_is_asked_by_one_name()
    {
        var asked = Play.At(DesktopMachine.WithVm, 120, 40).Type("h");
        Assert.Contains("K for compute", asked.Bar(), StringComparison.Ordinal);
        Assert.Contains("m for monitors", asked.Bar(), StringComparison.Ordinal);
    }

    /// <summary>The log's title stands in the edge below: there it would be said of the log.</summary>
    [Fact]
    public void That_a_page_goes_on_below_is_said_on_the_page_and_not_on_the_log()
    {
        var plan = Play.At(DesktopMachine.Idle, 100, 30).Type("vS\n");
        Assert.Contains("more below", plan.Line("What will be done"), StringComparison.Ordinal);
        Assert.DoesNotContain("more below", plan.Line("─ Log"), StringComparison.Ordinal);
        Assert.DoesNotContain("more below", plan.Press(Key.End).Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_question_marks_what_cannot_be_undone_and_how_long_a_step_may_take()
    {
        var asked = Play.At(DesktopMachine.Idle, 120, 60).Type("vS\n\nc");
        var lines = Assert.IsType<ConfirmPage>(asked.Model.Top).Question.Lines.Select(line => line.Text).ToList();
        Assert.Contains(lines, line => System.Text.RegularExpressions.Regex.IsMatch(line, @"\d !  .*session 2"));
        Assert.Contains(lines, line => line.EndsWith("  max 15 s", StringComparison.Ordinal));
    }

    [Fact]
    public void A_count_that_is_explained_says_nothing_of_unknown_references()
    {
        var account = ModuleRefcountBreakdown.Of(DesktopMachine.Idle, DesktopMachine.Idle.FindModule("nvidia")!);
        Assert.Equal(0, account.Unexplained);
        Assert.Matches(@"^nvidia: 7 references: \d open files, \d by other modules and the kernel$", account.Words());
        Assert.Matches(@"^nvidia: 7 references: \d files, \d kernel$", account.Words(40));
    }

    [Theory]
    [MemberData(nameof(OnTheScreen))]
    public void No_remedy_on_the_screen_tells_to_type_a_command_where_a_key_does_it(Obstacle obstacle) =>
        Assert.DoesNotMatch("gputty (status|switch|holders)|--card", obstacle.RemedyForTui());

    public static TheoryData<Obstacle> OnTheScreen()
    {
        var card = Card.FindAt(DesktopMachine.Idle, DesktopMachine.Big)!;
        return
        [
            new Obstacle.NoSuchDevice("05:00"), new Obstacle.NotACard(DesktopMachine.Idle.Devices[0]), new Obstacle.SeveralCards("a, b"),
            new Obstacle.ConfiguredCardMissing("05:00", "/etc/gputty.conf", "it is not there."), new Obstacle.GivenToGuest(card, "win11"),
            new Obstacle.StillHeld(card, DesktopMachine.Idle.Holders[0]),
        ];
    }

    [Fact]
    public void A_step_that_runs_out_of_time_says_which_it_was_and_who_is_to_be_ended()
    {
        var busy = DesktopMachine.Busy with
        {
            Holders = [.. DesktopMachine.Busy.Holders.Where(holder => holder.Name == "ollama")],
        };
        var (problem, remedy) = new UnloadModule("nvidia_uvm").TimeoutMessage(
            TimeSpan.FromSeconds(15), busy with { Modules = [new("nvidia_uvm", 1, [])] });
        Assert.Equal(
            "\"Unload module nvidia_uvm\" did not succeed within 15 seconds: waiting for 1 reference, held by ollama (4711).", problem);
        Assert.Equal("End ollama (4711), then try again.", remedy);
        Assert.Equal(
            "See the log, then try again.",
            new UnloadModule("i915").TimeoutMessage(TimeSpan.FromSeconds(15), DesktopMachine.Free).Remedy);
    }

    private static string Row(string machine, string id)
    {
        var host = Machines.Find(machine)!.Machine.Snapshot();
        return Row(host, Card.FindAt(host, Machines.Card), id);
    }

    private static string Row(HostSnapshot host, Card? card, string id) =>
        DesktopPanel.Rows(host, card, isRunning: false).Single(row => row.Id == id).Cells[1].Text;

    private static Play OnRow(Play play, string name)
    {
        var panel = play.Type("5");
        for (var row = 0; row < 20 && panel.Line($"> {name}").Length == 0; row++) panel = panel.Press(Key.Down);
        Assert.NotEqual("", panel.Line($"> {name}"));
        return panel;
    }

    private static string EnterOf(Play play) => play.Bar()[play.Bar().IndexOf("Enter", StringComparison.Ordinal)..];
}

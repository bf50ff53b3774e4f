using GpuTty.Simulation;
using GpuTty.Tests.Tui.Acceptance;
using GpuTty.Tui.Screens;

namespace GpuTty.Tests.Tui;

/// <summary>What somebody found who walked through every screen for the first time.</summary>
public sealed class FoundOnAWalkTests
{
    [Fact]
    public void Whose_program_would_be_ended_stands_where_one_agrees_to_it()
    {
        var consents = Play.At(Machines.Find("stubborn")!.Machine.Snapshot()).Sized(120, 40).Type("v");
        Assert.IsType<ConsentsPage>(consents.Model.Top);
        Assert.Contains("of ada", consents.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_typed_after_Write_was_refused_is_a_name_and_no_keys()
    {
        var asked = Play.At(DesktopMachine.Idle).Type("C").Type("\n").Type("y");
        Assert.Contains("Type a name first", asked.Notice, StringComparison.Ordinal);
        Assert.Equal("/tmp/n", Assert.IsType<QuestionScreen>(asked.Type("/tmp/n").Model.Top).Question.Field.Text);
    }

    [Theory]
    [InlineData("vm-running")]
    [InlineData("mediated")]
    [InlineData("virtual-functions")]
    public void A_virtual_machine_is_called_by_its_own_name_everywhere(string machine)
    {
        var play = Demo.On(machine, 160, 50);
        foreach (var keys in (string[])["", "4", "4\n", "v", "h", "vj", "vjj", "vjjj", "vjjjjjjj", "hj"])
        {
            var text = play.Type(keys).Text();
            Assert.DoesNotContain("machine qemu", text, StringComparison.Ordinal);
            Assert.DoesNotContain("qemu-1", text, StringComparison.Ordinal);
        }
        Assert.Contains("virtual machine win11", Demo.On(machine, 160, 50).Type("4").Words, StringComparison.Ordinal);
    }

    [Fact]
    public void The_way_to_shut_a_virtual_machine_down_is_a_command_with_its_name()
    {
        Assert.Contains("virsh -c qemu:///system shutdown win11", Demo.On("vm-running").Type("h").Words, StringComparison.Ordinal);
        Assert.Contains("virsh -c qemu:///system shutdown win11", Demo.On("mediated").Type("vjjjj").Words, StringComparison.Ordinal);
        // On a small screen too, where the sum of the checks has no room.
        Assert.Contains("virsh -c qemu:///system shutdown win11", Demo.On("vm-running", 45, 12).Type("h").Words, StringComparison.Ordinal);
    }

    /// <summary>The processor's graphics cannot be switched on to replace themselves, and a laptop has no slot.</summary>
    [Theory]
    [InlineData("apu", "Add a second card; to give it away anyway, press o.")]
    [InlineData("mediated", "This machine has no slot for a second card.")]
    [InlineData("single", "Enable the processor's graphics in the firmware setup, or add a second card; to give it away anyway, press o.")]
    public void What_helps_the_only_card_is_possible_on_this_machine(string machine, string advice)
    {
        var checks = Demo.On(machine).Type("v");
        Assert.Contains(advice, checks.Words, StringComparison.Ordinal);
        if (machine != "single") Assert.DoesNotContain("Enable ", checks.Type("j").Words, StringComparison.Ordinal);
    }

    [Fact]
    public void The_only_card_is_not_offered_to_be_given_away_where_that_is_not_enough()
    {
        Assert.Contains("Other checks have failed", Demo.On("mediated").Type("vo").Notice, StringComparison.Ordinal);
        Assert.False(Assert.IsType<ChecksPage>(Demo.On("mediated").Type("v ").Model.Top).Intent.SingleGpu);
    }

    [Fact]
    public void The_cursor_stays_on_its_check_while_the_only_card_is_agreed_to()
    {
        var checks = Demo.On("apu").Type("v");
        Assert.Contains("Is there another card", checks.Line("> [!!]"), StringComparison.Ordinal);
        Assert.Contains("Is there another card", checks.Type("o").Line("> [! ]"), StringComparison.Ordinal);
        Assert.Contains("Is there another card", checks.Type("oo").Line("> [!!]"), StringComparison.Ordinal);
        Assert.Contains("Where are the text consoles", checks.Type("jo").Line("> [! ]"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_reaches_into_the_room_that_its_row_leaves_free() =>
        Assert.Contains("GeForce RTX 4090", Demo.On("vm-running").Line("> 01:00"), StringComparison.Ordinal);

    [Fact]
    public void Since_when_a_program_runs_is_said_by_the_clock()
    {
        var machine = Machines.Find("stubborn")!.Machine with { Now = DesktopMachine.Idle.TakenAt };
        var host = machine.Snapshot(GpuTty.Host.SnapshotSections.All | GpuTty.Host.SnapshotSections.Details);
        var details = Play.At(host).Type("4\n");
        Assert.Matches(@"runs since +\d\d:\d\d, for \d+ h", details.Text());
    }

    [Fact]
    public void While_one_thinks_about_rolling_back_it_is_said_that_the_switch_goes_on()
    {
        var running = Play.At(DesktopMachine.Idle).Type("vS\n\ny").Report([.. Runs.Switched.Take(12)]);
        var asked = running.Type("t");
        Assert.Contains("The switch keeps running until you have answered", asked.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void Over_an_interrupted_switch_nobody_says_that_nothing_was_changed()
    {
        var interrupted = Demo.On("interrupted");
        Assert.IsType<RecoveryScreen>(interrupted.Model.Top);
        Assert.Contains("nothing more has been changed", interrupted.Type("t").Top(), StringComparison.Ordinal);
    }
}

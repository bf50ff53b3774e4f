using GpuTty.Cli;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;

namespace GpuTty.Tests.Cli;

public sealed class UndoTests
{
    private static Interruption Interrupted => Interruption.During(Machines.Find("desktop")!.Machine,
        new SwitchIntent(Machines.Card, Direction.ToVm, EndSessions: true), step => step is BindDevice);

    [Fact]
    public void H6_nothing_to_undo_is_said_and_is_no_error()
    {
        var said = Gputty.On("desktop").Run("undo", "--yes");
        Assert.Equal(ExitCodes.Done, said.Code);
        Assert.Contains("Nothing to undo", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_switch_goes_back()
    {
        var gputty = Gputty.On("kept-off");
        Assert.Equal(ExitCodes.Done, gputty.Run("switch", "vm", "--yes").Code);
        Assert.Equal(ExitCodes.Done, gputty.Run("undo", "--yes").Code);
        Assert.Equal(Owner.HostDriver, Card.FindAt(gputty.Host.Machine.Snapshot(), Machines.Card)!.Owner);
    }

    [Fact]
    public void An_undo_is_not_undone()
    {
        var gputty = Gputty.On("kept-off");
        gputty.Run("switch", "vm", "--yes");
        gputty.Run("undo", "--yes");
        var calls = gputty.Host.Calls.Length;
        var again = gputty.Run("undo", "--yes");
        Assert.Equal(ExitCodes.Done, again.Code);
        Assert.Contains("Nothing to undo", again.Error, StringComparison.Ordinal);
        Assert.Equal(calls, gputty.Host.Calls.Length);
    }

    [Fact]
    public void M1_what_was_remembered_before_the_kill_is_forgotten()
    {
        var early = Interruption.During(
            Machines.Find("desktop")!.Machine,
            new SwitchIntent(Machines.Card, Direction.ToVm, EndSessions: true),
            step => step is LoadModule);
        var gputty = Gputty.On(early);
        Assert.NotEmpty(gputty.Host.Machine.Memory.Devices);
        Assert.Equal(ExitCodes.Done, gputty.Run("undo", "--yes").Code);
        Assert.Empty(gputty.Host.Machine.Memory.Devices);
        Assert.DoesNotContain("LEFT HALFWAY", gputty.Run("status").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_changed_nothing_before_it_was_killed_is_not_offered()
    {
        var machine = Machines.Find("desktop")!.Machine;
        var left = Interruption.During(
            machine, new SwitchIntent(Machines.Card, Direction.ToVm, EndSessions: true), step => step is SaveOriginalState);
        var gputty = Gputty.On(left);
        Assert.Equal("ended", gputty.Run("status", "--json").Json.GetProperty("run").GetProperty("state").GetString());
        Assert.Contains("nothing of it is left", gputty.Run("status").Out, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.TakenBack, gputty.Run("follow").Code);
    }

    [Fact]
    public void Where_systemd_does_not_run_the_machine_the_doctor_and_the_last_question_say_so()
    {
        var host = Machines.Find("kept-off")!.Machine.Snapshot();
        Assert.DoesNotContain("Without systemd", Gputty.On("kept-off").Run("doctor").Out, StringComparison.Ordinal);
        var gputty = Gputty.On("kept-off").With(sees: host with { RunsSystemd = false }, isTerminal: true, types: "n\n");
        Assert.Contains("Without systemd", gputty.Run("doctor").Out, StringComparison.Ordinal);
        Assert.Contains("Without systemd", gputty.Run("switch", "vm").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dry_run_shows_the_way_back_and_changes_nothing()
    {
        var gputty = Gputty.On(Interrupted).With(isRoot: false);
        var before = gputty.Host.Machine;
        var said = gputty.Run("undo", "--dry-run");
        Assert.Equal(ExitCodes.Done, said.Code);
        Assert.Contains("to the host", said.Out, StringComparison.Ordinal);
        Assert.Contains("Nothing has been changed.", said.Out, StringComparison.Ordinal);
        Assert.Same(before, gputty.Host.Machine);
    }

    [Fact]
    public void A_dry_undo_prints_the_command_that_undoes()
    {
        var gputty = Gputty.On("kept-off");
        gputty.Run("switch", "vm", "--yes");
        Assert.Contains("Do it: gputty undo", gputty.Run("undo", "--dry-run").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupted_run_is_half_done_until_it_is_undone()
    {
        var gputty = Gputty.On(Interrupted);
        var status = gputty.Run("status");
        Assert.Contains("LEFT HALFWAY", status.Out, StringComparison.Ordinal);
        Assert.Contains("gputty undo", status.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.LeftHalfway, gputty.Run("follow").Code);
        Assert.Equal(ExitCodes.Done, gputty.Run("undo", "--yes").Code);
        Assert.Equal(Owner.HostDriver, Card.FindAt(gputty.Host.Machine.Snapshot(), Machines.Card)!.Owner);
        Assert.DoesNotContain("LEFT HALFWAY", gputty.Run("status").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_journal_of_another_boot_is_history()
    {
        var other = Interrupted.Machine with { BootId = "another" };
        var gputty = Gputty.On(other, [.. Interrupted.Journal]);
        Assert.Equal("previous-boot", gputty.Run("status", "--json").Json.GetProperty("run").GetProperty("state").GetString());
        var said = gputty.Run("undo", "--yes");
        Assert.Equal(ExitCodes.Done, said.Code);
        Assert.Contains("Nothing to undo", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_journal_of_another_version_is_not_acted_on_and_not_passed_over()
    {
        var gputty = Gputty.On("desktop").With(journalProblem: "The journal was written by another version of GpuTty (format 7).");
        Assert.Contains("written by another version", gputty.Run("status").Out, StringComparison.Ordinal);
        var said = gputty.Run("undo", "--yes");
        Assert.Equal(ExitCodes.Refused, said.Code);
        Assert.Contains("written by another version", said.Error, StringComparison.Ordinal);
        Assert.Empty(gputty.Host.Calls);
    }
}

using GpuTty.Cli;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tests.Cli;

namespace GpuTty.Tests.Switching;

/// <summary>An interrupted switch stays offered whatever other runs come after it.</summary>
public sealed class UnfinishedRunsTests
{
    private static Interruption Interrupted => Interruption.During(Machines.Find("desktop")!.Machine,
        new SwitchIntent(Machines.Card, Direction.ToVm, EndSessions: true), step => step is BindDevice);

    public static TheoryData<string> OtherRuns =>
        ["keep-off on --yes", "pin on --yes --card 10:00", "clear-override 0000:01:00.0 --yes", "keep-off on --permanent --yes"];

    [Theory, MemberData(nameof(OtherRuns))]
    public void Other_runs_do_not_hide_it_and_undo_is_about_it(string other)
    {
        var gputty = Gputty.On(Interrupted);
        var ran = gputty.Run(other.Split(' '));
        var status = gputty.Run("status").Out;
        Assert.True(status.Contains("LEFT HALFWAY", StringComparison.Ordinal), $"{ran.Out}{ran.Error}{status}");
        Assert.Contains("gputty resume", status, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, gputty.Run("undo", "--yes").Code);
        Assert.Equal(Owner.HostDriver, Card.FindAt(gputty.Host.Machine.Snapshot(), Machines.Card)!.Owner);
        Assert.DoesNotContain("LEFT HALFWAY", gputty.Run("status").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_resumed_and_then_not_offered_any_more()
    {
        var gputty = Gputty.On(Interrupted);
        gputty.Run("keep-off", "on", "--yes");
        Assert.Equal(ExitCodes.Done, gputty.Run("resume", "--yes").Code);
        Assert.Equal(Owner.Vfio, Card.FindAt(gputty.Host.Machine.Snapshot(), Machines.Card)!.Owner);
        Assert.DoesNotContain("LEFT HALFWAY", gputty.Run("status").Out, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, gputty.Run("resume", "--yes").Code);
    }

    [Fact]
    public void It_is_dismissed_and_then_not_offered_any_more_and_nothing_is_touched()
    {
        var gputty = Gputty.On(Interrupted);
        gputty.Run("keep-off", "on", "--yes");
        var calls = gputty.Host.Calls.Length;
        Assert.Equal(ExitCodes.NeedsRoot, gputty.With(isRoot: false).Run("dismiss").Code);
        Assert.Equal(ExitCodes.Done, gputty.Run("dismiss").Code);
        Assert.Equal(calls, gputty.Host.Calls.Length);
        Assert.DoesNotContain("LEFT HALFWAY", gputty.Run("status").Out, StringComparison.Ordinal);
        Assert.Contains("nothing to dismiss", gputty.Run("dismiss").Error, StringComparison.Ordinal);
    }

    /// <summary>Its journal alone keeps gputty from being uninstalled (install.sh).</summary>
    [Fact]
    public void What_was_left_halfway_and_is_whole_again_by_other_hands_can_be_dismissed_too()
    {
        var whole = Machines.Find("kept-off")!.Machine;
        var begun = Interruption.During(whole, new SwitchIntent(Machines.Card, Direction.ToVm), step => step is BindDevice);
        var closed = new RunEvent.Closed(Outcome.LeftHalfway, "It failed.") { At = DateTimeOffset.UnixEpoch };
        var gputty = Gputty.On(whole, [.. begun.Journal, closed]);
        Assert.True(RunState.Fold(Assert.Single(gputty.SwitchService.Unfinished()))!.IsUnfinished);
        Assert.Contains("nothing to dismiss", gputty.Run("dismiss").Error, StringComparison.Ordinal);
        Assert.DoesNotContain(gputty.SwitchService.Unfinished(), run => RunState.Fold(run)!.IsUnfinished);
    }

    [Fact]
    public void A_run_that_was_dismissed_while_it_was_the_last_one_is_not_offered_either()
    {
        var gputty = Gputty.On(Interrupted);
        Assert.Equal(ExitCodes.Done, gputty.Run("dismiss").Code);
        Assert.DoesNotContain("LEFT HALFWAY", gputty.Run("status").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void An_undo_that_did_not_get_through_leaves_it_offered()
    {
        var machine = Interrupted;
        var gputty =
            Gputty.On(machine.Machine, [.. machine.Journal], new FaultPlan(new Fault(FaultKind.Refused, Verb.Probe, Times: Fault.ForEver)));
        Assert.NotEqual(ExitCodes.Done, gputty.Run("undo", "--yes").Code);
        Assert.Contains("LEFT HALFWAY", gputty.Run("status").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_switch_of_another_card_resolves_nothing()
    {
        var run = RunState.Fold(Interrupted.Journal)!;
        var whole = run with { Outcome = Outcome.Switched, DesktopRestored = true };
        Assert.True(UnfinishedRuns.Resolves(whole, run with { DesktopRestored = true }));
        Assert.False(UnfinishedRuns.Resolves(
            whole with { Opening = whole.Opening with { Intent = new SwitchIntent(PciAddress.Parse("10:00.0"), Direction.ToVm) } },
            run with { DesktopRestored = true }));
        Assert.False(UnfinishedRuns.Resolves(whole with { Outcome = Outcome.TakenBack }, run with { DesktopRestored = true }));
        Assert.False(UnfinishedRuns.Resolves(
            whole with { Opening = whole.Opening with { Intent = whole.Opening.Intent with { Direction = Direction.HideFromSeat } } },
            run with { DesktopRestored = true }));
    }
}

using GpuTty.Host.Desktop;
using GpuTty.Planning.Plans;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tui;
using GpuTty.Tui.Screens;

namespace GpuTty.Tests.Tui;

/// <summary>A switch that was interrupted stays in sight until it is dealt with.</summary>
public sealed class InterruptedTests
{
    private static readonly Play s_interrupted = Play.AfterCrash(DesktopMachine.Halfway, Runs.Until(Runs.Of<BindDevice>()));

    [Fact]
    public void After_a_look_around_s_leads_back_to_the_two_ways_out()
    {
        var around = s_interrupted.Type("\n");
        Assert.IsType<OverviewScreen>(around.Model.Top);
        Assert.Contains("a switch was interrupted", around.Text(), StringComparison.Ordinal);
        Assert.StartsWith("s the interrupted switch", around.Text().Split('\n')[^2].Trim(), StringComparison.Ordinal);
        Assert.IsType<RecoveryScreen>(around.Type("s").Model.Top);
        Assert.IsAssignableFrom<WizardScreen>(around.Type("st").Model.Top);
    }

    [Fact]
    public void When_the_machine_shows_that_nothing_is_left_of_it_nobody_speaks_of_it_any_more()
    {
        var over = s_interrupted.Type("\n").Hear(new Msg.HostRead(DesktopMachine.Halfway with { BootId = "another" }));
        Assert.DoesNotContain("interrupted", over.Text(), StringComparison.Ordinal);
        Assert.Equal("No switch has run yet.", over.Type("s").Notice);
    }

    [Fact]
    public void Another_run_does_not_hide_it()
    {
        var opened = (RunEvent.Opened)Runs.Opened with
        {
            At = Runs.Opened.At.AddMinutes(5),
            Steps = [new HideFromSeat(SeatRule.For(DesktopMachine.Halfway.Find(DesktopMachine.Big)!, false))],
            Intent = new SwitchIntent(DesktopMachine.Big, Direction.HideFromSeat),
        };
        var over = s_interrupted
            .Type("\n")
            .Hear(new Msg.RunReported(opened))
            .Hear(new Msg.RunReported(new RunEvent.Closed(Outcome.Switched, "The desktop is kept off card 01:00.") { At = opened.At }))
            .Hear(new Msg.RunLeft());
        Assert.Contains("a switch was interrupted", over.Text(), StringComparison.Ordinal);
        Assert.Equal(Direction.ToVm, over.Model.Recovery!.Run.Opening.Intent.Direction);
        Assert.IsType<RecoveryScreen>(over.Type("s").Model.Top);
    }

    [Fact]
    public void Who_leaves_it_as_it_is_is_not_told_of_it_again()
    {
        var left = s_interrupted.Type("D");
        Assert.Null(left.Model.Recovery);
        Assert.DoesNotContain("interrupted", left.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_is_told_to_start_the_program_that_he_looks_at()
    {
        RunEvent[] journal = [
            .. Runs.Until(Runs.Of<BindDevice>()),
            new RunEvent.DesktopRestored(
                "The switch was interrupted. The desktop has been started again. Start gputty to resume or to undo it.")
            {
                At = Runs.Opened.At,
            },
        ];
        var text = Play.AfterCrash(DesktopMachine.Halfway, journal).Sized(120, 50).Words;
        Assert.Contains("The desktop has been started again.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Start gputty", text, StringComparison.Ordinal);
    }
}

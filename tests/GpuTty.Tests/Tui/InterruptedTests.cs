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
    public void Only_a_card_that_moves_is_rolled_back_or_resumed_to_some_place()
    {
        var seat = SeatRule.For(DesktopMachine.Idle.Find(DesktopMachine.Big)!, false);
        var opened = (RunEvent.Opened)Runs.Opened with
        {
            Intent = new SwitchIntent(DesktopMachine.Big, Direction.HideFromSeat),
            Steps = [new HideFromSeat(seat), new AwaitRelease(DesktopMachine.Big)],
        };
        var hidden = DesktopMachine.Idle with { HiddenFromSeat = [seat] };
        var rule = Play.AfterCrash(
            hidden,
            [
                opened,
                new RunEvent.Begun(0, TimeSpan.FromSeconds(9)) { At = opened.At },
                new RunEvent.Done(0, TimeSpan.FromSeconds(1)) { At = opened.At },
                new RunEvent.Begun(1, TimeSpan.FromSeconds(9)) { At = opened.At },
            ]);
        Assert.Matches(@"R +resume:", rule.Text());
        Assert.Matches(@"t +roll back:", rule.Text());
        Assert.Contains("resume to the VM", s_interrupted.Text(), StringComparison.Ordinal);
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
    public void Who_leaves_it_as_it_is_is_asked_first_and_not_told_of_it_again()
    {
        var asked = s_interrupted.Type("D");
        Assert.Equal([new Effect.ForgetTyped()], asked.Effects);
        var question = Assert.IsType<QuestionScreen>(asked.Model.Top).Question;
        Assert.Contains("not offered to be rolled back or resumed any more", question.Lines[0].Text, StringComparison.Ordinal);
        Assert.Empty(asked.Type("\n").Effects);
        Assert.IsType<RecoveryScreen>(asked.Type("\n").Model.Top);
        Assert.NotNull(asked.Type("\n").Model.Recovery);
        var left = asked.Type("y");
        Assert.IsType<Effect.Dismiss>(Assert.Single(left.Effects));
        Assert.IsType<OverviewScreen>(left.Model.Top);
        Assert.Null(left.Model.Recovery);
        Assert.DoesNotContain("interrupted", left.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Once_it_was_rolled_back_Enter_leads_to_the_overview_and_to_no_page_without_a_choice()
    {
        var back = ((PlanResult.Ready)SwitchPlanner.Plan(DesktopMachine.Halfway, s_interrupted.Model.Recovery!.TakeBack)).Plan;
        var opened = (RunEvent.Opened)Runs.Opened with
        {
            At = Runs.Opened.At.AddMinutes(5),
            Intent = back.Intent,
            Steps = back.Steps,
        };
        var begun = s_interrupted.Type("t\ny");
        Assert.IsType<RunningScreen>(begun.Model.Top);
        var ended = begun
            .Report(opened, new RunEvent.Closed(Outcome.Switched, "Card 01:00 is back on the host (nvidia).") { At = opened.At })
            .Hear(new Msg.RunLeft(), new Msg.HostRead(DesktopMachine.Idle));
        Assert.IsType<ResultScreen>(ended.Model.Top);
        Assert.IsType<OverviewScreen>(ended.Type("\n").Model.Top);
    }

    [Fact]
    public void When_it_is_dealt_with_elsewhere_its_page_goes_and_says_so()
    {
        var over = s_interrupted.Hear(new Msg.HostRead(DesktopMachine.Halfway with { BootId = "another" }));
        Assert.IsType<OverviewScreen>(over.Model.Top);
        Assert.Equal("Nothing is left of the interrupted switch.", over.Notice);
    }

    [Theory]
    [InlineData(45, 12)]
    [InlineData(60, 16)]
    [InlineData(80, 25)]
    public void What_can_be_chosen_is_in_sight_on_a_small_screen_too(int width, int height)
    {
        var words = s_interrupted.Sized(width, height).Words;
        foreach (var choice in (string[])["t roll back", "R resume", "D forget it", "Enter look around"])
            Assert.Contains(choice, words.Split("? help")[0], StringComparison.Ordinal);
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

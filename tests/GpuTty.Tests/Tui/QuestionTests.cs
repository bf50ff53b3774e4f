using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tui;
using GpuTty.Tui.Screens;

namespace GpuTty.Tests.Tui;

/// <summary>Questions are safe, never silent, and gone when there is nothing to ask.</summary>
public sealed class QuestionTests
{
    private static readonly Play s_unloading = Play.At(DesktopMachine.Idle).Type("vS\n\ny").Report(Runs.Until(Runs.Of<UnloadModule>()));

    [Fact]
    public void Whether_to_leave_is_asked_no_longer_than_the_switch_runs()
    {
        var asked = s_unloading.Type("q");
        Assert.Contains("Leave it running?", asked.Text(), StringComparison.Ordinal);
        Assert.IsType<ResultScreen>(asked.Report(Runs.Switched).Model.Top);
        Assert.IsType<RecoveryScreen>(asked.Hear(new Msg.RunLeft()).Model.Top);
        // What is refused meanwhile is another one.
        Assert.IsType<QuestionScreen>(asked.Hear(new Msg.RunRefused("Another switch is running.", "Wait until it has ended.")).Model.Top);
        Assert.IsType<OverviewScreen>(s_unloading.Type("\eq").Report(Runs.Switched).Model.Top);
        Assert.DoesNotContain("Leave it running?", asked.Press(Key.F(1)).Report(Runs.Switched).Type("\e").Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_count_in_the_question_follows_the_run()
    {
        var (step, asked) = (Runs.Of<UnloadModule>(), s_unloading.Type("t"));
        Assert.Contains($"So far {step} of", asked.Words, StringComparison.Ordinal);
        var later = asked.Report(new RunEvent.Done(step, TimeSpan.FromSeconds(1)) { At = Runs.Opened.At });
        Assert.Contains($"So far {step + 1} of", later.Words, StringComparison.Ordinal);
        Assert.Equal([new Effect.TakeBack()], later.Type("y").Effects);
    }

    [Fact]
    public void A_question_that_the_end_of_the_run_closes_says_why()
    {
        foreach (var key in (string[])["t", "q"])
        {
            Assert.Contains("The switch has ended", s_unloading.Type(key).Report(Runs.Switched).Notice, StringComparison.Ordinal);
            Assert.Contains("does not run any more", s_unloading.Type(key).Hear(new Msg.RunLeft()).Notice, StringComparison.Ordinal);
        }
        var elsewhere = s_unloading.Type("\eq").Report(Runs.Switched).Notice;
        Assert.Contains("The switch has ended", elsewhere, StringComparison.Ordinal);
        Assert.Contains("Card 01:00 is on vfio-pci", elsewhere, StringComparison.Ordinal);
    }

    [Fact]
    public void Whether_to_roll_back_is_not_asked_while_everything_is_being_rolled_back()
    {
        var back = s_unloading.Type("t").Report(new RunEvent.TakingBack("It did not happen.") { At = Runs.Opened.At });
        Assert.IsType<RunningScreen>(back.Model.Top);
        Assert.Contains("rolled back already", back.Notice, StringComparison.Ordinal);
    }

    /// <summary>What has a deadline comes before what has none.</summary>
    [Fact]
    public void Whether_it_can_be_read_is_not_hidden_behind_another_question()
    {
        var opened = Consenting.Asked.Type("t");
        Assert.Contains("Roll everything back?", opened.Text(), StringComparison.Ordinal);
        var again = opened.Report(new RunEvent.Begun(Consenting.Step, TimeSpan.FromMinutes(1)) { At = Runs.Opened.At });
        Assert.DoesNotContain("Roll everything back?", again.Text(), StringComparison.Ordinal);
        Assert.IsType<Effect.Ask>(Assert.Single(again.Press(Key.Enter).Effects));
    }

    [Fact]
    public void A_button_that_waits_for_a_word_says_so()
    {
        var asked = Play.At(DesktopMachine.ConsoleAtStake).Type("vS\n\nab\t");
        foreach (var key in new[] { Key.Enter, Key.Of('y') })
        {
            Assert.Equal("Type 01:00 first.", asked.Press(key).Notice);
            Assert.Empty(asked.Press(key).Effects);
        }
        Assert.Contains("Type 01:00 first.", asked.Type("y").Text(), StringComparison.Ordinal);
        Assert.Equal("x does nothing here; ? lists the keys.", asked.Type("x").Notice);
    }

    /// <summary>What was too early leads back to the field, at the last question too: the address is not taken for keys.</summary>
    [Fact]
    public void Who_agrees_too_early_goes_on_with_the_word()
    {
        var early = Play.At(DesktopMachine.ConsoleAtStake).Type("vS\n\n\ty");
        Assert.Equal("Type 01:00 first.", early.Notice);
        Assert.IsType<Effect.BeginRun>(Assert.Single(early.Type("01:00\ty").Effects));
    }

    [Fact]
    public void The_exact_commands_are_a_key_away_at_the_last_question_too()
    {
        var asked = Play.At(DesktopMachine.Idle, 100, 60).Type("vS\n\n");
        var shown = asked.Type("c");
        Assert.Empty(shown.Effects);
        Assert.Contains("$ rmmod nvidia_drm", Scrolled(shown), StringComparison.Ordinal);
        Assert.DoesNotContain("$ rmmod nvidia_drm", Scrolled(asked), StringComparison.Ordinal);
        Assert.Equal(asked.Text(), shown.Type("c").Text());
        Assert.IsType<Effect.BeginRun>(Assert.Single(shown.Type("y").Effects));
        Assert.Equal(WizardStep.Plan, ((WizardScreen)asked.Type("n").Model.Top).Step);
    }

    private static string Scrolled(Play play) =>
        string.Concat(Enumerable.Range(0, 12).Select(pages => play.Press([.. Enumerable.Repeat(Key.PageDown, pages)]).Text()));

    [Theory]
    [InlineData("")]
    [InlineData("done")]
    public void The_exact_commands_are_a_key_away_while_it_runs_and_after_it(string when)
    {
        var play = (when.Length == 0 ? s_unloading : s_unloading.Report(Runs.Switched)).Sized(200, 60);
        Assert.DoesNotContain("$ echo vfio-pci > /sys/bus/pci/devices/0000:01:00.0/driver_override", play.Text(), StringComparison.Ordinal);
        var shown = play.Type("c");
        Assert.Contains("$ echo vfio-pci > /sys/bus/pci/devices/0000:01:00.0/driver_override", shown.Text(), StringComparison.Ordinal);
        Assert.Contains("1 [ok] ", shown.Text(), StringComparison.Ordinal);
        Assert.Equal(play.Text(), shown.Type("c").Text());
    }

    [Fact]
    public void The_default_is_the_safe_answer_even_where_nothing_is_lost()
    {
        var asked = Play.At(DesktopMachine.Free).Type("v\n");
        Assert.Empty(asked.Press(Key.Enter).Effects);
        Assert.Equal(WizardStep.Plan, ((WizardScreen)asked.Press(Key.Enter).Model.Top).Step);
        Assert.IsType<Effect.BeginRun>(Assert.Single(asked.Type("y").Effects));
    }
}

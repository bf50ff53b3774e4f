using GpuTty.Planning.Plans;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tests.Tui.Acceptance;
using GpuTty.Tui;
using GpuTty.Tui.Screens;

namespace GpuTty.Tests.Tui;

/// <summary>Pages that are about an earlier switch, while another one runs.</summary>
public sealed class OtherRunTests
{
    private static readonly Play s_ended =
        Play.At(DesktopMachine.Idle).Type("vS\n\ny").Report(Runs.Switched).Hear(new Msg.RunLeft(), new Msg.HostRead(DesktopMachine.WithVm));

    private static readonly Play s_interrupted = Play.AfterCrash(DesktopMachine.Halfway, Runs.Until(Runs.Of<BindDevice>()));

    private static readonly RunEvent.Opened s_other =
        (RunEvent.Opened)Runs.Opened with { At = Runs.Opened.At.AddMinutes(5), WorkerPid = 10 };

    [Fact]
    public void Esc_leads_from_a_running_switch_to_the_overview_wherever_it_was_begun()
    {
        foreach (var begun in (Play[])[
            s_ended.Type("u\ny"),
            s_interrupted.Type("t\ny"),
            Play.At(DesktopMachine.Idle).Type("\nvS\n\ny"),
        ])
        {
            Assert.IsType<RunningScreen>(begun.Model.Top);
            Assert.IsType<OverviewScreen>(begun.Type("\e").Model.Top);
        }
    }

    [Fact]
    public void A_page_about_the_last_switch_shows_the_one_that_begins_elsewhere()
    {
        foreach (var before in (Play[])[s_ended, s_interrupted])
        {
            var other = before.Report(s_other);
            Assert.IsType<RunningScreen>(other.Model.Top);
            Assert.Equal("A switch has begun elsewhere.", other.Notice);
            Assert.IsType<ResultScreen>(other.Report(Runs.Switched[^1]).Model.Top);
        }
    }

    [Fact]
    public void A_page_about_a_switch_that_was_not_begun_goes_on_to_say_so()
    {
        var refused = Play.At(DesktopMachine.Idle).Type("vS\n\ny").Hear(new Msg.RunRefused("Another switch is running.", "s shows it."));
        var other = refused.Report(s_other);
        Assert.Contains("Another switch is running.", other.Text(), StringComparison.Ordinal);
        Assert.IsType<RunningScreen>(other.Type("s").Model.Top);
        Assert.IsType<ResultScreen>(other.Report(Runs.Switched[^1]).Type("s").Model.Top);
    }

    [Fact]
    public void A_question_about_an_interrupted_switch_says_that_another_one_has_begun()
    {
        var other = s_interrupted.Type("D").Report(s_other);
        Assert.IsType<RunningScreen>(other.Model.Top);
        Assert.DoesNotContain("Nothing is left", other.Notice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("2\n")]
    [InlineData("L")]
    [InlineData("H")]
    [InlineData("X")]
    [InlineData("v")]
    [InlineData("v\e")]
    [InlineData("vS\n")]
    [InlineData("?")]
    public void Where_it_is_said_that_s_shows_the_running_switch_it_does(string keys)
    {
        var other = Play.At(DesktopMachine.Idle).Type(keys).Report(s_other);
        Assert.Equal("A switch has begun elsewhere; s shows it.", other.Notice);
        var shown = other.Type("s");
        Assert.IsType<RunningScreen>(shown.Model.Top);
        Assert.IsType<OverviewScreen>(shown.Type("\e").Model.Top);
        if (keys != "?") Assert.Contains("s show the running switch", other.Sized(200, 50).Bar(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vS\n\n")]
    [InlineData("L/")]
    [InlineData("C")]
    [InlineData("?/")]
    [InlineData(":")]
    public void Where_letters_are_an_answer_or_a_text_s_is_not_said_to_show_anything(string keys) =>
        Assert.Equal("A switch has begun elsewhere.", Play.At(DesktopMachine.Idle).Type(keys).Report(s_other).Notice);

    [Fact]
    public void The_way_to_a_running_switch_does_not_lose_the_commands_that_were_read_there()
    {
        var running = Play.At(DesktopMachine.Idle).Type("vS\n\ny").Report(Runs.Until(3)).Type("cL");
        Assert.True(Assert.IsType<RunningScreen>(running.Type("s").Model.Top).ShowsCommands);
        Assert.Equal(2, running.Type("s").Model.Screens.Length);
    }

    [Fact]
    public void A_run_that_was_refused_leaves_the_one_before_it_to_be_undone()
    {
        var refused = s_ended.Report(
            s_other,
            new RunEvent.Closed(Outcome.Refused, "The machine has changed.") { At = s_other.At }).Hear(new Msg.RunLeft());
        Assert.Contains("The machine has changed.", refused.Text(), StringComparison.Ordinal);
        Assert.Equal(Direction.ToHost, Assert.IsAssignableFrom<WizardScreen>(refused.Type("u").Model.Top).Intent.Direction);
    }
}

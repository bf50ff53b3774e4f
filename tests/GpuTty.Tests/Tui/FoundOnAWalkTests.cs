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

    [Fact]
    public void While_one_thinks_about_rolling_back_it_is_said_that_the_switch_goes_on()
    {
        var running = Play.At(DesktopMachine.Idle).Type("vS\n\ny").Report([.. Runs.Switched.Take(12)]);
        var asked = running.Type("t");
        Assert.Contains("The switch goes on until you have answered", asked.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void Over_an_interrupted_switch_nobody_says_that_nothing_was_changed()
    {
        var interrupted = Demo.On("interrupted");
        Assert.IsType<RecoveryScreen>(interrupted.Model.Top);
        Assert.Contains("nothing more has been changed", interrupted.Type("t").Top(), StringComparison.Ordinal);
    }
}

using GpuTty.Terminal;
using GpuTty.Tui;

namespace GpuTty.Tests.Tui;

/// <summary>Where only a few words fit, they are true, and no question waits behind them.</summary>
public sealed class SmallScreenTests
{
    private static readonly Play s_begun = Play.At(DesktopMachine.Idle).Type("vS\n\ny");

    [Fact]
    public void Q_and_ctrl_c_leave_at_once_and_the_switch_goes_on()
    {
        var small = s_begun.Report(Runs.Until(3)).Sized(39, 9);
        Assert.Contains("q leaves; it keeps running.", small.Words, StringComparison.Ordinal);
        Assert.Contains($"step 4 of {Runs.Plan.Steps.Length}", small.Words, StringComparison.Ordinal);
        foreach (var key in new[] { Key.Of('q'), Key.Ctrl('c') })
        {
            var left = small.Press(key);
            Assert.Equal([new Effect.Quit()], left.Effects);
            Assert.Equal(small.Model.Screens.Length, left.Model.Screens.Length);
        }
        Assert.Empty(small.Type("tyyl\n").Effects);
        Assert.Contains("q quits.", Play.At(DesktopMachine.Idle).Sized(39, 9).Words, StringComparison.Ordinal);
    }

    /// <summary>Until then it is not sure that it would go on.</summary>
    [Fact]
    public void Q_and_ctrl_c_wait_until_the_worker_has_the_plan()
    {
        var small = s_begun.Sized(39, 9);
        Assert.Contains("q leaves as soon as the switch has begun.", small.Words, StringComparison.Ordinal);
        foreach (var key in new[] { Key.Of('q'), Key.Ctrl('c') })
        {
            Assert.Empty(small.Press(key).Effects);
            Assert.Equal([new Effect.Quit()], small.Hear(new Msg.RunTaken()).Press(key).Effects);
        }
    }

    [Fact]
    public void Who_is_asked_whether_it_can_be_read_is_told_how_to_say_so()
    {
        var small = Consenting.Asked.Sized(39, 9);
        Assert.StartsWith("Make the window larger to keep the switch, or: gputty confirm", small.Words, StringComparison.Ordinal);
        Assert.Empty(small.Press(Key.Enter).Effects);
        Assert.IsType<Effect.Ask>(Assert.Single(small.Sized(40, 10).Press(Key.Enter).Effects));
    }

    /// <summary>A long line is always read whole: the words fit in as few columns as there are.</summary>
    [Fact]
    public void The_words_are_broken_and_not_cut()
    {
        var text = s_begun.Report(Runs.Until(3)).Sized(12, 9).Words;
        Assert.Contains("q leaves; it keeps running.", text, StringComparison.Ordinal);
    }
}

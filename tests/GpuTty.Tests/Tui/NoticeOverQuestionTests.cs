using GpuTty.Tui;

namespace GpuTty.Tests.Tui;

/// <summary>A sentence for the user never lies over what the user has to press.</summary>
public sealed class NoticeOverQuestionTests
{
    private const string Long =
        "The machine could not be read: systemd does not answer on the bus of the system, nor does logind. Try again later.";

    public static TheoryData<int, int> Sizes => new() { { 40, 10 }, { 45, 12 }, { 60, 16 }, { 80, 25 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void The_buttons_of_the_last_question_stay_in_sight(int width, int height)
    {
        var asked = Play.At(DesktopMachine.Idle, width, height).Type("vS\n\n").Hear(new Msg.Told(Long, IsTrouble: true));
        Assert.Contains("The machine could not", asked.Text(), StringComparison.Ordinal);
        Assert.Contains("n Cancel", asked.Text(), StringComparison.Ordinal);
        Assert.Contains("y Go ahead", asked.Text(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void So_do_those_of_every_other_question_and_its_field(int width, int height)
    {
        var asked = Play.At(DesktopMachine.Idle, width, height).Type("Cname").Hear(new Msg.Told(Long, IsTrouble: true));
        Assert.Contains("n Cancel", asked.Text(), StringComparison.Ordinal);
        Assert.Contains("name", asked.Text(), StringComparison.Ordinal);
        // Where one presses is where it is seen.
        Assert.Empty(asked.Point("n Cancel").Effects);
        Assert.IsNotType<GpuTty.Tui.Screens.QuestionScreen>(asked.Point("n Cancel").Model.Top);
    }
}

using GpuTty.Host;
using GpuTty.Terminal;
using GpuTty.Tui;
using GpuTty.Tui.Screens;

namespace GpuTty.Tests.Tui;

/// <summary>The last question says what is lost as the machine is now, and is answered only by who has seen that.</summary>
public sealed class LastQuestionTests
{
    private const string Named = "firefox, Terminal (2), LibreOffice";

    private static readonly HostSnapshot s_unlooked = DesktopMachine.Idle with { Programs = [] };

    [Fact]
    public void What_a_later_look_finds_to_be_lost_stands_in_the_question()
    {
        var asked = Play.At(s_unlooked).Type("vS\n\n");
        Assert.DoesNotContain(Named, Box(asked), StringComparison.Ordinal);
        var later = asked.Hear(new Msg.HostRead(DesktopMachine.Idle));
        Assert.IsType<ConfirmPage>(later.Model.Top);
        Assert.Contains(Named, Box(later), StringComparison.Ordinal);
        var begun = Assert.IsType<Effect.BeginRun>(Assert.Single(later.Type("y").Effects));
        Assert.Contains(begun.Plan.Consequences, loss => $"{loss}".Contains(Named, StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_added_has_to_be_read_before_yes_counts()
    {
        var asked = Play.At(s_unlooked, 45, 12).Type("vS\n\n");
        Assert.Empty(asked.Type("y").Effects);
        var read = asked.Press([.. Enumerable.Repeat(Key.Down, 20)]);
        Assert.IsType<Effect.BeginRun>(Assert.Single(read.Type("y").Effects));
        Assert.IsType<Effect.BeginRun>(Assert.Single(read.Hear(new Msg.HostRead(s_unlooked)).Type("y").Effects));
        var later = read.Hear(new Msg.HostRead(DesktopMachine.Idle));
        Assert.Equal("There is more to read first: Down goes on.", later.Type("y").Notice);
        Assert.Empty(later.Type("y").Effects);
        Assert.IsType<Effect.BeginRun>(Assert.Single(later.Press([.. Enumerable.Repeat(Key.Down, 20)]).Type("y").Effects));
    }

    [Fact]
    public void A_look_that_finds_nothing_new_leaves_the_question_as_it_is()
    {
        var asked = Play.At(DesktopMachine.ConsoleAtStake).Type("vS\n\nc01:00\t").Press(Key.Down, Key.Down);
        Assert.Equal(asked.Text(), asked.Hear(new Msg.HostRead(DesktopMachine.ConsoleAtStake)).Text());
    }

    [Fact]
    public void A_command_over_two_lines_of_the_question_keeps_its_indentation()
    {
        var rows = Play.At(DesktopMachine.Idle, 100, 60).Type("vS\n\nc").Press([.. Enumerable.Repeat(Key.PageDown, 8)]).Text().Split('\n');
        var first = Array.FindIndex(rows, row => row.Contains("$ echo vfio-pci", StringComparison.Ordinal));
        Assert.True(first >= 0);
        Assert.Equal(
            rows[first].IndexOf("$ echo", StringComparison.Ordinal),
            rows[first + 1].IndexOf("> /sys", StringComparison.Ordinal));
    }

    private static string Box(Play play) => string.Join(' ', ((ConfirmPage)play.Model.Top).Question.Lines.Select(line => line.Text));
}

using GpuTty.Terminal;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tests.Tui.Pictures;

/// <summary>Nobody opens a cage by accident.</summary>
public sealed class QuestionBoxTests
{
    private static readonly Question s_question = Examples.Question;
    private static readonly Rect s_room = new(0, 0, 80, 25);
    private static readonly Question s_serious = s_question with { MustType = "lion" };

    [Fact]
    public void A_hurried_Enter_changes_nothing() => Assert.Equal("Cancel", Press(s_question, Key.Enter));

    [Fact]
    public void Esc_takes_the_safe_way_from_everywhere()
    {
        Assert.Equal("Cancel", Press(s_question, Key.Escape));
        Assert.Equal("Cancel", Press(s_question, Key.Tab, Key.Escape));
        Assert.Equal("Cancel", Press(s_serious, Key.Escape));
    }

    [Fact]
    public void Tab_arrows_and_letters_reach_every_button()
    {
        Assert.Equal("Open", Press(s_question, Key.Tab, Key.Enter));
        Assert.Equal("Open", Press(s_question, Key.BackTab, Key.Enter));
        Assert.Equal("Open", Press(s_question, Key.Left, Key.Enter));
        Assert.Equal("Cancel", Press(s_question, Key.Left, Key.Right, Key.Enter));
        Assert.Equal("Open", Press(s_question, Key.Of('y')));
        Assert.Null(Press(s_question, Key.Of('x')));
    }

    [Fact]
    public void A_serious_question_wants_its_word_first()
    {
        Assert.Null(Press(s_serious, Key.Tab, Key.Enter));
        Assert.Null(Press(s_serious, Key.Tab, Key.Of('y')));
        Assert.Null(Press(s_serious, [.. Word("lio"), Key.Tab, Key.Enter]));
        Assert.Null(Press(s_serious, [.. Word("lion"), Key.Enter]));
        Assert.Equal("Open", Press(s_serious, [.. Word("lion"), Key.Enter, Key.Enter]));
        Assert.Equal("Cancel", Press(s_serious, Key.Tab, Key.Tab, Key.Enter));
    }

    [Fact]
    public void The_word_cannot_be_pasted() => Assert.Equal("", s_serious.Field.Paste("lion").Text);

    [Fact]
    public void The_buttons_are_there_on_the_smallest_screen()
    {
        for (var width = 14; width < 80; width++)
            for (var height = 4; height < 30; height++)
            {
                var text = Examples.Words(s_question.Picture(new Rect(0, 0, width, height)), width, height);
                Assert.Contains("[ y Open ]", text, StringComparison.Ordinal);
                Assert.Contains("[ n Cancel", text, StringComparison.Ordinal);
            }
    }

    [Fact]
    public void A_long_text_can_be_read_to_its_end()
    {
        var wordy = s_question with { Lines = [.. Enumerable.Range(1, 50).Select(i => new Label($"line {i}"))] };
        Assert.Contains("more below", Examples.Words(wordy.Picture(new Rect(0, 0, 50, 12)), 50, 12), StringComparison.Ordinal);
        for (var i = 0; i < 60; i++) wordy = wordy.Press(Key.Down, s_room).Question;
        Assert.Contains("line 50", Examples.Words(wordy.Picture(new Rect(0, 0, 50, 12)), 50, 12), StringComparison.Ordinal);
        for (var i = 0; i < 60; i++) wordy = wordy.Press(Key.PageUp, s_room).Question;
        Assert.Contains("line 1\n", Examples.Words(wordy.Picture(new Rect(0, 0, 50, 12)), 50, 12), StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_over_two_lines_is_indented_behind_its_sign()
    {
        var question = s_question with { Lines = ["- Session 2 of Ann is closed, with every animal that was left in it unfed."] };
        var rows = Examples.Words(question.Picture(new Rect(0, 0, 44, 12)), 44, 12).Split('\n');
        var first = Array.FindIndex(rows, row => row.Contains("- Session", StringComparison.Ordinal));
        var at = rows[first].IndexOf("Session", StringComparison.Ordinal);
        Assert.True(char.IsLetter(rows[first + 1][at]));
        Assert.Equal("  ", rows[first + 1][(at - 2)..at]);
    }

    private static IEnumerable<Key> Word(string word) => word.Select(Key.Of);

    private static string? Press(Question dialog, params Key[] keys)
    {
        bool? answer = null;
        foreach (var key in keys) (dialog, answer, _) = dialog.Press(key, s_room);
        return answer is { } isYes ? isYes ? dialog.Yes : dialog.No : null;
    }
}

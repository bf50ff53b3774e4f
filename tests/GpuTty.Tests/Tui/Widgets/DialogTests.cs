using GpuTty.Terminal;
using GpuTty.Tui.Widgets;

namespace GpuTty.Tests.Tui.Widgets;

/// <summary>Nobody opens a cage by accident.</summary>
public sealed class DialogTests
{
    private static readonly Dialog Question = Examples.Question;
    private static readonly Dialog Serious = Question with { MustType = "lion" };

    [Fact]
    public void A_hurried_Enter_changes_nothing() => Assert.Equal("Cancel", Press(Question, Key.Enter));

    [Fact]
    public void Esc_takes_the_safe_way_from_everywhere()
    {
        Assert.Equal("Cancel", Press(Question, Key.Escape));
        Assert.Equal("Cancel", Press(Question, Key.Tab, Key.Escape));
        Assert.Equal("Cancel", Press(Serious, Key.Escape));
    }

    [Fact]
    public void Tab_arrows_and_letters_reach_every_button()
    {
        Assert.Equal("Open", Press(Question, Key.Tab, Key.Enter));
        Assert.Equal("Open", Press(Question, Key.BackTab, Key.Enter));
        Assert.Equal("Open", Press(Question, Key.Left, Key.Enter));
        Assert.Equal("Cancel", Press(Question, Key.Left, Key.Right, Key.Enter));
        Assert.Equal("Open", Press(Question, Key.Of('o')));
        Assert.Null(Press(Question, Key.Of('x')));
    }

    [Fact]
    public void A_serious_question_wants_its_word_first()
    {
        Assert.Null(Press(Serious, Key.Tab, Key.Enter));
        Assert.Null(Press(Serious, Key.Tab, Key.Of('o')));
        Assert.Null(Press(Serious, [.. Word("lio"), Key.Tab, Key.Enter]));
        Assert.Null(Press(Serious, [.. Word("lion"), Key.Enter]));
        Assert.Equal("Open", Press(Serious, [.. Word("lion"), Key.Enter, Key.Enter]));
        Assert.Equal("Cancel", Press(Serious, Key.Tab, Key.Tab, Key.Enter));
    }

    [Fact]
    public void The_word_cannot_be_pasted() => Assert.True(Serious.Field.Paste("lion").IsEmpty);

    [Fact]
    public void The_buttons_are_there_on_the_smallest_screen()
    {
        for (var width = 14; width < 80; width++)
            for (var height = 4; height < 30; height++)
            {
                var text = Examples.Words(Question.Picture(new Rect(0, 0, width, height)), width, height);
                Assert.Contains("[ o Open ]", text, StringComparison.Ordinal);
                Assert.Contains("[ c Cancel", text, StringComparison.Ordinal);
            }
    }

    [Fact]
    public void A_long_text_can_be_read_to_its_end()
    {
        var wordy = Question with { Lines = [.. Enumerable.Range(1, 50).Select(i => new Label($"line {i}"))] };
        Assert.Contains("↓ more", Examples.Words(wordy.Picture(new Rect(0, 0, 50, 12)), 50, 12), StringComparison.Ordinal);
        for (var i = 0; i < 60; i++) wordy = wordy.On(Key.Down).Dialog;
        Assert.Contains("line 50", Examples.Words(wordy.Picture(new Rect(0, 0, 50, 12)), 50, 12), StringComparison.Ordinal);
        for (var i = 0; i < 60; i++) wordy = wordy.On(Key.PageUp).Dialog;
        Assert.Contains("line 1\n", Examples.Words(wordy.Picture(new Rect(0, 0, 50, 12)), 50, 12), StringComparison.Ordinal);
    }

    private static IEnumerable<Key> Word(string word) => word.Select(Key.Of);

    private static string? Press(Dialog dialog, params Key[] keys)
    {
        DialogButton? pressed = null;
        foreach (var key in keys) (dialog, pressed) = dialog.On(key);
        return pressed?.Label;
    }
}

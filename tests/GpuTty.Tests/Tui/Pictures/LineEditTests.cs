using GpuTty.Terminal;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tests.Tui.Pictures;

/// <summary>The keys people know from their shell.</summary>
public sealed class LineEditTests
{
    private static readonly LineEdit s_field = new("feed the lion", 13);

    [Fact]
    public void A_line_can_be_edited_as_in_a_shell()
    {
        Assert.Equal("feed the |", After(s_field, Key.Ctrl('w')));
        Assert.Equal("feed |", After(s_field, Key.Ctrl('w'), Key.Ctrl('w')));
        Assert.Equal("|", After(s_field, Key.Ctrl('u')));
        Assert.Equal("|feed the lion", After(s_field, Key.Ctrl('a')));
        Assert.Equal("|feed the lion", After(s_field, Key.Home));
        Assert.Equal("feed the lion|", After(s_field, Key.Home, Key.Ctrl('e')));
        Assert.Equal("fe|", After(s_field, Key.Home, Key.Right, Key.Right, Key.Ctrl('k')));
        Assert.Equal("|ed the lion", After(s_field, Key.Home, Key.Right, Key.Right, Key.Ctrl('u')));
        Assert.Equal("feed the lio|", After(s_field, Key.Backspace));
        Assert.Equal("feed the li|n", After(s_field, Key.Left, Key.Backspace));
        Assert.Equal("|eed the lion", After(s_field, Key.Home, Key.Backspace, Key.Delete));
        Assert.Equal("feed the lions|", After(s_field, Key.Of('s'), Key.Delete, Key.Right));
        Assert.Equal("feed the lioné|", After(s_field, Key.Of('é')));
    }

    [Fact]
    public void Keys_that_are_no_text_are_left_to_others()
    {
        foreach (var key in new[] { Key.Enter, Key.Escape, Key.Tab, Key.Up, Key.Ctrl('l'), Key.Alt('x'), Key.F(1) })
            Assert.Null(s_field.On(key));
    }

    [Fact]
    public void A_paste_is_taken_only_where_it_is_wanted()
    {
        Assert.Equal(s_field, s_field.Paste("er"));
        var open = s_field with { TakesPaste = true };
        Assert.Equal("feed the lioness", open.Paste("ess\nrm -rf /").Text);
        Assert.Equal("feed the lion[2J", open.Paste("\e[2J\u202e中").Text);
    }

    [Fact]
    public void The_text_does_not_grow_without_limit()
    {
        var field = new LineEdit { MaxLength = 4, TakesPaste = true }.Paste("123456");
        Assert.Equal("1234", field.Text);
        Assert.Equal("1234", field.On(Key.Of('5'))!.Text);
    }

    [Fact]
    public void The_cursor_is_always_in_sight()
    {
        for (var cursor = 0; cursor <= 13; cursor++)
            for (var width = 1; width < 20; width++)
            {
                var frame = OnViews.Drawn(new TypedField(s_field with { Cursor = cursor }, 5, 0, "", width), 40, 1);
                Assert.InRange(frame.Cursor.X, 5, 5 + width - 1);
                Assert.True(frame.Cursor.Visible);
                // On the character that it is on, however far the text was scrolled before.
                Assert.Equal(cursor < s_field.Text.Length ? s_field.Text[cursor] : ' ', frame[frame.Cursor.X, 0].Glyph);
            }
    }

    private static string After(LineEdit field, params Key[] keys)
    {
        foreach (var key in keys) field = field.On(key)!;
        return field.Text.Insert(field.Cursor, "|");
    }
}

using System.Drawing;
using GpuTty.Terminal;

namespace GpuTty.Tests.Terminal;

/// <summary>Drawing never fails and never leaves its place, whatever the terminal's size and whatever a device calls itself.</summary>
public sealed class DrawingTests
{
    private static readonly int[] s_coordinates =
    [
        int.MinValue,
        int.MinValue + 1,
        -1000,
        -3,
        -1,
        0,
        1,
        2,
        5,
        30,
        1000,
        int.MaxValue - 1,
        int.MaxValue,
    ];

    [Fact]
    public void Drawing_works_at_any_place_and_size()
    {
        foreach (var (width, height) in new[] { (0, 0), (1, 1), (0, 5), (7, 0), (3, 2), (30, 10) })
        {
            var buffer = new GuiBuffer();
            buffer.SetSize(width, height);
            foreach (var x in s_coordinates)
                foreach (var y in s_coordinates)
                {
                    buffer.Move(x, y);
                    buffer.AddStr("text");
                    buffer.AddRune('x');
                    foreach (var length in s_coordinates) buffer.FillRect(new Rectangle(x, y, length, length), '.');
                    buffer.Frame.PlaceCursor(x, y);
                    Assert.Equal((width, height), (buffer.Frame.Width, buffer.Frame.Height));
                }
        }
    }

    [Fact]
    public void What_a_view_may_not_draw_on_stays_as_it_is()
    {
        var buffer = new GuiBuffer();
        buffer.SetSize(8, 4);
        buffer.FillRect(new Rectangle(0, 0, 8, 4), '.');
        buffer.Clip = new global::Terminal.Gui.Drawing.Region(new Rectangle(2, 1, 4, 2));
        buffer.Move(1, 1);
        buffer.AddStr("abcdefgh");
        buffer.FillRect(new Rectangle(-9, 2, 99, 99), '#');
        Assert.Equal("........\n..bcde..\n..####..\n........\n", buffer.Frame.ToText());
    }

    [Fact]
    public void A_device_name_cannot_move_the_cursor_or_take_two_columns()
    {
        var buffer = new GuiBuffer();
        buffer.SetSize(24, 1);
        buffer.AddStr("a\e[2Jb\r\nc\td中e\u0301f\u202eg😀h\ud800i");
        Assert.Equal("a·[2Jb··c d?e?f?g?h?i\n", buffer.Frame.ToText());
        Assert.Equal(21, buffer.Col);
    }

    [Theory]
    [InlineData("GeForce RTX 4090", 20, "GeForce RTX 4090")]
    [InlineData("GeForce RTX 4090", 16, "GeForce RTX 4090")]
    [InlineData("GeForce RTX 4090", 10, "GeForce R~")]
    [InlineData("GeForce RTX 4090", 1, "~")]
    [InlineData("GeForce RTX 4090", 0, "")]
    [InlineData("😀😀😀", 2, "?~")]
    public void A_name_that_is_too_long_ends_with_a_mark(string name, int columns, string seen) =>
        Assert.Equal(seen, Printable.Cut(name, columns));

    [Fact]
    public void Splitting_off_more_than_there_is_yields_all_of_it()
    {
        var area = new Rect(1, 2, 10, 5);
        Assert.Equal((new Rect(1, 2, 10, 5), new Rect(1, 7, 10, 0)), area.SplitTop(99));
        Assert.Equal((new Rect(1, 2, 10, 0), new Rect(1, 2, 10, 5)), area.SplitTop(-4));
        Assert.Equal((new Rect(1, 5, 10, 2), new Rect(1, 2, 10, 3)), area.SplitBottom(2));
        Assert.Equal((new Rect(1, 2, 3, 5), new Rect(4, 2, 7, 5)), area.SplitLeft(3));
        foreach (var length in s_coordinates) Assert.True(area.Center(length, length) is { Width: >= 0, Height: >= 0 });
    }
}

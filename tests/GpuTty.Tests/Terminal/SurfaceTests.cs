using GpuTty.Terminal;

namespace GpuTty.Tests.Terminal;

/// <summary>Drawing never fails and never leaves its place, whatever the terminal's size and whatever a device calls itself.</summary>
public sealed class SurfaceTests
{
    private static readonly int[] Coordinates = [int.MinValue, int.MinValue + 1, -1000, -3, -1, 0, 1, 2, 5, 30, 1000, int.MaxValue - 1, int.MaxValue];

    [Fact]
    public void Drawing_works_at_any_place_and_size()
    {
        foreach (var size in new[] { (0, 0), (1, 1), (0, 5), (7, 0), (3, 2), (30, 10) })
            foreach (var x in Coordinates)
                foreach (var y in Coordinates)
                {
                    var surface = new Surface(size.Item1, size.Item2);
                    surface.Text(x, y, "text");
                    surface.CutText(x, y, 3, "text");
                    surface.PlaceCursor(x, y);
                    foreach (var length in Coordinates)
                    {
                        var area = new Rect(x, y, length, length);
                        surface.Fill(area, '.');
                        surface.Box(area);
                        surface.Restyle(area, style => style.Bold);
                        surface.Clip(area).Text(0, 0, "inside");
                        Assert.True(area.Shrink(1, 1).Width >= 0 && area.Center(4, 4).Width >= 0 && area.SplitRight(length).Head.Width >= 0);
                    }
                }
    }

    [Fact]
    public void A_window_cuts_off_what_does_not_belong_to_it()
    {
        var surface = new Surface(8, 4);
        surface.Fill(surface.Bounds, '.');
        var window = surface.Clip(new Rect(2, 1, 4, 2));
        window.Text(-1, 0, "abcdefgh");
        window.Fill(new Rect(-9, 1, 99, 99), '#');
        window.PlaceCursor(1, 1);
        Assert.Equal("........\n..bcde..\n..####..\n........\n", surface.ToText());
        Assert.Equal(new Cursor(3, 2, Visible: false), surface.Cursor);
    }

    [Fact]
    public void Frames_that_share_an_edge_are_joined()
    {
        var surface = new Surface(9, 5);
        surface.Box(new Rect(0, 0, 9, 5));
        surface.Box(new Rect(0, 0, 5, 3));
        surface.Box(new Rect(4, 2, 5, 3));
        Assert.Equal("""
            ┌───┬───┐
            │   │   │
            ├───┼───┤
            │   │   │
            └───┴───┘

            """, surface.ToText());
    }

    [Fact]
    public void A_device_name_cannot_move_the_cursor_or_take_two_columns()
    {
        var surface = new Surface(24, 1);
        var end = surface.Text(0, 0, "a\e[2Jb\r\nc\td中e\u0301f\u202eg😀h\ud800i");
        Assert.Equal("a·[2Jb··c d?e?f?g?h?i\n", surface.ToText());
        Assert.Equal(21, end);
    }

    [Theory]
    [InlineData("GeForce RTX 4090", 20, "GeForce RTX 4090")]
    [InlineData("GeForce RTX 4090", 16, "GeForce RTX 4090")]
    [InlineData("GeForce RTX 4090", 10, "GeForce R~")]
    [InlineData("GeForce RTX 4090", 1, "~")]
    [InlineData("GeForce RTX 4090", 0, "")]
    [InlineData("😀😀😀", 2, "?~")]
    public void A_name_that_is_too_long_ends_with_a_mark(string name, int columns, string seen)
    {
        var surface = new Surface(30, 1);
        surface.CutText(0, 0, columns, name);
        Assert.Equal(seen + "\n", surface.ToText());
    }

    [Fact]
    public void The_styles_can_be_read_as_text()
    {
        var surface = new Surface(6, 1);
        surface.Text(0, 0, "ab", Style.Of(Color.Red).Bold);
        surface.Text(3, 0, "c", Style.Default.Reversed);
        Assert.Equal("aa.b..\na bold red\nb reversed\n", surface.ToStyleText());
    }

    [Fact]
    public void Splitting_off_more_than_there_is_yields_all_of_it()
    {
        var area = new Rect(1, 2, 10, 5);
        Assert.Equal((new Rect(1, 2, 10, 5), new Rect(1, 7, 10, 0)), area.SplitTop(99));
        Assert.Equal((new Rect(1, 2, 10, 0), new Rect(1, 2, 10, 5)), area.SplitTop(-4));
        Assert.Equal((new Rect(1, 5, 10, 2), new Rect(1, 2, 10, 3)), area.SplitBottom(2));
        Assert.Equal((new Rect(1, 2, 3, 5), new Rect(4, 2, 7, 5)), area.SplitLeft(3));
        Assert.Equal((new Rect(8, 2, 3, 5), new Rect(1, 2, 7, 5)), area.SplitRight(3));
        Assert.Equal(new Rect(1, 2, 10, 5), area.SplitRight(99).Head);
    }
}

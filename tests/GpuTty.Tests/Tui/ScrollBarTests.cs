using GpuTty.Terminal;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tests.Tui;

/// <summary>Who reads a part of a list sees which part.</summary>
public sealed class ScrollBarTests
{
    [Fact]
    public void It_is_at_an_end_only_where_the_lines_are()
    {
        for (var room = 3; room < 40; room += 3)
            for (var count = room + 1; count < 200; count += 7)
                for (var first = 0; first <= count - room; first++)
                {
                    var (y, height) = Thumb(room, count, first)!.Value;
                    Assert.InRange(y, 1, room);
                    Assert.InRange(y + height, 2, room + 1);
                    if (room - height < 2) continue;
                    Assert.Equal(first == 0, y == 1);
                    Assert.Equal(first == count - room, y + height == room + 1);
                }
        Assert.InRange(Thumb(20, 100_000, 99_980)!.Value.Y, 20, 20);
    }

    [Fact]
    public void There_is_none_where_all_is_in_sight()
    {
        Assert.Null(Thumb(20, 20, 0));
        Assert.Null(Thumb(2, 90, 0));
    }

    [Fact]
    public void It_moves_with_the_cursor_and_leaves_nothing_behind()
    {
        var play = Play.At(DesktopMachine.Busy, 100, 30).Type("a");
        Assert.Contains("█", play.Text(), StringComparison.Ordinal);
        Assert.NotEqual(Column(play), Column(play.Type("G")));
        foreach (var keys in (string[])["j", "G", "k", "g"])
        {
            play = play.Type(keys);
            OnViews.AssertWhole(play.Model);
        }
        Assert.Contains("#", play.Text(Glyphs.Ascii), StringComparison.Ordinal);

        static string Column(Play play) =>
            string.Concat(play.Text().Split('\n').Select(row => row.Contains('█', StringComparison.Ordinal) ? 'x' : ' '));
    }

    private static (int Y, int Height)? Thumb(int room, int count, int first) =>
        PanelPicture.Of(new Rect(0, 0, 40, room + 2), new PanelFrame("a"), new ShownLines(count, first, null, _ => [])).Thumb;
}

using System.Text.RegularExpressions;
using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tui;

namespace GpuTty.Tests.Tui;

/// <summary>A log whose long lines go on in the next row can be read from its first word to its last.</summary>
public sealed class WrappedLogTests
{
    private const int Lines = 60;

    public static TheoryData<string> Places => ["LW", "6W"];

    [Theory]
    [MemberData(nameof(Places))]
    public void Every_part_of_it_comes_in_sight_page_by_page(string keys)
    {
        foreach (var (first, move) in ((Key, Key)[])
            [(Key.Home, Key.PageDown), (Key.End, Key.PageUp), (Key.Home, Key.Down), (Key.End, Key.Up)])
        {
            var play = Filled(80).Type(keys).Press(first);
            var seen = new HashSet<string>();
            for (var page = 0; page < 8 * Lines; page++, play = play.Press(move))
                seen.UnionWith(Regex.Matches(play.Text(), "<[be][0-9]+>").Select(match => match.Value));
            Assert.Equal(2 * Lines, seen.Count);
        }
    }

    /// <summary>Where a panel has fewer rows than the line.</summary>
    [Fact]
    public void A_line_that_is_longer_than_the_panel_can_be_read_too()
    {
        var play = Filled(1200).Type("6W").Press(Key.Home);
        var seen = new HashSet<string>();
        for (var row = 0; row < 2000; row++, play = play.Press(Key.Down))
            seen.UnionWith(Regex.Matches(play.Text(), "<[be][0-9]+>").Select(match => match.Value));
        Assert.Equal(2 * Lines, seen.Count);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void To_hold_the_picture_still_moves_nothing(string keys)
    {
        foreach (var length in (int[])[80, 170, 260])
        {
            var following = Filled(length).Type(keys);
            var held = following.Type("f");
            Assert.False(held.Model.LogView.IsFollowing);
            Assert.Equal(Marks(following), Marks(held));
            Assert.Equal(Marks(following), Marks(held.Type("f")));
        }

        static string[] Marks(Play play) => [.. Regex.Matches(play.Text(), "<[be][0-9]+>").Select(match => match.Value)];
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void What_is_copied_is_the_last_line_in_sight(string keys)
    {
        foreach (var moves in (Key[][])[[], [Key.Home], [Key.Home, Key.PageDown], [Key.PageUp, Key.Up]])
        {
            var play = Filled(120).Type(keys).Press(moves);
            var copied = Assert.Single(play.Model.Top.ToCopy(play.Model));
            var last = Regex.Matches(play.Text(), "<[be]([0-9]+)>")[^1].Groups[1].Value;
            Assert.Contains($"<b{last}>", copied, StringComparison.Ordinal);
        }
    }

    private static Play Filled(int length)
    {
        var play = Play.At(DesktopMachine.Idle, 80, 25).Hear(
            [.. Enumerable.Range(10, Lines).Select(number => new Msg.Logged(new LogLine(
                DesktopMachine.Idle.TakenAt.AddSeconds(number),
                LogLevel.Info,
                LogSource.Command,
                $"<b{number}> {string.Join(' ', Enumerable.Repeat("word", length / 5))} <e{number}>")))]);
        // Nothing else is in it.
        return play with { Model = play.Model with { LogView = play.Model.LogView with { Filter = "word" } } };
    }
}

using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tests.Tui.Pictures;
using GpuTty.Tui.Logs;

namespace GpuTty.Tests.Tui;

/// <summary>The screen made of Terminal.Gui's views shows what the model
/// says, whatever was shown before, and draws what has changed.</summary>
public sealed class ViewsTests
{
    /// <summary>No view is left in sight that belongs to the picture before.</summary>
    [Fact]
    public void Whatever_is_pressed_and_however_large_the_screen_is_nothing_is_left_of_what_was_there()
    {
        var random = new Random(11);
        const string keys = "jjjkkgG123456\t\ti/nv\n\e\ealLzW+-><: K?v\n";
        var play = Play.At(DesktopMachine.Busy);
        for (var step = 0; step < 400; step++)
        {
            play = random.Next(6) switch
            {
                0 => play.Sized(random.Next(1, 220), random.Next(1, 60)),
                1 => play.Press(random.GetItems<Key>([Key.Left, Key.Right, Key.PageDown, Key.PageUp, Key.End, Key.Home], 1)),
                _ => play.Type($"{keys[random.Next(keys.Length)]}"),
            };
            OnViews.AssertWhole(play.Model);
        }
    }

    /// <summary>Only the lists and the titles that have changed are drawn again; at
    /// the largest size another title stands over the details each time.</summary>
    [Theory]
    [InlineData(80, 25)]
    [InlineData(240, 67)]
    public void A_selection_that_moves_costs_little_more_than_to_say_what_is_there(int width, int height)
    {
        var play = Play.At(DesktopMachine.Idle, width, height).Type("2");
        AssertCheap(play, round => play = play.Type(round % 8 < 4 ? "j" : "k"), () => play, times: 3);
    }

    /// <summary>The library lays everything out anew when it hears that a list has grown.</summary>
    [Theory]
    [InlineData(80, 25)]
    [InlineData(240, 67)]
    public void A_log_that_grows_costs_little_more_than_to_say_what_is_there(int width, int height)
    {
        var play = Play.At(DesktopMachine.Idle, width, height).Type("L");
        AssertCheap(
            play,
            round => play.Model.Log.Append(new ShownLine("14:03:02", LogLevel.Info, "step", $"line {round}")),
            () => play,
            times: 6);
    }

    [Fact]
    public void A_log_that_runs_is_followed()
    {
        var play = Play.At(DesktopMachine.Idle).Type("6");
        for (var line = 0; line < 50; line++) play.Model.Log.Append(new ShownLine("14:03:02", LogLevel.Info, "step", $"line {line}"));
        Assert.Contains("line 49", OnViews.Picture(play.Model), StringComparison.Ordinal);
        Assert.DoesNotContain("line 10", OnViews.Picture(play.Model), StringComparison.Ordinal);
    }

    private static void AssertCheap(Play first, Action<int> change, Func<Play> now, int times)
    {
        var (drawn, said) = (0L, 0L);
        // Nobody else draws meanwhile.
        OnViews.With(screen =>
        {
            screen.Draw(first.Model);
            for (var round = 0; round < 24; round++)
            {
                change(round);
                drawn += Allocated(() => screen.Draw(now().Model));
                said += Allocated(() => Examples.Say(now().Model));
            }
            return 0;
        });
        Assert.InRange(drawn, 0, times * said);
    }

    private static long Allocated(Action draw)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        draw();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}

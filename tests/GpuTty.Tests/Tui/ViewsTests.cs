using GpuTty.Terminal;
using GpuTty.Tui;
using GpuTty.Tui.Widgets;

namespace GpuTty.Tests.Tui;

/// <summary>The screen made of Terminal.Gui's views shows what the model says, whatever was shown before.</summary>
public sealed class ViewsTests
{
    /// <summary>No view is left in sight that belongs to the picture before.</summary>
    [Fact]
    public void Whatever_is_pressed_and_however_large_the_screen_is_the_views_show_the_same_as_the_picture()
    {
        var random = new Random(11);
        const string keys = "jjjkkgG123456\t\ti/nv\n\e\ealLz K?v\n";
        var play = Play.At(DesktopMachine.Busy);
        for (var step = 0; step < 400; step++)
        {
            play = random.Next(6) switch
            {
                0 => play.Sized(random.Next(1, 220), random.Next(1, 60)),
                1 => play.Press(random.GetItems<Key>([Key.Left, Key.Right, Key.PageDown, Key.PageUp, Key.End, Key.Home], 1)),
                _ => play.Type($"{keys[random.Next(keys.Length)]}"),
            };
            OnViews.AssertSame(play.Model);
        }
    }

    /// <summary>Only the lists that have changed are drawn again. All of them, by the library alone, took two hundred times as much memory.</summary>
    [Fact]
    public void A_selection_that_moves_costs_little_more_than_the_picture_of_it()
    {
        var play = Play.At(DesktopMachine.Idle).Type("2");
        OnViews.Picture(play.Model);
        var (views, picture) = (0L, 0L);
        for (var round = 0; round < 24; round++)
        {
            play = play.Type(round % 8 < 4 ? "j" : "k");
            views += OnViews.With(screen => Allocated(() => screen.Draw(play.Model)));
            picture += Allocated(() => ScreenPicture.Draw(play.Model));
        }
        Assert.InRange(views, 0, 3 * picture);
    }

    [Fact]
    public void A_log_that_runs_is_followed()
    {
        var play = Play.At(DesktopMachine.Idle).Type("6");
        for (var line = 0; line < 50; line++) play.Model.Log.Append(new ShownLine("14:03:02", ShownLevel.Info, "step", $"line {line}"));
        Assert.Contains("line 49", OnViews.Picture(play.Model), StringComparison.Ordinal);
        Assert.DoesNotContain("line 10", OnViews.Picture(play.Model), StringComparison.Ordinal);
    }

    private static long Allocated(Action draw)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        draw();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}

using GpuTty.Terminal;
using GpuTty.Tui.Screens;

namespace GpuTty.Tests.Tui;

/// <summary>The room on the screen goes where it is wanted, and long lists stand in the order that is wanted.</summary>
public sealed class RoomTests
{
    private static readonly Play s_idle = Play.At(DesktopMachine.Idle, 120, 40);

    [Fact]
    public void A_panel_takes_the_whole_screen_and_gives_it_back()
    {
        var full = s_idle.Type("4z");
        var text = full.Text();
        Assert.Contains("Who holds", text.Split('\n')[2], StringComparison.Ordinal);
        Assert.DoesNotContain("IOMMU groups", text, StringComparison.Ordinal);
        // Another panel comes in its place.
        Assert.Contains("IOMMU groups", full.Type("2").Text(), StringComparison.Ordinal);
        foreach (var back in (string[])["z", "\e"]) Assert.Equal(s_idle.Type("4").Text(), full.Type(back).Text());
    }

    [Fact]
    public void Esc_ends_the_full_screen_before_the_filter()
    {
        var full = s_idle.Type("a/nvidia\nz");
        var first = full.Type("\e");
        Assert.False(Screen(first).IsFull);
        Assert.Equal("nvidia", Screen(first).Filter(Screen(first).Focus, first.Model));
        Assert.Equal("", Screen(first.Type("\e")).Filter(Screen(first).Focus, first.Model));
    }

    [Fact]
    public void The_log_grows_and_shrinks_as_far_as_there_is_room()
    {
        foreach (var (width, height) in ((int, int)[])[(80, 25), (120, 40), (160, 50), (240, 67)])
        {
            var play = s_idle.Sized(width, height);
            var before = LogHeight(play);
            Assert.Equal(before + 1, LogHeight(play.Type("+")));
            Assert.Equal(before - 1, LogHeight(play.Type("-")));
            Assert.Equal(before, LogHeight(play.Type("+-")));
            Assert.InRange(LogHeight(play.Type(new string('+', 100))), before + 1, height - 10);
            Assert.InRange(LogHeight(play.Type(new string('-', 100))), 3, before - 1);
            foreach (var keys in (string[])["+", "-"]) OnViews.AssertWhole(play.Type(new string(keys[0], 100)).Model);
        }
    }

    [Fact]
    public void All_devices_are_sorted_by_a_column_and_keep_their_remarks()
    {
        var all = s_idle.Sized(120, 60).Type("az");
        Assert.Contains("PCI devices", all.Text(), StringComparison.Ordinal);
        var byDriver = all.Type(">>");
        Assert.Contains("PCI devices by driver", byDriver.Text(), StringComparison.Ordinal);
        var drivers = DesktopMachine.Idle.Devices
            .Where(device => !device.IsBridge)
            .Select(device => device.Driver)
            .OfType<string>()
            .Distinct()
            .Order(StringComparer.OrdinalIgnoreCase)
            .ToList();
        var places = drivers.Select(driver => byDriver.Text().IndexOf($"  {driver} ", StringComparison.Ordinal)).ToList();
        Assert.All(places, place => Assert.True(place > 0));
        Assert.Equal(places.Order(), places);
        // The same rows, in another order; and back again.
        Assert.Equal(Rows(all).Order(), Rows(byDriver).Order());
        Assert.Equal(Rows(all), Rows(all.Type(">>>>")));
        Assert.Equal(Rows(byDriver), Rows(all.Type("<<")));
        // Groups by number and not letter by letter.
        var groups = Rows(all.Type("<"))
            .Select(row =>
                row.LastIndexOf("grp ", StringComparison.Ordinal) is var at and > 0 ? int.Parse(row[(at + 4)..].Split(' ')[0]) : -1)
            .Where(group => group >= 0)
            .ToList();
        Assert.True(groups.Count > 3);
        Assert.Equal(groups.Order(), groups);
    }

    [Fact]
    public void The_cards_are_not_sorted_apart()
    {
        var pressed = s_idle.Type(">");
        Assert.Equal("Only the list of all devices is sorted; a shows it.", pressed.Notice);
    }

    [Fact]
    public void The_selection_stays_on_its_device_when_the_order_changes()
    {
        var play = s_idle.Type("ajj");
        var before = Screen(play).Function(play.Model);
        var sorted = play.Type(">>");
        Assert.NotNull(before);
        Assert.Equal(before, Screen(sorted).Function(sorted.Model));
    }

    private static OverviewScreen Screen(Play play) => Assert.IsType<OverviewScreen>(play.Model.Top);

    private static int LogHeight(Play play)
    {
        var screen = Screen(play);
        return screen.Picture(new Rect(0, 0, play.Model.Width, play.Model.Height - 2), play.Model).Panels.Single(panel =>
            panel.FocusKey == Key.Of('6')).At.Height;
    }

    private static List<string> Rows(Play play) =>
        [.. play.Text().Split('\n').Where(row => row.StartsWith('│')).Select(row => row.Trim('│', ' ', '>')).Where(row => row.Length > 0)];
}

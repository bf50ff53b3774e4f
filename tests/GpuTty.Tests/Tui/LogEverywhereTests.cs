using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tui;
using GpuTty.Tui.Logs;

namespace GpuTty.Tests.Tui;

/// <summary>The log is one thing, wherever it is looked at.</summary>
public sealed class LogEverywhereTests
{
    private static readonly Play s_idle = Play.At(DesktopMachine.Idle, 100, 40);

    [Fact]
    public void Its_level_stays_between_two_looks_and_Esc_ends_its_filter_first()
    {
        var again = s_idle.Type("L/4090\nF\e\eL");
        Assert.DoesNotContain("/4090", again.Text(), StringComparison.Ordinal);
        Assert.Contains("warnings and errors", again.Text(), StringComparison.Ordinal);
        Assert.Contains("level (warning)", again.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_pane_shows_the_same_lines()
    {
        var filtered = s_idle.Type("6/4090\n1");
        foreach (var keys in (string[])["", "v", "v\e", "L", "vS\n"])
        {
            var text = filtered.Type(keys).Text();
            Assert.Contains("/4090", text, StringComparison.Ordinal);
            Assert.DoesNotContain("looked at the machine", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Where_it_was_scrolled_back_it_stays_scrolled_back()
    {
        var busy = Play.At(DesktopMachine.Idle, 100, 40);
        for (var line = 0; line < 60; line++)
            busy.Model.Log.Append(new ShownLine("14:03:02", LogLevel.Info, "kernel", $"line {line}")
            {
                At = DesktopMachine.Idle.TakenAt,
            });
        Assert.Contains("scrolled back", busy.Type("L").Press(Key.PageUp).Type("\e").Text(), StringComparison.Ordinal);
        Assert.Contains("scrolled back", busy.Type("6").Press(Key.PageUp).Type("L").Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_level_is_a_key_in_its_panel_too()
    {
        var less = s_idle.Type("6F");
        Assert.Contains("warnings and errors", less.Text(), StringComparison.Ordinal);
        Assert.DoesNotContain("looked at the machine", less.Text(), StringComparison.Ordinal);
        Assert.Contains("looked at the machine", less.Type("FFF").Text(), StringComparison.Ordinal);
    }

    /// <summary>A sentence on the screen goes with the next key.</summary>
    [Fact]
    public async Task What_was_told_once_can_be_read_again()
    {
        await using var person = new Person("interrupted");
        await person.Types("", "A switch was interrupted");
        await person.Types("D", "Forget the interrupted switch?");
        await person.Types("y", "It is left as it is, and not offered any more.");
        await person.Types("L", "following");
        await person.Sees("gputty  It is left as it is, and not offered any more.");
    }

    [Fact]
    public void A_machine_where_much_has_changed_at_once_leaves_the_worst_in_the_log()
    {
        var session = DesktopMachine.Idle.Sessions[0];
        var changed = Play.At(DesktopMachine.Idle, 240, 50).Hear(new Msg.HostRead(DesktopMachine.Idle with
        {
            Sessions = [.. DesktopMachine.Idle.Sessions, .. Enumerable.Range(100, 30).Select(id => session with { Id = $"{id}" })],
            Stuck = new(4711, "/sys/x", "device_lock", DesktopMachine.Idle.TakenAt),
        })).Type("L").Text();
        Assert.Contains("only a reboot helps", changed, StringComparison.Ordinal);
        Assert.Contains("and 19 more changes", changed, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_look_is_told_whole()
    {
        var unknown = DesktopMachine.Idle with
        {
            Unknowns = [.. Enumerable.Range(10, 20).Select(number =>
                new GpuTty.Host.Unknown(GpuTty.Host.UnknownFact.Modules, $"what {number} is", "Nobody knows."))],
            Stuck = new(4711, "/sys/x", "device_lock", DesktopMachine.Idle.TakenAt),
        };
        var text = Play.Blank().Sized(240, 60).Hear(new Msg.HostRead(unknown)).Type("L").Text();
        for (var number = 10; number < 30; number++) Assert.Contains($"what {number} is", text, StringComparison.Ordinal);
        Assert.Contains("only a reboot helps", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_line_can_be_read_whole()
    {
        var narrow = s_idle.Sized(60, 20).Type("L");
        Assert.DoesNotContain("on its host driver (nvidia)", narrow.Words, StringComparison.Ordinal);
        Assert.Contains("on its host driver (nvidia)", narrow.Type("W").Words, StringComparison.Ordinal);
        Assert.Equal(narrow.Text(), narrow.Type("WW").Text());
        Assert.Contains("on its host driver (nvidia)", narrow.Type("Wg").Words, StringComparison.Ordinal);
    }
}

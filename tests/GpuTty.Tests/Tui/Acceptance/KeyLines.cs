using GpuTty.Terminal;
using GpuTty.Tui;

namespace GpuTty.Tests.Tui.Acceptance;

/// <summary>Lines K1 to K9 of the acceptance list: keys and the bottom line.</summary>
public sealed class KeyLines
{
    [Fact]
    public void UxK1_an_unknown_key_is_answered_with_its_name()
    {
        foreach (var key in new[] { Key.F(6), Key.Of('Y'), Key.Alt('x'), Key.Insert })
            Assert.Equal($"{key} does nothing here; ? lists the keys.", Demo.On("desktop").Press(key).Notice);
        foreach (var keys in (string[])["\n", "L", "v", "v\e"])
            Assert.Equal("F6 does nothing here; ? lists the keys.", Demo.On("desktop").Type(keys).Press(Key.F(6)).Notice);
        Assert.Equal("F6 does nothing here; Esc leads back.", Demo.On("desktop").Type("?").Press(Key.F(6)).Notice);
        Assert.Contains("q leaves", Demo.On("desktop").Press(Key.Ctrl('z')).Notice, StringComparison.Ordinal);
    }

    [Fact]
    public void UxK2_a_disabled_key_says_why_with_the_way_out() =>
        Assert.Equal("01:00 is on its host driver already; v moves it to a virtual machine.", Demo.On("desktop").Type("h").Notice);

    [Fact]
    public void UxK3_that_sentence_goes_away_when_its_reason_is_gone()
    {
        var refused = Play.At(DesktopMachine.Idle).Type("h");
        Assert.Contains("on its host driver already", refused.Text(), StringComparison.Ordinal);
        Assert.DoesNotContain(
            "on its host driver already", refused.Hear(new Msg.HostRead(DesktopMachine.WithVm)).Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void UxK4_the_bar_has_whole_entries_what_can_be_done_first_and_never_loses_the_way_out()
    {
        foreach (var play in Demo.Everywhere())
            foreach (var width in (int[])[160, 100, 80, 60, 45, 40])
            {
                var bar = play.Sized(width, 25).Bar();
                Assert.True(Printable.Width(bar) < width, bar);
                var entries = bar.Split("   ", StringSplitOptions.RemoveEmptyEntries).Select(entry => entry.Trim()).ToList();
                Assert.All(entries, entry => Assert.True(!entry.StartsWith('(') || entry.EndsWith(')'), entry));
                var hints = StatusBar.Of(play.Sized(width, 25).Model).Keys.Select(StatusBar.Text).ToHashSet();
                Assert.All(entries, entry => Assert.Contains(entry, hints));
                Assert.False(bar.StartsWith('('), bar);
            }
        var running = Play.At(DesktopMachine.Idle).Type("vS\n\ny").Report(Runs.Until(9));
        foreach (var width in (int[])[160, 60, 45, 40])
        {
            Assert.Contains("t roll back", running.Sized(width, 25).Bar(), StringComparison.Ordinal);
            Assert.Contains("q leave", running.Sized(width, 25).Bar(), StringComparison.Ordinal);
            Assert.Contains("Enter keep it", Consenting.Asked.Sized(width, 25).Bar(), StringComparison.Ordinal);
            Assert.Contains("Esc back", Demo.On("desktop").Type("v").Sized(width, 25).Bar(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void UxK5_keys_that_people_know_work_everywhere()
    {
        foreach (var keys in (string[])["a", "a2", "a4", "\n", "L", "?", "v\e", "vS\n"])
        {
            var play = Demo.On("desktop", 80, 16).Type(keys);
            foreach (var pair in new (Key Known, Key Same)[]
            {
                (Key.Of('j'), Key.Down),
                (Key.Of('k'), Key.Up),
                (Key.Of('g'), Key.Home),
                (Key.Of('G'), Key.End),
                (Key.Ctrl('f'), Key.PageDown),
                (Key.Ctrl('b'), Key.PageUp),
            })
            {
                var there = play.Press(Key.Down, Key.Down);
                Assert.Equal(there.Press(pair.Same).Text(), there.Press(pair.Known).Text());
            }
            Assert.NotEqual("", play.Press(Key.Ctrl('d'), Key.Ctrl('u')).Text());
            Assert.DoesNotContain(
                "does nothing here",
                play.Press(Key.Ctrl('d')).Notice + play.Press(Key.Ctrl('u')).Notice,
                StringComparison.Ordinal);
        }
        Assert.Equal(Demo.On("desktop", 80, 16).Type("a").Press(Key.PageDown).Text(), Demo.On("desktop", 80, 16).Type("a ").Text());
        for (var number = 1; number <= 6; number++)
            Assert.Contains($"[{number} ", Demo.On("desktop", 80, 25).Type($"{number}").Text(), StringComparison.Ordinal);
        Assert.Contains("[2 Groups]", Demo.On("desktop", 80, 25).Press(Key.Tab).Text(), StringComparison.Ordinal);
        Assert.Contains("[6 Log]", Demo.On("desktop", 80, 25).Press(Key.BackTab).Text(), StringComparison.Ordinal);
        Assert.Contains("[2 Groups]", Demo.On("desktop", 80, 25).Press(Key.Right).Text(), StringComparison.Ordinal);
        Assert.Contains("[6 Log]", Demo.On("desktop", 80, 25).Press(Key.Left).Text(), StringComparison.Ordinal);
        foreach (var key in new[] { Key.F(5), Key.Of('r'), Key.Ctrl('r') })
            Assert.Equal([new Effect.ReadHost()], Demo.On("desktop").Press(key).Effects);
        Assert.Equal([new Effect.Quit()], Demo.On("desktop").Press(Key.F(10)).Effects);
        var found = Demo.On("desktop", 120, 40).Type("a/nvme\n\e");
        Assert.Contains("> ", found.Type("n").Line("NVMe") + found.Type("N").Line("NVMe"), StringComparison.Ordinal);
    }

    [Fact]
    public void UxK6_Esc_goes_back_one_level_and_never_out_and_Ctrl_C_cancels()
    {
        var deep = Demo.On("desktop").Type("vS\n\n");
        var levels = 0;
        for (; deep.Model.Screens.Length > 1; levels++) deep = deep.Type("\e");
        Assert.InRange(levels, 3, 6);
        Assert.Empty(deep.Type("\e\e\e").Effects);
        foreach (var keys in (string[])["v", "vS\n\n", "?", "\n", "L"])
            Assert.DoesNotContain(Demo.On("desktop").Type(keys).Press(Key.Ctrl('c')).Effects, effect => effect is Effect.Quit);
        Assert.Contains(
            "Roll everything back?",
            Play.At(DesktopMachine.Idle).Type("vS\n\ny").Report(Runs.Until(3)).Press(Key.Ctrl('c')).Text(),
            StringComparison.Ordinal);
        Assert.Equal([new Effect.Quit()], Demo.On("desktop").Press(Key.Ctrl('c')).Effects);
    }

    [Fact]
    public void UxK7_text_is_edited_as_in_a_shell()
    {
        string Filter(params Key[] keys) => Demo.On("desktop", 120, 40).Type("a/one two").Press(keys).Line("Filter:");
        Assert.Contains("Filter: xone two", Filter(Key.Home, Key.Of('x')), StringComparison.Ordinal);
        Assert.Contains("Filter: xone two", Filter(Key.Ctrl('a'), Key.Of('x')), StringComparison.Ordinal);
        Assert.Contains("Filter: one twox", Filter(Key.Home, Key.End, Key.Of('x')), StringComparison.Ordinal);
        Assert.Contains("Filter: one twxo", Filter(Key.Left, Key.Of('x')), StringComparison.Ordinal);
        Assert.Contains("Filter: ne two", Filter(Key.Home, Key.Delete), StringComparison.Ordinal);
        Assert.DoesNotContain("two", Filter(Key.Ctrl('w')), StringComparison.Ordinal);
        Assert.DoesNotContain("one", Filter(Key.Ctrl('u')), StringComparison.Ordinal);
        Assert.DoesNotContain("one", Filter(Key.Home, Key.Ctrl('k')), StringComparison.Ordinal);
    }

    [Fact]
    public void UxK8_a_question_forgets_what_was_typed_before_it_and_held_Enter_confirms_nothing()
    {
        foreach (var keys in (string[])["vS\n\n"])
        {
            var asked = Demo.On("desktop").Type(keys);
            Assert.Contains(new Effect.ForgetTyped(), asked.Effects);
        }
        var held = Demo.On("desktop").Type("vS");
        for (var time = 0; time < 50; time++)
        {
            held = held.Press(Key.Enter);
            Assert.DoesNotContain(held.Effects, effect => effect is Effect.BeginRun);
        }
    }

    [Fact]
    public void UxK9_the_safe_button_has_the_focus_and_all_have_letters_y_and_n_in_every_question()
    {
        var running = Play.At(DesktopMachine.Idle).Type("vS\n\ny").Report(Runs.Until(9));
        foreach (var asked in new[]
        {
            Demo.On("desktop").Type("vS\n\n"),
            running.Type("t"),
            running.Type("q"),
            Demo.On("window").Type("T"),
        })
        {
            Assert.Empty(asked.Press(Key.Enter).Effects);
            Assert.Contains("[ y ", asked.Text(), StringComparison.Ordinal);
            Assert.Contains("[ n ", asked.Text(), StringComparison.Ordinal);
            Assert.Empty(asked.Type("n").Effects);
            Assert.NotEmpty(asked.Type("y").Effects);
        }
    }
}

using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Terminal;
using GpuTty.Tui;
using GpuTty.Tui.Panels;
using GpuTty.Tui.Screens;

namespace GpuTty.Tests.Tui;

public sealed class OverviewTests
{
    [Fact]
    public void The_cursor_is_on_the_card_that_the_keys_are_about_after_a_look_at_all_devices()
    {
        var all = Acceptance.Demo.On("twins", 120, 40).Type("a").Press(Key.Up, Key.Up, Key.Up);
        Assert.NotNull(((OverviewScreen)all.Model.Top).NoCard(all.Model));
        var cards = all.Type("a");
        var under = ((OverviewScreen)cards.Model.Top).Function(cards.Model)!;
        Assert.Equal(cards.Model.Card!.Address, Card.FindAt(cards.Model.Host!, under.Address)!.Address);
        Assert.Equal(all.Model.Card!.Address, cards.Model.Card.Address);
    }

    private static readonly Play s_idle = Play.At(DesktopMachine.Idle);

    [Fact]
    public void It_begins_on_the_card_that_can_be_spared() => Assert.Equal(DesktopMachine.Big, s_idle.Model.Card!.Address);

    [Fact]
    public void Numbers_and_tab_go_to_the_panels()
    {
        for (var number = 1; number <= 6; number++) Assert.Equal((Panel)number, Focus(s_idle.Press(Key.Of((char)('0' + number)))));
        Assert.Equal(Panel.Groups, Focus(s_idle.Type("\t")));
        Assert.Equal(Panel.Log, Focus(s_idle.Press(Key.BackTab)));
        Assert.Equal(Panel.Cards, Focus(s_idle.Type("\t\t\t\t\t\t")));
    }

    [Fact]
    public void Moving_onto_another_card_makes_the_other_panels_tell_of_it()
    {
        var moved = s_idle.Type("g");
        Assert.Equal(DesktopMachine.Small, moved.Model.Card!.Address);
        Assert.Contains("Who holds 00:02", moved.Text(), StringComparison.Ordinal);
        Assert.Equal(DesktopMachine.Big, moved.Type("G").Model.Card!.Address);
    }

    [Theory]
    [InlineData('v', Direction.ToVm)]
    [InlineData('K', Direction.HideFromSeat)]
    [InlineData('P', Direction.Pin)]
    public void A_letter_begins_the_wizard(char key, Direction direction) =>
        Assert.Equal(direction, Assert.IsAssignableFrom<WizardScreen>(s_idle.Press(Key.Of(key)).Model.Top).Intent.Direction);

    /// <summary>By name, once each, of this card and its drivers alone: a mapping counts where nothing else holds the node.</summary>
    [Fact]
    public void What_a_program_holds_is_named_once_and_what_becomes_of_all_of_them_stands_in_a_column()
    {
        HeldNode Buffer(string module, int? descriptor) => new("/dmabuf:", NodeKind.DmaBuf, null, module, descriptor);
        HeldNode Mapped(string path, PciAddress of) => new(path, NodeKind.Render, of, null, null);
        var shell = DesktopMachine.Busy.Holders[0];
        var host = DesktopMachine.Busy with
        {
            Holders = DesktopMachine.Busy.Holders.SetItem(0, shell with
            {
                Nodes =
                [
                    .. shell.Nodes, Mapped("/dev/dri/card1", DesktopMachine.Big), Mapped("/dev/dri/renderD129", DesktopMachine.Big),
                    Buffer("nvidia_drm", 31), Buffer("nvidia_drm", null), Buffer("i915", null),
                    Mapped("/dev/dri/card0", DesktopMachine.Small),
                ],
            }),
        };
        string[] words = ["ends ", "lets go ", "restarts ", "needs your OK "];
        foreach (var (width, height) in ((int, int)[])[(160, 50), (110, 40)])
        {
            var fates = Play.At(host, width, height).Text().Split('\n')
                .Where(row => row.Length > width / 2 && !row.Contains("next switch", StringComparison.Ordinal))
                .Select(row => words.Max(word => row.IndexOf($"  {word}", width / 2, StringComparison.Ordinal)))
                .Where(column => column > 0);
            Assert.Single(fates.Distinct());
        }
        const string held = "card1 nvidia0 nvidiactl renderD129(mapped) dmabuf";
        foreach (var keys in (string[])["4z", "v"])
            Assert.Contains($" {held} ", Play.At(host, 240, 67).Type(keys).Words, StringComparison.Ordinal);
    }

    [Fact]
    public void H_begins_the_way_home() =>
        Assert.Equal(
            Direction.ToHost,
            Assert.IsAssignableFrom<WizardScreen>(Play.At(DesktopMachine.WithVm).Type("h").Model.Top).Intent.Direction);

    [Fact]
    public void K_moves_in_every_list_and_Enter_turns_the_rule_in_the_panel_that_shows_it()
    {
        foreach (var panel in "123456") Assert.IsType<OverviewScreen>(s_idle.Type($"{panel}k").Model.Top);
        Assert.Equal(Direction.HideFromSeat, Assert.IsAssignableFrom<WizardScreen>(s_idle.Type("5Gk\n").Model.Top).Intent.Direction);
    }

    [Fact]
    public void D_goes_to_the_desktop_s_console() => Assert.Equal([new Effect.ShowTerminal(2)], s_idle.Type("d").Effects);

    [Fact]
    public void R_and_F5_look_again()
    {
        Assert.Equal([new Effect.ReadHost()], s_idle.Type("r").Effects);
        Assert.Equal([new Effect.ReadHost()], s_idle.Press(Key.F(5)).Effects);
    }

    [Fact]
    public void A_deed_with_nothing_to_tell_leaves_the_keys_in_sight() =>
        Assert.Contains("v to the VM", s_idle.Type("d").Hear(new Msg.Told("")).Text(), StringComparison.Ordinal);

    [Fact]
    public void W_writes_the_report() => Assert.Equal([new Effect.WriteReport()], s_idle.Type("w").Effects);

    [Fact]
    public void Ctrl_l_paints_again_on_every_screen()
    {
        foreach (var keys in (string[])["", "v", "L", "?", "\n", "vS\n\n", "/"])
            Assert.Equal([new Effect.Repaint()], s_idle.Type(keys).Press(Key.Ctrl('l')).Effects);
    }

    [Fact]
    public void Q_and_F10_and_ctrl_c_quit_and_esc_does_not()
    {
        Assert.Equal([new Effect.Quit()], s_idle.Type("q").Effects);
        Assert.Equal([new Effect.Quit()], s_idle.Press(Key.F(10)).Effects);
        Assert.Equal([new Effect.Quit()], s_idle.Press(Key.Ctrl('c')).Effects);
        var stayed = s_idle.Type("\e\e\e");
        Assert.Empty(stayed.Effects);
        Assert.Equal("This is the first screen; q quits.", stayed.Notice);
    }

    [Fact]
    public void Esc_and_q_lead_back_from_pages_to_read()
    {
        foreach (var keys in (string[])["L\e", "Lq", "LL", "?\e", "\n\e", "\nq", "\n\n"])
            Assert.IsType<OverviewScreen>(s_idle.Type(keys).Model.Top);
    }

    [Fact]
    public void A_filter_narrows_its_panel_while_it_is_typed_and_esc_ends_it()
    {
        var typed = s_idle.Sized(160, 50).Type("a/nvme");
        Assert.Contains("990 PRO", typed.Text(), StringComparison.Ordinal);
        Assert.DoesNotContain("controller UHD", typed.Text(), StringComparison.Ordinal);
        // q is a letter here.
        Assert.IsType<OverviewScreen>(typed.Type("q").Model.Top);
        Assert.Empty(typed.Type("q").Effects);
        Assert.Contains("controller UHD", typed.Type("\e").Text(), StringComparison.Ordinal);
        Assert.DoesNotContain("controller UHD", typed.Type("\n").Text(), StringComparison.Ordinal);
        Assert.Contains("controller UHD", typed.Type("\n\e").Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_paste_goes_into_a_filter_and_nowhere_else()
    {
        var pasted = s_idle.Type("/").Hear(new Msg.Pasted("nvme"));
        Assert.Equal("nvme", Assert.IsType<OverviewScreen>(pasted.Model.Top).Filter(Panel.Cards, pasted.Model));
        Assert.Equal(s_idle.Model.Top, s_idle.Hear(new Msg.Pasted("v\nq")).Model.Top);
    }

    [Fact]
    public void Enter_opens_what_the_cursor_is_on()
    {
        Assert.Equal(new Subject.Device(DesktopMachine.Big), Detail(s_idle.Type("\n")));
        Assert.Equal(new Subject.Group(14), Detail(s_idle.Type("2jjj\n")));
        Assert.Equal(new Subject.Process(2143, 21430), Detail(s_idle.Type("4\n")));
        Assert.IsType<LogScreen>(s_idle.Type("6\n").Model.Top);
    }

    [Theory]
    [InlineData("h", "01:00 is on its host driver already; v moves it to a virtual machine.")]
    [InlineData("s", "No switch has run yet.")]
    [InlineData("ajjv", "03:00.0 (Ethernet controller) is no graphics card; go to one first.")]
    [InlineData("O", "01:00.0 has no override.")]
    [InlineData("4O", "Select one of the card's functions first, in panel 1 or 3.")]
    [InlineData("4i", "Select a device first, in panel 1 or 3.")]
    [InlineData("x", "x does nothing here; ? lists the keys.")]
    public void A_key_that_does_nothing_says_why(string keys, string why)
    {
        var play = s_idle.Type(keys);
        Assert.Equal(why, play.Notice);
        Assert.Empty(play.Effects);
        Assert.Contains(why[..Math.Min(30, why.Length)], play.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_this_session_cannot_do_is_said()
    {
        var bare = s_idle with { Model = s_idle.Model with { Can = Abilities.None } };
        Assert.Equal("There is no console to switch to from here.", bare.Type("d").Notice);
        Assert.Equal("No report can be written from here.", bare.Type("w").Notice);
        Assert.Equal("The log cannot be saved from here.", bare.Type("L").Press(Key.Ctrl('s')).Notice);
    }

    [Fact]
    public void Before_the_first_look_keys_wait()
    {
        foreach (var key in "vhd\nK") Assert.NotEqual("", Play.Blank().Type($"{key}").Notice);
    }

    [Fact]
    public void A_look_that_fails_is_told_and_the_picture_stays()
    {
        var play = s_idle.Hear(new Msg.HostUnreadable("/sys is not mounted."));
        Assert.Contains("/sys is not mounted.", play.Notice, StringComparison.Ordinal);
        Assert.Contains("01:00", play.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_log_tells_what_has_changed_between_two_looks()
    {
        var text = s_idle.Hear(new Msg.HostRead(DesktopMachine.WithVm)).Sized(120, 40).Type("L").Text();
        Assert.Contains("01:00.0 VGA controller: nvidia -> vfio-pci", text, StringComparison.Ordinal);
        Assert.Contains("session 2 · fernando · GNOME on tty2 has ended", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_cursor_rests_on_the_selected_row()
    {
        var screen = new OnViews.Shared().Draw(s_idle.Model);
        Assert.Equal('>', screen[screen.Cursor.X, screen.Cursor.Y].Glyph);
    }

    [Fact]
    public void The_help_lists_every_key_with_the_reason_against_it()
    {
        var help = s_idle.Sized(160, 50).Type("?/host driver").Text();
        Assert.Contains("Not now: 01:00 is on its host driver already", help, StringComparison.Ordinal);
        foreach (var binding in s_idle.Model.Top.Keys(s_idle.Model).Where(binding => binding.Key != Key.Of('?')))
            Assert.Contains(binding.Names, s_idle.Sized(120, 60).Type("?").Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_log_is_saved_as_it_is_shown()
    {
        var save = Assert.IsType<Effect.SaveLog>(Assert.Single(s_idle.Type("L/4090\n").Press(Key.Ctrl('s')).Effects));
        Assert.EndsWith("card 01:00 GeForce RTX 4090 is on its host driver (nvidia)", Assert.Single(save.Lines), StringComparison.Ordinal);
    }

    private static Panel Focus(Play play) => Assert.IsType<OverviewScreen>(play.Model.Top).Focus;

    private static Subject Detail(Play play) => Assert.IsType<DetailScreen>(play.Model.Top).Subject;
}

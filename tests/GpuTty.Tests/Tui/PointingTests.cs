using GpuTty.Terminal;
using GpuTty.Tui;
using GpuTty.Tui.Panels;
using GpuTty.Tui.Screens;

namespace GpuTty.Tests.Tui;

/// <summary>With a mouse, where a terminal has one: what is pressed on is what is meant.</summary>
public sealed class PointingTests
{
    private static readonly Play s_idle = Play.At(DesktopMachine.Idle);

    [Fact]
    public void A_panel_and_a_row_are_selected_by_a_press()
    {
        var pressed = s_idle.Point("nvidia_modeset  1 reference");
        var overview = Assert.IsType<OverviewScreen>(pressed.Model.Top);
        Assert.Equal(Panel.Drivers, overview.Focus);
        Assert.Contains(
            ">",
            pressed.Text().Split('\n').First(row => row.Contains("nvidia_modeset  1 reference", StringComparison.Ordinal)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Every_row_of_a_panel_is_reached_and_headings_are_stepped_over()
    {
        var play = Play.At(DesktopMachine.Busy, 240, 67).Type("4");
        var at = play.Text().Split('\n')[1].IndexOf("4 Who holds", StringComparison.Ordinal) + 4;
        var (reached, missed) = (0, 0);
        for (var y = 2; y < 40; y++)
        {
            var pressed = play.Hear(new Msg.Pointed(at, y, MouseAct.Press));
            Assert.Empty(pressed.Effects);
            var screen = new OnViews.Shared().Draw(pressed.Model);
            Assert.Equal('>', screen[screen.Cursor.X, screen.Cursor.Y].Glyph);
            if (screen.Cursor.Y == y) reached++;
            else missed++;
        }
        Assert.Equal(DesktopMachine.Busy.Holders.Length, reached);
        Assert.True(missed > 0);
    }

    [Fact]
    public void Pressing_twice_opens_the_row() =>
        Assert.Equal(
            "Module nvidia_modeset",
            Assert.IsType<DetailScreen>(s_idle.Point("nvidia_modeset  1 reference", twice: true).Model.Top).Subject.Heading);

    [Fact]
    public void The_wheel_moves_the_panel_under_the_mouse()
    {
        var down = s_idle.Point("IOMMU groups", MouseAct.WheelDown);
        Assert.Equal(Panel.Groups, Assert.IsType<OverviewScreen>(down.Model.Top).Focus);
        Assert.Equal(s_idle.Type("2jjj").Text(), down.Text());
        Assert.Equal(s_idle.Type("2").Text(), down.Point("IOMMU groups", MouseAct.WheelUp).Text());
        // A page of text.
        var page = s_idle.Sized(80, 16).Type("\n");
        Assert.Equal(page.Type("jjj").Text(), page.Point("driver ", MouseAct.WheelDown).Text());
    }

    [Theory]
    [InlineData(80)]
    [InlineData(45)]
    public void The_names_above_the_panels_lead_to_them(int width)
    {
        var play = s_idle.Sized(width, 25);
        foreach (var name in (string[])["2 Gr", "3 Dr", "4 H", "6 Log"])
        {
            if (!play.Text().Split('\n')[1].Contains(name, StringComparison.Ordinal)) continue;
            Assert.Equal(name[..1], $"{(int)Assert.IsType<OverviewScreen>(play.Point(name).Model.Top).Focus}");
        }
    }

    [Fact]
    public void What_the_last_line_names_is_done()
    {
        Assert.IsType<HelpScreen>(s_idle.Point("? help").Model.Top);
        Assert.IsAssignableFrom<WizardScreen>(s_idle.Point("v to the VM").Model.Top);
        Assert.Equal([new Effect.Quit()], s_idle.Point("q quit").Effects);
        // In brackets: only why not.
        var refused = s_idle.Sized(200, 50).Point("(h to the host");
        Assert.Contains("already", refused.Notice, StringComparison.Ordinal);
        Assert.Empty(refused.Effects);
    }

    [Fact]
    public void A_question_is_answered_by_its_buttons_and_by_nothing_beside_them()
    {
        var asked = s_idle.Type("vS\n\n");
        Assert.Contains("Move card", asked.Text(), StringComparison.Ordinal);
        Assert.IsType<Effect.BeginRun>(Assert.Single(asked.Point("[ y Go ahead ]").Effects));
        Assert.Equal(WizardStep.Plan, Assert.IsAssignableFrom<WizardScreen>(asked.Point("[ n Cancel ]").Model.Top).Step);
        foreach (var x in Enumerable.Range(0, asked.Model.Width))
            foreach (var y in Enumerable.Range(0, asked.Model.Height - 1))
            {
                var row = asked.Text().Split('\n')[y];
                if (row.Contains("[ y ", StringComparison.Ordinal)
                    && x >= row.IndexOf("[ y ", StringComparison.Ordinal)
                    && x < row.LastIndexOf(']') + 1)
                    continue;
                Assert.Same(asked.Model.Top, asked.Hear(new Msg.Pointed(x, y, MouseAct.Press)).Model.Top);
            }
    }

    [Fact]
    public void A_button_waits_for_the_word_that_must_be_typed()
    {
        var asked = Play.At(DesktopMachine.ConsoleAtStake).Type("vS\n\n");
        Assert.Empty(asked.Point("( y Go ahead )").Effects);
        Assert.Contains("Type", asked.Point("( y Go ahead )").Notice, StringComparison.Ordinal);
        var typed = asked.Type("01:00");
        Assert.IsType<Effect.BeginRun>(Assert.Single(typed.Point("[ y Go ahead ]").Effects));
        Assert.Empty(typed.Point("[ n Cancel ]").Effects);
    }

    [Fact]
    public void While_a_filter_is_typed_nothing_of_the_mouse_gets_into_it()
    {
        var typing = s_idle.Type("a/nv");
        foreach (var words in (string[])["4 Who holds", "5 Desktop", "wireplumber", "nvidia_modeset  1 reference"])
            Assert.Equal("nv", Assert.IsType<OverviewScreen>(typing.Point(words).Model.Top).Typing?.Text);
    }

    /// <summary>Whatever is pressed on, wherever: no exception, and nothing begun but by a button that says so.</summary>
    [Fact]
    public void Nothing_throws()
    {
        var random = new Random(5);
        var play = s_idle;
        for (var i = 0; i < 4000; i++)
        {
            var before = play;
            play = play.Hear(random.Next(12) switch
            {
                0 => new Msg.Resized(random.Next(30, 200), random.Next(8, 60)),
                1 => new Msg.KeyPressed(Key.Escape),
                _ => new Msg.Pointed(
                    random.Next(-2, play.Model.Width + 2),
                    random.Next(-2, play.Model.Height + 2),
                    (MouseAct)random.Next(3),
                    random.Next(3) == 0),
            });
            Assert.True(play.Effects.OfType<Effect.BeginRun>().All(_ => before.Model.Top is WizardScreen { Step: WizardStep.Confirm }));
        }
    }
}

using GpuTty.Terminal;
using GpuTty.Tui;
using GpuTty.Tui.Screens;

namespace GpuTty.Tests.Tui;

/// <summary>The help leads to what was meant: Enter does the nearest line.</summary>
public sealed class HelpTests
{
    private static readonly Play Idle = Play.At(DesktopMachine.Idle);

    [Theory]
    [InlineData("log", typeof(LogScreen))]
    [InlineData("L", typeof(LogScreen))]
    [InlineData("keep", typeof(WizardScreen))]
    [InlineData("details", typeof(DetailScreen))]
    [InlineData("to the VM", typeof(WizardScreen))]
    [InlineData("full screen", typeof(LogScreen))]
    public void The_nearest_line_comes_first(string typed, Type leadsTo) => Assert.IsType(leadsTo, Idle.Type($"?{typed}\n").Model.Top);

    [Fact]
    public void A_letter_finds_its_own_key_before_all_words() => Assert.Equal([new Effect.WriteReport()], Idle.Type("?w\n").Effects);

    [Fact]
    public void More_letters_begin_at_the_nearest_line_again() =>
        Assert.IsType<LogScreen>(Idle.Type("?").Press(Key.Down, Key.Down, Key.Down).Type("log\n").Model.Top);

    [Fact]
    public void The_keys_of_every_screen_are_done_as_well()
    {
        Assert.Equal([new Effect.Repaint()], Idle.Type("?paint\n").Effects);
        Assert.IsType<OverviewScreen>(Idle.Type("?paint\n").Model.Top);
        Assert.Equal([new Effect.Quit()], Idle.Type("?ctrl+c\n").Effects);
        Assert.IsType<OverviewScreen>(Idle.Type("v?ctrl+c\n").Model.Top);
    }
}

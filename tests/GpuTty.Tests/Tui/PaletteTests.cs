using GpuTty.Terminal;
using GpuTty.Tui;
using GpuTty.Tui.Screens;

namespace GpuTty.Tests.Tui;

/// <summary>Who does not know a key finds it by what it does.</summary>
public sealed class PaletteTests
{
    private static readonly Play s_idle = Play.At(DesktopMachine.Idle, 120, 60);

    [Fact]
    public void Every_key_is_there_with_what_it_does_or_why_it_does_not()
    {
        var text = s_idle.Type(":").Text();
        foreach (var binding in s_idle.Model.Top.Keys(s_idle.Model))
        {
            Assert.Contains(binding.Names, text, StringComparison.Ordinal);
            if (binding.Reason(s_idle.Model) is { } reason)
                Assert.Contains($"not now: {reason[..Math.Min(30, reason.Length)]}", text, StringComparison.Ordinal);
        }
        Assert.Equal(text, s_idle.Press(Key.Ctrl('p')).Text());
    }

    [Theory]
    [InlineData("vfio", typeof(WizardScreen))]
    [InlineData("log on the full", typeof(LogScreen))]
    [InlineData("help", typeof(HelpScreen))]
    public void What_is_found_is_done(string words, Type screen) => Assert.IsAssignableFrom(screen, s_idle.Type($":{words}\n").Model.Top);

    /// <summary>The same is called otherwise while a switch runs, after it and where it was interrupted.</summary>
    [Theory]
    [InlineData("undo")]
    [InlineData("roll back")]
    public void The_way_back_is_found_by_either_of_its_names(string words)
    {
        var begun = s_idle.Type("vS\n\ny");
        var ended = begun.Report(Runs.Switched).Hear(new Msg.HostRead(DesktopMachine.WithVm));
        var interrupted = Play.AfterCrash(DesktopMachine.Halfway, Runs.Until(Runs.Of<GpuTty.Steps.BindDevice>()));
        Assert.IsAssignableFrom<WizardScreen>(ended.Type($":{words}\n").Model.Top);
        Assert.IsAssignableFrom<WizardScreen>(ended.Type($"\n:{words}\n").Model.Top);
        Assert.IsAssignableFrom<WizardScreen>(interrupted.Type($":{words}\n").Model.Top);
        Assert.IsType<RecoveryScreen>(interrupted.Type($"\n:{words}\n").Model.Top);
        Assert.IsType<QuestionScreen>(begun.Report(Runs.Until(3)).Type($":{words}\n").Model.Top);
        Assert.Contains("u", s_idle.Type($"?/{words}").Text().Split('\n').First(line => line.Contains("> u", StringComparison.Ordinal)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Reset_and_firmware_are_in_the_bar_the_help_and_the_palette_of_the_plan()
    {
        var plan = Play.At(DesktopMachine.Idle with { }, 160, 50).Type("vS\n");
        var able = plan with
        {
            Model = plan.Model with { Configured = GpuTty.Planning.Plans.ConfiguredSwitch.None with { NewFiles = "/root" } },
        };
        Assert.Contains("Z reset", able.Text().Split('\n')[^2], StringComparison.Ordinal);
        Assert.Contains("I save firmware", able.Text().Split('\n')[^2], StringComparison.Ordinal);
        Assert.Contains("Have the card reset once vfio-pci has it", able.Type("?").Text(), StringComparison.Ordinal);
        Assert.Contains("Reset: flr", able.Type(":flr\n").Notice, StringComparison.Ordinal);
        Assert.Contains("Firmware: will be saved", able.Type(":vbios\n").Notice, StringComparison.Ordinal);
        // On the way home there is nothing to reset.
        Assert.DoesNotContain("Z reset", Play.At(DesktopMachine.WithVm, 160, 50).Type("hm\n").Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_possible_says_why_and_leads_nowhere()
    {
        var pressed = s_idle.Type(":host driver\n");
        Assert.Contains("is on its host driver already", pressed.Notice, StringComparison.Ordinal);
        Assert.IsType<PaletteScreen>(pressed.Model.Top);
        Assert.Empty(pressed.Effects);
    }

    /// <summary>On every screen but those where letters are typed and questions are asked, and the help of them.</summary>
    [Fact]
    public void It_is_there_wherever_nothing_is_typed_or_asked()
    {
        foreach (var keys in (string[])["", "\n", "L", "v", "v\ns\n", "v\ns\n\n", "/", "a/nv", "?"])
        {
            var play = s_idle.Type(keys);
            var isOffered = !play.Model.Top.TakesText && play.Model.Top is not HelpScreen;
            Assert.Equal(isOffered, play.Press(Key.Ctrl('p')).Model.Top is PaletteScreen);
            Assert.Equal(isOffered, play.Type(":").Model.Top is PaletteScreen);
        }
    }

    [Fact]
    public void It_begins_nothing_that_its_key_would_not_ask_about()
    {
        var count = s_idle.Model.Top.Keys(s_idle.Model).Length + GlobalKeys.Keys.Length;
        for (var line = 0; line < count; line++)
        {
            var done = s_idle.Type(":").Press([.. Enumerable.Repeat(Key.Down, line), Key.Enter]);
            Assert.DoesNotContain(done.Effects, effect => effect is Effect.BeginRun or Effect.TakeBack);
        }
    }

    [Fact]
    public void Esc_leads_back_and_words_that_match_nothing_do_nothing()
    {
        Assert.Same(s_idle.Model.Top, s_idle.Type(":abc\e").Model.Top);
        Assert.Empty(s_idle.Type(":no such words\n").Effects);
        Assert.Contains("nothing matches", s_idle.Type(":no such words").Text(), StringComparison.Ordinal);
    }
}

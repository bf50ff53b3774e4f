using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tui;
using GpuTty.Tui.Screens;

namespace GpuTty.Tests.Tui;

/// <summary>Who does not know a key finds it by what it does.</summary>
public sealed class PaletteTests
{
    private static readonly Play s_idle = Play.At(DesktopMachine.Idle, 120, 60);
    private static readonly Play s_begun = s_idle.Type("vS\n\ny");
    private static readonly int s_unload = Runs.Of<GpuTty.Steps.UnloadModule>();

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
    public void Enter_does_nothing_before_words_are_typed_or_a_row_is_chosen()
    {
        var opened = Held(s_begun.Report(Runs.Until(s_unload))).Type(":");
        Assert.DoesNotContain(">", opened.Text(), StringComparison.Ordinal);
        var pressed = opened.Type("\n");
        Assert.Empty(pressed.Effects);
        Assert.Equal("Type words or move to a row first.", pressed.Notice);
        Assert.Single(opened.Press(Key.Down, Key.Enter).Effects.OfType<Effect.Ask>());
        Assert.IsType<LogScreen>(opened.Type("log on the full\n").Model.Top);
    }

    [Fact]
    public void What_was_read_is_done_although_a_step_begins_to_wait_and_brings_new_rows()
    {
        var running = s_begun.Report(Runs.Until(s_unload));
        var chosen = running.Type(":").Press(Key.Down);
        Assert.Contains("> t", chosen.Text(), StringComparison.Ordinal);
        var waiting = Held(chosen);
        Assert.Contains("> t", waiting.Text(), StringComparison.Ordinal);
        Assert.Matches("x +stop it", waiting.Text());
        var done = waiting.Type("\n");
        Assert.Empty(done.Effects.OfType<Effect.Ask>());
        Assert.IsType<QuestionScreen>(done.Model.Top);
    }

    [Fact]
    public void What_cannot_be_done_any_more_is_not_replaced_by_what_stands_in_its_place()
    {
        var chosen = Held(s_begun.Report(Runs.Until(s_unload))).Type(":").Press(Key.Down);
        var done = chosen.Report(new RunEvent.Done(s_unload, TimeSpan.FromSeconds(1)) { At = DesktopMachine.Idle.TakenAt }).Type("\n");
        Assert.Empty(done.Effects);
        Assert.IsType<PaletteScreen>(done.Model.Top);
    }

    private static Play Held(Play play) => play
        .Report(new RunEvent.Waiting(s_unload, "waiting for 1 reference, held by ollama (4711)") { At = DesktopMachine.Idle.TakenAt })
        .Hear(new Msg.HostRead(DesktopMachine.Busy));

    [Fact]
    public void Esc_leads_back_and_words_that_match_nothing_do_nothing()
    {
        Assert.Same(s_idle.Model.Top, s_idle.Type(":abc\e").Model.Top);
        Assert.Empty(s_idle.Type(":no such words\n").Effects);
        Assert.Contains("nothing matches", s_idle.Type(":no such words").Text(), StringComparison.Ordinal);
    }
}

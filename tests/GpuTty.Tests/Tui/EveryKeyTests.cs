using GpuTty.Host;
using GpuTty.Steps;
using GpuTty.Terminal;
using GpuTty.Tui.Screens;

namespace GpuTty.Tests.Tui;

/// <summary>Every screen, every key: a disabled one tells why, and the help lists it.</summary>
public sealed class EveryKeyTests
{
    public static TheoryData<string> Ways => [.. s_places.Keys];

    private static readonly Dictionary<string, Play> s_places = new(
        from machine in new (string Name, HostSnapshot Host)[]
        {
            ("idle", DesktopMachine.Idle),
            ("busy", DesktopMachine.Busy),
            ("with a VM", DesktopMachine.WithVm),
            ("without an IOMMU", DesktopMachine.WithoutIommu),
            ("with a stray override", DesktopMachine.WithStrayOverride),
            ("halfway", DesktopMachine.Halfway),
            ("bare", new HostSnapshot { TakenAt = DesktopMachine.Idle.TakenAt }),
        }
        from keys in (string[])[
            "", "2", "2jjj", "3", "3jjjj", "4", "5", "5j", "6", "a", "\n", "i\n", "3jjjj\n", "4\n", "5\n", "5j\n", "L", "v",
            "v\e", "vS\n", "K", "3O", "?", "?/",
        ]
        select KeyValuePair.Create(
            $"{machine.Name}: {keys.Replace("\n", "Enter", StringComparison.Ordinal).Replace("\e", "Esc", StringComparison.Ordinal)}",
            Play.At(machine.Host).Type(keys)))
    {
        ["before the first look"] = Play.Blank(),
        ["doctor"] = Play.At(DesktopMachine.Idle).Type("X"),
        ["doctor has said"] = Play.At(DesktopMachine.Idle).Type("X").Hear(new GpuTty.Tui.Msg.Examined(new GpuTty.Diagnosis.DiagnosisPage(
            [], [new(GpuTty.Diagnosis.FindingGroup.Problem, "A line.", "An action.", "code", "code")], false))),
        ["the hook"] = Play.At(DesktopMachine.Idle).Type("H"),
        ["at boot"] = Play.At(DesktopMachine.Idle).Type("b"),
        ["recovery"] = Play.AfterCrash(DesktopMachine.Halfway, Runs.Until(Runs.Of<BindDevice>())),
        ["running"] = Play.At(DesktopMachine.Idle).Type("vS\n\ny").Report(Runs.Until(3)),
        ["result"] = Play.At(DesktopMachine.Idle).Type("vS\n\ny").Report(Runs.Switched),
        ["asked yes or no"] = Play.At(DesktopMachine.Idle).Type("vS\n\n"),
        ["asked to type"] = Play.At(DesktopMachine.ConsoleAtStake).Type("vS\n\n01:0"),
        ["asked to type, on a button"] = Play.At(DesktopMachine.ConsoleAtStake).Type("vS\n\n01:0\t"),
        ["asked to take back"] = Play.At(DesktopMachine.Idle).Type("vS\n\ny").Report(Runs.Until(3)).Type("t"),
        ["asked to leave"] = Play.At(DesktopMachine.Idle).Type("vS\n\ny").Report(Runs.Until(3)).Type("q"),
        ["a filter"] = Play.At(DesktopMachine.Idle).Type("a/nvi"),
        ["a filter of the log"] = Play.At(DesktopMachine.Idle).Type("L/dev"),
        ["consent"] = Consenting.Asked,
        ["interrupted, looking around"] = Play.AfterCrash(DesktopMachine.Halfway, Runs.Until(Runs.Of<BindDevice>())).Type("\n"),
        ["asked for a text console"] = TextConsoleTests.Asked,
        ["result rolled back"] = Play.At(DesktopMachine.Idle).Type("vS\n\ny").Report(Runs.TakenBack),
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_key_that_does_nothing_now_says_why(string way)
    {
        var play = s_places[way];
        // Where letters are typed they press nothing; a question that waits for a word has buttons anyway.
        if (play.Model.Top.IsTyping) return;
        foreach (var binding in play.Model.Top.Keys(play.Model))
        {
            if (binding.Reason(play.Model) is not { } reason) continue;
            var pressed = play.Press(binding.Key);
            Assert.Equal(reason, pressed.Notice);
            Assert.Empty(pressed.Effects);
            Assert.EndsWith(".", reason, StringComparison.Ordinal);
            Assert.Equal(play.Model.Screens.Length, pressed.Model.Screens.Length);
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void The_help_is_a_key_away_and_lists_every_key(string way)
    {
        var play = s_places[way];
        if (play.Model.Top is HelpScreen) return;
        var help = play.Press(Key.F(1));
        Assert.IsType<HelpScreen>(help.Model.Top);
        var text = help.Sized(110, 90).Text();
        foreach (var binding in play.Model.Top.Keys(play.Model).Where(binding => !binding.Answers(Key.F(1))))
            Assert.Contains(binding.Names, text, StringComparison.Ordinal);
        Assert.Same(play.Model.Top, help.Type("\e").Model.Top);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_question_mark_asks_for_help_unless_it_is_typed(string way)
    {
        var play = s_places[way];
        if (play.Model.Top is HelpScreen) return;
        Assert.Equal(!play.Model.Top.IsTyping, play.Type("?").Model.Top is HelpScreen);
        if (play.Model.Top.IsTyping) Assert.Contains("?", play.Type("?").Text(), StringComparison.Ordinal);
        // Reading about a question must not answer it.
        if (play.Model.Top.TakesText) Assert.Empty(play.Press(Key.F(1), Key.Enter).Effects);
    }

    /// <summary>What is told never takes the place of what can be pressed.</summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public void A_note_does_not_hide_the_keys(string way)
    {
        foreach (var (width, height) in ((int, int)[])[(100, 30), (80, 25), (40, 10)])
        {
            var play = s_places[way].Sized(width, height);
            var quiet = play with { Model = play.Model with { Notice = null } };
            var told = play with { Model = play.Model.Tell("Asked to stop ollama.service.") };
            Assert.Equal(LastLine(quiet), LastLine(told));
            if (!play.Model.Top.TakesText) Assert.Contains("Asked to stop ollama.service.", told.Words, StringComparison.Ordinal);
        }

        static string LastLine(Play play) => play.Text().Split('\n')[^2];
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void The_first_key_of_the_bottom_line_can_be_pressed(string way)
    {
        foreach (var (width, height) in ((int, int)[])[(160, 50), (80, 25), (40, 10)])
        {
            var bar = s_places[way].Sized(width, height).Text().Split('\n')[^2].Trim();
            Assert.NotEqual("", bar);
            Assert.False(bar.StartsWith('('), $"{width}x{height}: {bar}");
        }
    }

    [Theory]
    [InlineData("idle: v", "S close sessions")]
    [InlineData("busy: vSEnter", "e end programs")]
    [InlineData("idle: vSEnter", "Enter continue")]
    [InlineData("consent", "Enter keep it")]
    [InlineData("asked to type, on a button", "Tab next button")]
    public void The_bottom_line_begins_with_what_is_wanted_next(string way, string begins)
    {
        foreach (var (width, height) in ((int, int)[])[(160, 50), (80, 25), (40, 10)])
            Assert.Matches($"^(Down read on|{begins})", s_places[way].Sized(width, height).Text().Split('\n')[^2].Trim());
    }
}

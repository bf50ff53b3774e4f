using System.Text.RegularExpressions;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tui;
using GpuTty.Tui.Screens;

namespace GpuTty.Tests.Tui.Acceptance;

/// <summary>What a walk over all machines found wrong on the screens (D1 to D21), each with the keys that showed it.</summary>
public sealed class DefectsOfScreens
{
    private static readonly int s_step = Runs.Of<UnloadModule>();
    private static readonly Play s_begun = Play.At(DesktopMachine.Idle).Type("vS\n\ny");
    private static readonly Play s_running = s_begun.Report(Runs.Until(s_step));
    private static readonly Play s_held = s_running
        .Report(new RunEvent.Waiting(s_step, "waiting for 1 reference, held by ollama (4711)") { At = DesktopMachine.Idle.TakenAt })
        .Hear(new Msg.HostRead(DesktopMachine.Busy));

    [Fact]
    public async Task UxD1_the_offer_of_a_recovery_survives_other_runs()
    {
        await using var person = new Person("interrupted");
        await person.Sees("A switch was interrupted");
        await person.Types("\nK", "What will be done");
        await person.Types("\n", "Go ahead");
        await person.Types("y", "The desktop is kept off card 01:00.");
        await person.Types("\n", "a switch was interrupted");
        await person.Types("s", "roll back to the host");
    }

    [Fact]
    public void UxD2_what_may_be_refused_comes_before_what_cannot_be_taken_back_and_force_is_named()
    {
        var play = Demo.On("stubborn", 100, 60).Type("vSe\n");
        var plan = play.Text();
        Assert.True(plan.IndexOf("End python3", StringComparison.Ordinal) is > 0 and var end
            && end < plan.IndexOf("Stop gdm", StringComparison.Ordinal)
            && end < plan.IndexOf("End session", StringComparison.Ordinal));
        var steps = ((Effect.BeginRun)play.Type("\ny").Effects[0]).Plan;
        var at = steps.Steps.ToList().FindIndex(step => step is EndProcess);
        var opened = (RunEvent.Opened)Runs.Opened with { Intent = steps.Intent, Steps = steps.Steps };
        var failed = play.Type("\ny").Report(
            opened,
            new RunEvent.Begun(at, TimeSpan.FromSeconds(10)) { At = opened.At },
            new RunEvent.Failed(at, "It is still there.", "See the log, then try again.") { At = opened.At },
            new RunEvent.TakingBack("It is still there.") { At = opened.At },
            new RunEvent.Closed(Outcome.TakenBack, "Everything has been rolled back.") { At = opened.At });
        Assert.Matches(
            @"-> python3 \(\d+\) was asked to end and did not. Close it yourself, or: R, then e and E to have it killed.",
            failed.Sized(90, 60).Words);
    }

    [Fact]
    public void UxD3_the_help_executes_nothing()
    {
        foreach (var play in new[]
        {
            s_held,
            Consenting.Asked,
            Demo.On("desktop"),
            Demo.On("interrupted"),
            Demo.On("desktop").Type("vS\n\n"),
        })
            foreach (var keys in (string[])["\n", "/stop\n\n", "/vm\n\n"])
            {
                var closed = play.Press(Key.F(1)).Type(keys);
                Assert.Empty(closed.Effects);
                Assert.Same(play.Model.Top, closed.Model.Top);
            }
    }

    [Theory]
    [InlineData(60, 16)]
    [InlineData(45, 12)]
    [InlineData(40, 10)]
    public void UxD4_the_emergency_key_is_in_the_bar_at_every_size(int width, int height)
    {
        Assert.Contains("t roll back", s_held.Sized(width, height).Bar(), StringComparison.Ordinal);
        Assert.Contains("q leave", s_held.Sized(width, height).Bar(), StringComparison.Ordinal);
    }

    [Fact]
    public void UxD5_one_key_means_the_same_a_second_earlier_and_later()
    {
        Assert.Equal([new Effect.WriteReport()], s_running.Type("w").Effects);
        Assert.Equal([new Effect.WriteReport()], s_held.Type("w").Effects);
        Assert.Equal("+ does nothing here; ? lists the keys.", s_running.Type("+").Notice);
        // What ends something has a letter that does nothing elsewhere.
        foreach (var keys in (string[])["", "\n", "L", "v", "vS\n"])
            Assert.Equal("x does nothing here; ? lists the keys.", Demo.On("desktop").Type(keys).Type("x").Notice);
    }

    [Fact]
    public void UxD6_a_filter_of_the_log_ends_before_it_is_left_and_none_blanks_the_log_of_a_run()
    {
        var filtered = Demo.On("desktop").Type("L/zzz\n");
        Assert.DoesNotContain("/zzz", filtered.Type("\e").Text(), StringComparison.Ordinal);
        Assert.Contains("looked at the machine", filtered.Type("\e\e").Text(), StringComparison.Ordinal);
        var run = Play.At(DesktopMachine.Idle)
            .Type("6/zzz\n1vS\n\ny")
            .Hear(new Msg.Logged(new LogLine(DesktopMachine.Idle.TakenAt, LogLevel.Info, LogSource.Step, "Stop gdm.service")));
        Assert.Contains("step    Stop gdm.service", run.Text(), StringComparison.Ordinal);
        Assert.DoesNotContain("warnings and errors", Demo.On("desktop").Type("6l").Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void UxD7_the_result_has_the_keys_that_it_names()
    {
        var switched = s_begun.Report(Runs.Switched).Hear(new Msg.RunLeft(), new Msg.HostRead(DesktopMachine.WithVm)).Sized(120, 60);
        Assert.Contains("then h returns", switched.Text(), StringComparison.Ordinal);
        Assert.IsAssignableFrom<WizardScreen>(switched.Type("h").Model.Top);
        Assert.IsAssignableFrom<WizardScreen>(s_begun.Report(Runs.Switched).Hear(
            new Msg.RunLeft(), new Msg.HostRead(DesktopMachine.Idle)).Type("v").Model.Top);
    }

    [Theory]
    [InlineData("shared-group")]
    [InlineData("single")]
    [InlineData("no-iommu")]
    [InlineData("vm-running")]
    public void UxD8_a_sentence_that_is_cut_can_be_read_whole_with_what_to_do(string machine)
    {
        var page = Demo.On(machine, 80, 25).Type("5G\n");
        Assert.IsType<DetailScreen>(page.Model.Top);
        Assert.Contains("refused.", page.Words, StringComparison.Ordinal);
        Assert.Contains("-> ", page.Text(), StringComparison.Ordinal);
        Assert.DoesNotContain("~", page.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void UxD9_a_rule_for_a_card_in_a_virtual_machine_has_no_failed_check()
    {
        var play = Demo.On("vm-running").Type("K");
        Assert.Contains("What will be done", play.Text(), StringComparison.Ordinal);
        Assert.DoesNotContain("[!!]", play.Type("\e\e").Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UxD10_on_the_way_home_of_the_only_card_nothing_false_is_said_of_the_desktop()
    {
        // Half a minute to read the picture must be seconds here as well, however busy the machine is.
        await using var person = new Person("single", pace: 6);
        await person.Sees("looked at the machine");
        await person.Types("vo\nS\n\n", "Type 0a:00");
        await person.Types("0a:00\ny", "Can you read this?");
        await person.Types("\n", "virsh -c qemu:///system start");
        await person.Types("h", "What will be done");
        foreach (var lie in (string[])["Your desktop keeps running", "the desktop keeps running", "everything is rolled back"])
            Assert.DoesNotContain(lie, person.Screen, StringComparison.Ordinal);
        Assert.Contains("nothing is rolled back", person.Screen, StringComparison.Ordinal);
        await person.Types("q", "Result");
        await person.Types("\n5", "next switch");
        Assert.DoesNotContain("the desktop keeps running", person.Screen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kept-off")]
    [InlineData("twins")]
    public void UxD11_a_service_that_is_said_to_start_again_does(string machine)
    {
        var play = Demo.On(machine, 120, 60).Type("v");
        if (!play.Text().Contains("Who loses what?", StringComparison.Ordinal)) play = play.Type("\e");
        var plan = Assert.IsAssignableFrom<WizardScreen>(play.Model.Top);
        Assert.NotNull(plan);
        var again = Regex.IsMatch(play.Words, "started again afterwards: (?:(?!These ).)*nvidia-persistenced");
        var text = Demo.On(machine, 120, 60).Type(machine == "twins" ? "vS\n" : "v").Text();
        Assert.Equal(again, text.Contains("Start nvidia-persistenced.service", StringComparison.Ordinal));
        if (machine == "twins") Assert.Contains("Start nvidia-persistenced.service", text, StringComparison.Ordinal);
    }

    [Fact]
    public void UxD14_demo_is_on_the_page_of_the_question_at_80_columns() =>
        Assert.Contains("DEMO", Demo.On("desktop", 80, 25).Type("vS\n\n").Top(), StringComparison.Ordinal);

    [Fact]
    public void UxD15_a_remedy_names_no_key_that_is_not_there_and_each_question_stands_once()
    {
        var page = Demo.On("single", 120, 40).Type("K");
        Assert.DoesNotContain("press o", page.Words + page.Type("j").Words + page.Type("G").Words, StringComparison.Ordinal);
        var questions = page.Text()
            .Split('\n')
            .Where(line => line.Contains("[!!]", StringComparison.Ordinal))
            .Select(line => line[line.IndexOf("[!!]", StringComparison.Ordinal)..].Split("  ")[0])
            .ToList();
        Assert.NotEmpty(questions);
        Assert.Equal(questions.Distinct(), questions);
    }

    [Fact]
    public void UxD16_K_and_P_refuse_on_another_device_as_v_does()
    {
        foreach (var key in "vKP")
            Assert.Contains("is no graphics card; go to one first.", Demo.On("desktop").Type($"aG{key}").Notice, StringComparison.Ordinal);
    }

    [Fact]
    public void UxD19_j_and_k_move_everywhere()
    {
        Assert.IsType<OverviewScreen>(Demo.On("desktop").Type("5jjk").Model.Top);
        var page = Play.At(DesktopMachine.Busy).Type("v");
        var intent = ((WizardScreen)page.Model.Top).Intent;
        Assert.Equal(intent, ((WizardScreen)page.Type("jkjjk").Model.Top).Intent);
        Assert.NotEqual(page.Text(), page.Type("j").Text());
        var home = Play.At(DesktopMachine.WithVm).Type("h");
        Assert.Equal(((WizardScreen)home.Model.Top).Intent, ((WizardScreen)home.Type("jk").Model.Top).Intent);
    }

    [Fact]
    public void UxD20_in_the_help_keys_move_and_close_until_a_search_is_begun()
    {
        var help = Demo.On("desktop", 80, 25).Type("?");
        foreach (var key in "q?") Assert.IsType<OverviewScreen>(help.Type($"{key}").Model.Top);
        foreach (var keys in (string[])["j", "G", "jk", "Gg"])
            Assert.DoesNotContain($"Search: {keys}", help.Type(keys).Text(), StringComparison.Ordinal);
        Assert.NotEqual(help.Text(), help.Type("G").Text());
        Assert.Equal(help.Press(Key.End).Text(), help.Type("G").Text());
        Assert.IsType<OverviewScreen>(help.Press(Key.End, Key.Up, Key.Up, Key.Up, Key.Enter).Model.Top);
    }

    [Fact]
    public void UxD21_Ctrl_C_while_a_filter_is_typed_ends_the_filter()
    {
        foreach (var keys in (string[])["/abc", "L/abc", "?/abc"])
        {
            var play = Demo.On("desktop").Type(keys);
            var ended = play.Press(Key.Ctrl('c'));
            Assert.DoesNotContain(ended.Effects, effect => effect is Effect.Quit);
            Assert.Equal(play.Model.Screens.Length, ended.Model.Screens.Length);
            Assert.DoesNotContain("abc", ended.Text(), StringComparison.Ordinal);
        }
    }
}

using GpuTty.Host;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tui;

namespace GpuTty.Tests.Tui.Acceptance;

/// <summary>What a walk over all machines found wrong on the screens (D22 to D37), each with the keys that showed it.</summary>
public sealed class DefectsOfRuns
{
    private static readonly int s_step = Runs.Of<UnloadModule>();
    private static readonly Play s_begun = Play.At(DesktopMachine.Idle).Type("vS\n\ny");
    private static readonly Play s_running = s_begun.Report(Runs.Until(s_step));
    private static readonly Play s_held = s_running
        .Report(new RunEvent.Waiting(s_step, "waiting for 1 reference, held by ollama (4711)") { At = DesktopMachine.Idle.TakenAt })
        .Hear(new Msg.HostRead(DesktopMachine.Busy));

    [Fact]
    public void UxD22_after_a_filter_the_cursor_is_where_it_was()
    {
        var found = Demo.On("desktop", 160, 50).Type("2/samsung\n");
        var group = found.Line("> ").Split('>')[1];
        Assert.Matches("Samsung|NVMe", found.Type("\e").Line("> "));
        Assert.Matches("Samsung|NVMe", found.Press(Key.Down).Type("\e").Line("> "));
        Assert.NotEqual("", group);
    }

    [Fact]
    public void UxD23_a_notice_goes_when_its_news_has_come()
    {
        var asked = s_held.Type("x");
        Assert.Contains("Asked to stop ollama.service.", asked.Text(), StringComparison.Ordinal);
        Assert.DoesNotContain("Asked to stop", asked.Report(Runs.Switched).Text(), StringComparison.Ordinal);
        var looking = Demo.On("desktop").Type("r");
        Assert.Contains("Looking again.", looking.Text(), StringComparison.Ordinal);
        Assert.Contains(
            "Looked again at ",
            looking.Hear(new Msg.HostRead(Machines.Find("desktop")!.Machine.Snapshot())).Text(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void UxD24_times_in_sentences_are_those_of_the_clock_above_them()
    {
        var tokyo = TimeZoneInfo.CreateCustomTimeZone("t", TimeSpan.FromHours(9), "t", "t");
        var stuck = new StuckWrite(
            1, "/sys/bus/pci/drivers/nvidia/unbind", "device_lock", new DateTimeOffset(2026, 5, 4, 20, 31, 17, TimeSpan.Zero)).In(tokyo);
        var words = Play.At(DesktopMachine.Idle with { Stuck = stuck }, 120, 40).Type("LW").Words;
        Assert.Contains("since 05:31:17", words, StringComparison.Ordinal);
        Assert.DoesNotContain("UTC", words, StringComparison.Ordinal);
    }

    [Fact]
    public void UxD25_the_commands_follow_the_step_that_runs_and_can_be_scrolled()
    {
        var shown = s_running.Sized(60, 16).Type("c");
        Assert.Contains("[> ] Unload module nvidia_drm", shown.Text(), StringComparison.Ordinal);
        var scrolled = shown.Press(Key.Home);
        Assert.Contains("1 [ok] Save", scrolled.Text(), StringComparison.Ordinal);
        Assert.Contains(
            "1 [ok] Save",
            scrolled.Report(new RunEvent.Done(s_step, TimeSpan.FromSeconds(1)) { At = Runs.Opened.At }).Text(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void UxD26_while_our_own_switch_runs_the_overview_does_not_warn_of_it()
    {
        var host = DesktopMachine.WithStrayOverride;
        var away = s_running.Hear(new Msg.HostRead(host)).Type("\e").Sized(160, 50);
        foreach (var words in (string[])["at the next probe", "override says", "to the VM: the desktop"])
            Assert.DoesNotContain(words, away.Text(), StringComparison.Ordinal);
        Assert.Contains("a switch is running", away.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void UxD27_what_is_taken_back_is_counted()
    {
        var back = s_begun.Report(Runs.TakenBack[..^4]).Sized(120, 40);
        Assert.Matches(@"\d+ of \d+ steps rolled back", back.Text());
        Assert.DoesNotContain("steps done", back.Text(), StringComparison.Ordinal);
        var left = Play.AfterCrash(DesktopMachine.Halfway, Runs.TakenBack[..^4]).Sized(90, 40);
        Assert.Matches(@"\d+ of \d+ steps were done, \d+ of them were rolled back", left.Words);
    }

    [Fact]
    public void UxD28_a_wish_to_take_back_is_seen_while_it_waits()
    {
        var asked = s_running.Type("ty");
        Assert.Contains("rolled back as soon as this step ends", asked.Top(), StringComparison.Ordinal);
        Assert.DoesNotContain("keeps running without the screen", asked.Top(), StringComparison.Ordinal);
        Assert.Contains("as soon as this step ends", asked.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void UxD29_where_only_a_restart_helps_no_key_offers_anything_else()
    {
        var stuck = DesktopMachine.Halfway with
        {
            Stuck = new StuckWrite(1, "/sys/bus/pci/drivers/nvidia/unbind", null, DesktopMachine.Idle.TakenAt),
        };
        var recovery = Play.AfterCrash(stuck, Runs.Until(Runs.Of<BindDevice>())).Sized(80, 25);
        Assert.Contains("reboot needed", recovery.Top(), StringComparison.Ordinal);
        foreach (var key in "tR") Assert.Equal(Model.OnlyRestartHelps, recovery.Type($"{key}").Notice);
        foreach (var key in "vhu") Assert.Equal(Model.OnlyRestartHelps, recovery.Type("\n").Type($"{key}").Notice);
        var ended = s_begun.Report(Runs.LeftHalfway).Hear(new Msg.HostRead(stuck));
        foreach (var key in "uR") Assert.Equal(Model.OnlyRestartHelps, ended.Type($"{key}").Notice);
        Assert.Contains("reboot needed", ended.Top(), StringComparison.Ordinal);
    }

    [Fact]
    public void UxD30_no_remedy_speaks_of_a_card_that_is_not_there()
    {
        var checks = Demo.On("single", 120, 45).Type("v");
        for (var row = 0; row < 10; row++)
        {
            Assert.DoesNotContain("the other card", checks.Words, StringComparison.Ordinal);
            checks = checks.Press(Key.Down);
        }
    }

    [Fact]
    public void UxD31_the_checks_promise_no_more_than_they_have_checked()
    {
        Assert.Matches(@"No check failed; read what is marked \[! \] first\.", Demo.On("single", 120, 45).Type("vo").Words);
        Assert.Contains("The next page asks for your agreement.", Demo.On("stubborn", 120, 45).Type("v\e").Words, StringComparison.Ordinal);
    }

    [Fact]
    public void UxD32_in_the_demo_d_says_what_it_would_do_and_q_that_the_switch_ends()
    {
        var running = s_running with { Model = s_running.Model with { Demo = "desktop" } };
        Assert.Contains("the simulated switch ends with this screen", running.Type("q").Words, StringComparison.Ordinal);
        Assert.Contains("keeps running without this screen", s_running.Type("q").Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UxD33_the_log_of_a_run_begins_with_its_first_line_and_an_old_run_has_a_time()
    {
        await using var person = new Person("desktop");
        await person.Sees("looked at the machine");
        await person.Types("K\n", "Go ahead");
        await person.Types("y", "The desktop is kept off card 01:00.");
        await person.Types("L", "Hide 01:00 from the desktop");
        var now = new DateTimeOffset(2026, 5, 4, 9, 18, 0, TimeSpan.Zero);
        Assert.InRange(now - Machines.Find("interrupted")!.JournalAt(now)[0].At, TimeSpan.Zero, TimeSpan.FromMinutes(10));
    }

    [Fact]
    public async Task UxD34_what_changed_since_a_viewer_looked_is_news_at_once()
    {
        var host = new SimulatedHost(Machines.Find("desktop")!.Machine, TimeProvider.System);
        var view = new SimulatedView(host);
        await view.ReadAsync(SnapshotSections.All, null, CancellationToken.None);
        await host.EndSessionAsync("2", CancellationToken.None);
        // Somebody else has seen it already.
        await host.ReadAsync(SnapshotSections.All, null, CancellationToken.None);
        Assert.True(view.WaitForChangeAsync(TimeSpan.FromMinutes(1), CancellationToken.None).IsCompletedSuccessfully);
    }

    [Fact]
    public void UxD35_the_bar_names_the_card_that_is_meant_where_the_cursor_is_elsewhere()
    {
        Assert.Contains("v 01:00 to the VM", Demo.On("desktop", 100, 30).Type("2").Press(Key.Down).Bar(), StringComparison.Ordinal);
        Assert.Contains("v to the VM", Demo.On("desktop", 100, 30).Bar(), StringComparison.Ordinal);
    }

    [Fact]
    public void UxD37_a_question_is_not_answered_before_its_losses_were_on_the_screen()
    {
        var asked = Demo.On("stubborn", 40, 10).Type("vSe\n\n");
        Assert.Empty(asked.Type("y").Effects);
        Assert.Contains("Down", asked.Type("y").Notice, StringComparison.Ordinal);
        var read = asked.Press([.. Enumerable.Repeat(Key.Down, 40)]);
        Assert.IsType<Effect.BeginRun>(Assert.Single(read.Type("y").Effects));
        Assert.IsType<Effect.BeginRun>(Assert.Single(asked.Sized(100, 50).Type("y").Effects));
    }
}

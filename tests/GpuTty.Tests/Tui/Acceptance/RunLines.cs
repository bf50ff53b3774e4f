using GpuTty.Host.Desktop;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tui;
using GpuTty.Tui.Screens;

namespace GpuTty.Tests.Tui.Acceptance;

/// <summary>Lines R1 to R9 of the acceptance list.</summary>
public sealed class RunLines
{
    private static readonly int s_step = Runs.Of<UnloadModule>();
    private static readonly Play s_begun = Play.At(DesktopMachine.Idle).Type("vS\n\ny");
    private static readonly Play s_running = s_begun.Report(Runs.Until(s_step));
    private static readonly Play s_held = s_running
        .Report(new RunEvent.Waiting(s_step, "waiting for 1 reference, held by ollama (4711)") { At = DesktopMachine.Idle.TakenAt })
        .Hear(new Msg.HostRead(DesktopMachine.Busy));

    [Fact]
    public void UxR1_steps_have_signs_the_running_one_is_in_sight_and_the_time_runs_down()
    {
        foreach (var (width, height) in ((int, int)[])[(160, 50), (100, 30), (80, 25)])
        {
            var text = s_running.Sized(width, height).Text();
            Assert.Contains("[> ] Unload module nvidia_drm", text, StringComparison.Ordinal);
            Assert.Contains($"{s_step} of {Runs.Plan.Steps.Length} steps done", text, StringComparison.Ordinal);
            Assert.Contains("s left", text, StringComparison.Ordinal);
            Assert.Contains("since the start", text, StringComparison.Ordinal);
        }
        Assert.Contains("keeps running without the screen", s_running.Top(), StringComparison.Ordinal);
        Assert.Contains("rmmod nvidia_drm", s_running.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void UxR2_what_holds_it_up_is_named_and_may_be_stopped_waited_for_or_taken_back()
    {
        Assert.Contains("held by ollama (4711)", s_held.Words, StringComparison.Ordinal);
        Assert.Contains("x stop ollama.service", s_held.Text(), StringComparison.Ordinal);
        Assert.Contains("+ wait longer", s_held.Text(), StringComparison.Ordinal);
        Assert.Equal([new Effect.Ask(new RunRequest.Stop(s_step, new UnitName("ollama.service")))], s_held.Type("x").Effects);
        Assert.Equal([new Effect.Ask(new RunRequest.WaitOn(s_step))], s_held.Type("+").Effects);
    }

    [Fact]
    public void UxR3_taking_back_is_asked_with_what_goes_back_and_the_default_goes_on()
    {
        foreach (var asked in new[] { s_running.Type("t"), s_running.Press(Key.Ctrl('c')) })
        {
            var said = Assert.IsType<QuestionScreen>(asked.Model.Top).Question.Lines[0].Text;
            Assert.Contains(
                $"{s_step} of {Runs.Plan.Steps.Length} steps are done; rolling back undoes all but: End session 2",
                said,
                StringComparison.Ordinal);
            Assert.Empty(asked.Press(Key.Enter).Effects);
        }
        var back = s_begun.Report(Runs.TakenBack[..^4]).Sized(100, 40);
        Assert.Contains("[<-]", back.Text(), StringComparison.Ordinal);
        Assert.Contains("Now: ", back.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void UxR4_q_asks_whether_to_leave_and_a_new_start_shows_the_run()
    {
        var asked = s_running.Type("q");
        Assert.Contains("Leave it running?", asked.Text(), StringComparison.Ordinal);
        Assert.Contains("Start gputty again", asked.Words, StringComparison.Ordinal);
        Assert.Equal([new Effect.Quit()], asked.Type("y").Effects);
        Assert.Empty(asked.Type("n").Effects);
    }

    [Fact]
    public void UxR5_the_overview_is_there_meanwhile_and_s_comes_back()
    {
        var away = s_running.Type("\e").Sized(80, 25);
        Assert.StartsWith("s show the running switch", away.Bar(), StringComparison.Ordinal);
        foreach (var key in "vhKPOu") Assert.Equal("A switch is running; s shows it.", away.Type($"{(key == 'O' ? "3" : "")}{key}").Notice);
        Assert.IsType<RunningScreen>(away.Type("s").Model.Top);
    }

    [Fact]
    public void UxR6_the_log_comes_back_to_the_run_and_the_end_is_announced_everywhere()
    {
        Assert.IsType<RunningScreen>(s_running.Type("L\e").Model.Top);
        foreach (var keys in (string[])["L", "?", "\e", "\e\n", "\e2"])
            Assert.StartsWith("Card 01:00 is on vfio-pci", s_running.Type(keys).Report(Runs.Switched[^1]).Notice, StringComparison.Ordinal);
    }

    [Fact]
    public void UxR7_whether_it_can_be_read_comes_before_everything_and_Enter_keeps()
    {
        Assert.Contains("Can you read this?", Consenting.Asked.Text(), StringComparison.Ordinal);
        Assert.Contains(new Effect.ForgetTyped(), Consenting.Asked.Effects);
        foreach (var keys in (string[])["?", "L", "\e", "\e\n", "t", "q"])
        {
            var again = Consenting.Asked
                .Type(keys)
                .Report(new RunEvent.Begun(Consenting.Step, TimeSpan.FromMinutes(1)) { At = Runs.Opened.At });
            Assert.Contains("Can you read this?", again.Text(), StringComparison.Ordinal);
            Assert.Equal([new Effect.Ask(new RunRequest.Keep(Consenting.Step))], again.Press(Key.Enter).Effects);
        }
    }

    [Fact]
    public void UxR8_inserted_steps_stand_in_the_list()
    {
        var more = s_running
            .Report(
                new RunEvent.Inserted(s_step, new StopUnit(new UnitName("ollama.service"), "you asked for it"))
                {
                    At = DesktopMachine.Idle.TakenAt,
                },
                new RunEvent.Begun(s_step, TimeSpan.FromSeconds(90)) { At = DesktopMachine.Idle.TakenAt })
            .Sized(160, 50);
        Assert.Contains("[> ] Stop ollama.service (you asked for it)", more.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UxR9_a_stuck_write_brings_the_desktop_back_and_says_that_only_a_restart_helps()
    {
        await using var person = new Person("stuck", pace: 60);
        await person.Sees("looked at the machine");
        await person.Types("vS\n\n", "Go ahead");
        await person.Types("y", "[ok]");
        await person.Sees("Only a reboot", "reboot needed");
        await person.Types("G", "gdm.service: active");
    }
}

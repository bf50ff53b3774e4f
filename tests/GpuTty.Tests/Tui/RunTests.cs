using GpuTty.Host.Desktop;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tui;
using GpuTty.Tui.Screens;

namespace GpuTty.Tests.Tui;

public sealed class RunTests
{
    private static readonly Play s_begun = Play.At(DesktopMachine.Idle).Type("vS\n\ny");
    private static readonly Play s_unloading = s_begun.Report(Runs.Until(Runs.Of<UnloadModule>()));

    [Fact]
    public void Steps_are_ticked_as_the_worker_reports_them()
    {
        var text = s_unloading.Text();
        Assert.Contains("[ok] Stop gdm.service", text, StringComparison.Ordinal);
        Assert.Contains("[> ] Unload module nvidia_drm", text, StringComparison.Ordinal);
        Assert.Contains("[  ] Unload module nvidia_modeset", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_limit_runs_down()
    {
        var begun = s_unloading.Model.Run!.Steps[Runs.Of<UnloadModule>()].BegunAt!.Value;
        Assert.Contains("6 s, 9 s left", s_unloading.Hear(new Msg.Tick(begun.AddSeconds(6))).Text(), StringComparison.Ordinal);
        Assert.Contains("16 s, 0 s left", s_unloading.Hear(new Msg.Tick(begun.AddSeconds(16))).Text(), StringComparison.Ordinal);
    }

    /// <summary>The first of the worst lines stays in view; what follows from it is in the log.</summary>
    [Fact]
    public void What_the_kernel_says_of_itself_is_on_the_screen()
    {
        Assert.DoesNotContain(
            "The kernel says", Says(LogLevel.Info, "nvidia-modeset: Unloading", s_unloading).Text(), StringComparison.Ordinal);
        var complained = Says(LogLevel.Warning, "NVRM: Attempting to remove device", s_unloading);
        Assert.Contains("The kernel says: NVRM: Attempting", complained.Text(), StringComparison.Ordinal);
        var died = Says(LogLevel.Error, "Oops: 0000 [#1] SMP", Says(LogLevel.Error, "BUG: kernel NULL pointer dereference", complained));
        Assert.Contains("The kernel says: BUG: kernel NULL pointer", died.Text(), StringComparison.Ordinal);
        Assert.DoesNotContain("The kernel says", died.Report(Runs.Until(1)).Text(), StringComparison.Ordinal);

        static Play Says(LogLevel level, string text, Play play) =>
            play.Hear(new Msg.Logged(new LogLine(DesktopMachine.Idle.TakenAt, level, LogSource.Kernel, text)
            {
                Event = level switch
                {
                    LogLevel.Error => KernelEvent.Crash,
                    LogLevel.Warning => KernelEvent.Trouble,
                    _ => KernelEvent.None,
                },
            }));
    }

    [Fact]
    public void Taking_back_is_asked_first_and_only_once()
    {
        var asked = s_unloading.Type("t");
        Assert.Equal([new Effect.ForgetTyped()], asked.Effects);
        Assert.Empty(asked.Press(Key.Enter).Effects);
        var taken = asked.Type("y");
        Assert.Equal([new Effect.TakeBack()], taken.Effects);
        Assert.Equal("It is being rolled back already.", taken.Type("t").Notice);
    }

    [Fact]
    public void Who_may_have_lost_the_screen_is_asked_whether_it_can_be_read_and_keys_typed_before_do_not_answer()
    {
        var (step, asked) = (Consenting.Step, Consenting.Asked);
        Assert.Equal([new Effect.Repaint(), new Effect.ForgetTyped()], asked.Effects);
        Assert.Contains("Can you read this?", asked.Text(), StringComparison.Ordinal);
        Assert.Contains("60 s left", asked.Text(), StringComparison.Ordinal);
        Assert.Equal([new Effect.Ask(new RunRequest.Keep(step))], asked.Press(Key.Enter).Effects);
        Assert.Equal([new Effect.TakeBack()], asked.Type("ty").Effects);
        Assert.DoesNotContain(
            "Can you read",
            asked.Report(new RunEvent.Done(step, TimeSpan.FromSeconds(2)) { At = Runs.Opened.At }).Text(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void While_it_is_asked_whether_this_can_be_read_nothing_else_is_shown()
    {
        var asked = Consenting.Asked;
        var commands = asked with
        {
            Model = asked.Model.Replace((RunningScreen)asked.Model.Top with { ShowsCommands = true }),
        };
        foreach (var shown in (Play[])[commands, commands.Press(Key.PageDown), asked.Type("c")])
        {
            var text = shown.Hear(new Msg.Tick(shown.Model.Now)).Sized(200, 50).Text();
            Assert.Contains("Can you read this?", text, StringComparison.Ordinal);
            Assert.DoesNotContain("What is done", text, StringComparison.Ordinal);
            Assert.DoesNotContain("hide commands", text, StringComparison.Ordinal);
            Assert.Equal("First say whether you can read this: Enter keeps the switch.", shown.Type("c").Notice);
        }
    }

    [Fact]
    public void A_service_that_holds_the_card_up_can_be_stopped_and_the_wait_made_longer()
    {
        var step = Runs.Of<UnloadModule>();
        Assert.Equal([new Effect.WriteReport()], s_unloading.Type("w").Effects);
        var held = s_unloading
            .Report(new RunEvent.Waiting(step, "waiting for 1 reference, held by ollama (4711)") { At = DesktopMachine.Idle.TakenAt })
            .Hear(new Msg.HostRead(DesktopMachine.Busy));
        Assert.Contains("x stop ollama.service", held.Text(), StringComparison.Ordinal);
        Assert.Equal([new Effect.Ask(new RunRequest.Stop(step, new UnitName("ollama.service")))], held.Type("x").Effects);
        Assert.Equal([new Effect.Ask(new RunRequest.WaitOn(step))], held.Type("+").Effects);
    }

    /// <summary>A rule alone lets everybody who has the card keep it.</summary>
    [Fact]
    public void Nobody_is_offered_to_be_stopped_while_something_else_is_waited_for()
    {
        var plan = ((PlanResult.Ready)SwitchPlanner.Plan(
            DesktopMachine.Busy, new SwitchIntent(DesktopMachine.Big, Direction.HideFromSeat, EndSessions: true))).Plan;
        var step = plan.Steps.ToList().FindIndex(step => step is AwaitDesktop);
        var waiting = s_begun
            .Report(
                (RunEvent.Opened)Runs.Opened with { Intent = plan.Intent, Steps = plan.Steps },
                new RunEvent.Begun(step, TimeSpan.FromSeconds(90)) { At = Runs.Opened.At },
                new RunEvent.Waiting(step, "no login screen and no session yet") { At = Runs.Opened.At })
            .Hear(new Msg.HostRead(DesktopMachine.Busy));
        Assert.Contains("no login screen", waiting.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("x stop", waiting.Words, StringComparison.Ordinal);
        Assert.Equal([new Effect.Ask(new RunRequest.WaitOn(step))], waiting.Type("+").Effects);
    }

    [Fact]
    public void A_step_that_was_asked_for_on_the_way_stands_among_the_others()
    {
        var step = Runs.Of<UnloadModule>();
        var more = s_unloading.Report(
            new RunEvent.Inserted(step, new StopUnit(new UnitName("ollama.service"), "you asked for it"))
            {
                At = DesktopMachine.Idle.TakenAt,
            },
            new RunEvent.Begun(step, TimeSpan.FromSeconds(90)) { At = DesktopMachine.Idle.TakenAt });
        Assert.Contains("[> ] Stop ollama.service", more.Text(), StringComparison.Ordinal);
        Assert.Equal(Runs.Plan.Steps.Length + 1, more.Model.Run!.Steps.Length);
    }

    [Fact]
    public void Ctrl_c_asks_to_take_back_and_does_not_quit() =>
        Assert.Equal([new Effect.TakeBack()], s_unloading.Press(Key.Ctrl('c')).Type("y").Effects);

    [Fact]
    public void Nothing_can_be_taken_back_before_the_worker_begins() =>
        Assert.Equal("The worker has not begun yet.", s_begun.Type("t").Notice);

    [Fact]
    public void Q_asks_and_leaves_the_switch_running()
    {
        var asked = s_unloading.Type("q");
        Assert.DoesNotContain(asked.Effects, effect => effect is Effect.Quit);
        Assert.Empty(asked.Press(Key.Enter).Effects);
        Assert.Equal([new Effect.Quit()], asked.Type("y").Effects);
    }

    [Fact]
    public void The_overview_is_a_key_away_and_s_comes_back()
    {
        var away = s_unloading.Type("\e");
        Assert.IsType<OverviewScreen>(away.Model.Top);
        Assert.Contains("a switch is running", away.Text(), StringComparison.Ordinal);
        Assert.Equal("A switch is running; s shows it.", away.Type("v").Notice);
        Assert.IsType<RunningScreen>(away.Type("s").Model.Top);
        Assert.Equal([new Effect.ForgetTyped()], away.Type("q").Effects);
    }

    [Fact]
    public void The_end_shows_the_result_and_looks_at_the_machine()
    {
        var ended = s_begun.Report(Runs.Switched);
        Assert.IsType<ResultScreen>(ended.Model.Top);
        Assert.Equal([new Effect.ReadHost()], ended.Hear(new Msg.RunLeft()).Effects);
        var text = ended.Hear(new Msg.RunLeft(), new Msg.HostRead(DesktopMachine.WithVm)).Sized(120, 60).Text();
        Assert.Contains("virsh -c qemu:///system start", text, StringComparison.Ordinal);
        Assert.Contains("<address domain='0x0000' bus='0x01' slot='0x00' function='0x1'/>", text, StringComparison.Ordinal);
        Assert.Contains("01:00.0 VGA controller: vfio-pci", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_looks_elsewhere_is_told_how_it_ended_and_can_see_it()
    {
        var elsewhere = s_unloading.Type("\e").Report(Runs.Switched);
        Assert.StartsWith("Card 01:00 is on vfio-pci", elsewhere.Notice, StringComparison.Ordinal);
        Assert.IsType<ResultScreen>(elsewhere.Type("s").Model.Top);
        Assert.IsType<HelpScreen>(s_unloading.Type("?").Report(Runs.Switched).Model.Top);
        Assert.IsType<ResultScreen>(s_unloading.Type("?").Report(Runs.Switched).Type("\e").Model.Top);
    }

    [Fact]
    public void A_question_disappears_with_the_run_it_is_about() =>
        Assert.IsType<ResultScreen>(s_unloading.Type("t").Report(Runs.Switched).Model.Top);

    [Fact]
    public void A_failure_names_the_step_the_reason_and_the_remedy()
    {
        var text = s_begun.Report(Runs.TakenBack).Sized(90, 60).Words;
        Assert.Contains($"step {Runs.Of<UnloadModule>() + 1}: Unload module nvidia_drm", text, StringComparison.Ordinal);
        Assert.Contains("held by ollama (4711)", text, StringComparison.Ordinal);
        Assert.Contains("-> End ollama (4711), then R.", text, StringComparison.Ordinal);
        Assert.Contains("Everything has been rolled back", text, StringComparison.Ordinal);
    }

    /// <summary>The journal's last sentence names them for who reads it alone; here each stands with its reason.</summary>
    [Fact]
    public void What_could_not_be_rolled_back_is_listed_once()
    {
        var text = s_begun.Report(Runs.LeftHalfway).Sized(90, 60).Words;
        Assert.Contains("Not everything could be rolled back.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("This could not be rolled back:", text, StringComparison.Ordinal);
        Assert.Contains("Not rolled back: Save the card's current state", text, StringComparison.Ordinal);
    }

    [Fact]
    public void After_the_end_no_step_is_shown_as_if_it_ran()
    {
        var closed = new RunEvent.Closed(Outcome.LeftHalfway, "It did not happen.") { At = Runs.Opened.At };
        var ended = s_begun.Report([.. Runs.TakenBack[..^2], closed]).Sized(120, 40);
        Assert.Contains("[ok] Save the card's current state", ended.Text(), StringComparison.Ordinal);
        Assert.DoesNotContain("[> ]", ended.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void That_only_a_reboot_helps_is_said_once()
    {
        var (step, remedy) = (Runs.Of<UnloadModule>(), "Save your work and reboot; nothing else can end this wait.");
        var stuck = DesktopMachine.Idle with { Stuck = new(4711, "/sys/x", "device_lock", DesktopMachine.Idle.TakenAt) };
        var left = Runs.Plan.Steps[0].Undo()!.Describe();
        var text = s_begun.Report(
        [
            .. Runs.Until(step),
            new RunEvent.Failed(step, "The kernel has not finished the write.", remedy) { At = Runs.Opened.At },
            new RunEvent.TakingBack("The kernel has not finished the write.") { At = Runs.Opened.At },
            new RunEvent.NotTakenBack(0, $"{StepProgress.NotTried} nothing may be written any more.", remedy) { At = Runs.Opened.At },
            new RunEvent.Closed(
                Outcome.LeftHalfway, $"The kernel has not finished the write. {RunState.NotRolledBack} {left}. {remedy}")
            {
                At = Runs.Opened.At,
            },
        ]).Hear(new Msg.RunLeft(), new Msg.HostRead(stuck)).Sized(120, 60).Words;
        Assert.Contains("Only a reboot helps", text, StringComparison.Ordinal);
        Assert.DoesNotContain(remedy, text, StringComparison.Ordinal);
        Assert.DoesNotContain(left, text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failed_switch_can_be_tried_again()
    {
        var again = s_begun.Report(Runs.TakenBack).Type("R");
        Assert.IsAssignableFrom<WizardScreen>(again.Model.Top);
        Assert.Equal([new Effect.ReadHost()], again.Effects);
    }

    [Fact]
    public void A_good_switch_can_be_undone_and_one_taken_back_need_not_be()
    {
        var ended = s_begun.Report(Runs.Switched).Hear(new Msg.HostRead(DesktopMachine.WithVm));
        Assert.IsAssignableFrom<WizardScreen>(ended.Type("u").Model.Top);
        Assert.Equal("The card is where it came from; there is nothing to undo.", s_begun.Report(Runs.TakenBack).Type("u").Notice);
    }

    [Fact]
    public void A_refusal_of_the_desk_is_shown_with_its_remedy()
    {
        var refused = s_begun.Hear(new Msg.RunRefused("Another switch is running.", "Wait until it has ended."));
        Assert.Contains("Another switch is running.", refused.Text(), StringComparison.Ordinal);
        Assert.Contains("-> Wait until it has ended.", refused.Text(), StringComparison.Ordinal);
        Assert.Empty(refused.Type("\n").Effects);
        Assert.IsType<OverviewScreen>(refused.Type("\n").Model.Top);
    }

    [Fact]
    public void A_refusal_is_told_to_whoever_looks_elsewhere()
    {
        var refused = s_begun.Type("\e").Hear(new Msg.RunRefused("systemd does not answer.", "See: systemctl status"));
        Assert.Equal("systemd does not answer. See: systemctl status", refused.Notice);
        Assert.DoesNotContain("a switch is running", refused.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_start_that_is_refused_leaves_the_last_switch_to_be_undone()
    {
        var ended = s_begun.Report(Runs.Switched).Hear(new Msg.RunLeft(), new Msg.HostRead(DesktopMachine.WithVm));
        var starting = ended.Type("u\ny");
        Assert.Contains("Waiting for the worker to start", starting.Text(), StringComparison.Ordinal);
        Assert.DoesNotContain("[ok]", starting.Text(), StringComparison.Ordinal);
        var refused = starting.Hear(new Msg.RunRefused("systemd does not answer.", "See: systemctl status"));
        Assert.DoesNotContain("the switch has ended", refused.Text(), StringComparison.Ordinal);
        Assert.IsAssignableFrom<WizardScreen>(refused.Type("u").Model.Top);
        Assert.Contains("Card 01:00 is on vfio-pci", refused.Type("\ns").Words, StringComparison.Ordinal);
    }

    [Fact]
    public void A_switch_that_another_console_has_begun_meanwhile_is_not_answered_by_a_yes()
    {
        var asked = Play.At(DesktopMachine.Idle).Type("vS\n\n").Report(Runs.Opened);
        var yes = asked.Type("y");
        Assert.DoesNotContain(yes.Effects, effect => effect is Effect.BeginRun);
        Assert.Equal("A switch is running already.", yes.Notice);
        var refused = asked.Hear(new Msg.RunRefused("Another switch is running.", "s shows it."));
        Assert.Contains("a switch is running", refused.Type("q").Text() + refused.Type("\e\e\e\e\e").Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void That_it_is_to_be_rolled_back_is_known_wherever_one_has_looked_meanwhile()
    {
        var back = s_unloading.Type("ty\es");
        Assert.Contains("rolled back as soon as this step ends", back.Text().Split('\n')[0], StringComparison.Ordinal);
        Assert.Equal("It is being rolled back already.", back.Type("t").Notice);
        Assert.DoesNotContain(
            "rolled back as soon",
            back.Report(Runs.TakenBack[^1]).Type("\n").Report(Runs.Until(2)).Type("s").Text(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_roll_back_that_nobody_could_be_asked_for_is_not_said_to_come()
    {
        var asked = s_unloading.Type("ty");
        var told = System.Threading.Channels.Channel.CreateUnbounded<Msg>();
        new EffectRunner(
            new RecordedHost(DesktopMachine.Idle), new RecordedSwitchService([], [], []), new TuiOptions(),
            news => told.Writer.TryWrite(news)).Perform(Assert.Single(asked.Effects));
        var refused = asked;
        while (refused.Notice.Length == 0)
            refused = refused.Hear(await told.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.DoesNotContain("rolled back as soon as this step ends", refused.Text(), StringComparison.Ordinal);
        Assert.IsType<QuestionScreen>(refused.Type("t").Model.Top);
    }

    [Fact]
    public void The_steps_to_come_are_shown_after_a_look_around_while_the_worker_starts()
    {
        var back = s_begun.Type("\es");
        Assert.Contains("card 01:00 to the VM", back.Text(), StringComparison.Ordinal);
        Assert.Contains("[  ] Stop gdm.service", back.Text(), StringComparison.Ordinal);
    }

    /// <summary>Until it has the plan it is not sure that the worker goes on without who has started it.
    /// Afterwards it does, be it that its first look never ends.</summary>
    [Fact]
    public void Q_waits_until_the_worker_has_the_plan()
    {
        var asked = s_begun.Type("q");
        Assert.Empty(asked.Effects);
        Assert.StartsWith("The worker is just starting", asked.Notice, StringComparison.Ordinal);
        Assert.IsType<QuestionScreen>(asked.Hear(new Msg.RunTaken()).Type("q").Model.Top);
        Assert.IsType<QuestionScreen>(asked.Report(Runs.Opened).Type("q").Model.Top);
    }

    [Fact]
    public void A_switch_that_was_begun_elsewhere_is_told_and_can_be_shown()
    {
        var seen = Play.At(DesktopMachine.Idle).Report(Runs.Until(2));
        Assert.Equal("A switch has begun elsewhere; s shows it.", Play.At(DesktopMachine.Idle).Report(Runs.Opened).Notice);
        Assert.Contains("a switch is running", seen.Text(), StringComparison.Ordinal);
        Assert.Contains("[ok] Save the card's current state", seen.Type("s").Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_no_session_was_closed_rolling_back_is_not_said_to_leave_one_closed()
    {
        var plan = ((PlanResult.Ready)SwitchPlanner.Plan(
            DesktopMachine.Busy with { Sessions = [DesktopMachine.Idle.Sessions[1]], DisplayManager = null },
            new SwitchIntent(DesktopMachine.Big, Direction.ToVm, EndSessions: true, EndHolders: HolderConsent.Kill))).Plan;
        var final = plan.Steps.ToList().FindIndex(step => step.IsIrreversible());
        Assert.IsNotType<EndSession>(plan.Steps[final]);
        var asked = s_begun.Report(
        [
            (RunEvent.Opened)Runs.Opened with { Intent = plan.Intent, Steps = plan.Steps },
            .. Enumerable.Range(0, final + 1).SelectMany(step => (RunEvent[])
            [
                new RunEvent.Begun(step, TimeSpan.FromSeconds(9)) { At = Runs.Opened.At },
                new RunEvent.Done(step, TimeSpan.FromSeconds(1)) { At = Runs.Opened.At },
            ]),
        ]).Type("t");
        var said = string.Join(' ', Assert.IsType<QuestionScreen>(asked.Model.Top).Question.Lines.Select(line => line.Text));
        Assert.Contains($"rolling back undoes all but: {plan.Steps[final].Describe()}", said, StringComparison.Ordinal);
        Assert.DoesNotContain("session", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_worker_that_is_gone_without_a_word_leads_to_recovery() =>
        Assert.IsType<RecoveryScreen>(s_unloading.Hear(new Msg.RunLeft()).Model.Top);

    [Fact]
    public void The_first_screen_after_a_killed_worker_is_recovery_with_two_ways_out()
    {
        var start = Play.AfterCrash(DesktopMachine.Halfway, Runs.Until(Runs.Of<BindDevice>()));
        Assert.IsType<RecoveryScreen>(start.Model.Top);
        Assert.Equal(Direction.ToHost, Assert.IsAssignableFrom<WizardScreen>(start.Type("t").Model.Top).Intent.Direction);
        Assert.Equal(Direction.ToVm, Assert.IsAssignableFrom<WizardScreen>(start.Type("R").Model.Top).Intent.Direction);
        Assert.IsType<OverviewScreen>(start.Type("\n").Model.Top);
    }

    [Fact]
    public void A_journal_of_another_boot_is_only_history() =>
        Assert.IsType<OverviewScreen>(Play.AfterCrash(DesktopMachine.Halfway with { BootId = "2" }, Runs.Until(5)).Model.Top);
}

using GpuTty.Host.Desktop;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Terminal;
using GpuTty.Tui;
using GpuTty.Tui.Screens;

namespace GpuTty.Tests.Tui;

public sealed class WizardTests
{
    private static readonly Play s_idle = Play.At(DesktopMachine.Idle);
    private static readonly Play s_asked = s_idle.Type("vS\n\n");

    [Theory]
    [InlineData("v\e")]
    [InlineData("v")]
    [InlineData("vS\n")]
    [InlineData("v\e\e")]
    public void The_exact_commands_are_a_key_away_on_every_page_and_nothing_is_agreed_to_by_looking(string keys)
    {
        var page = Play.At(DesktopMachine.Idle, 100, 60).Type(keys);
        var shown = page.Type("c");
        Assert.Contains("$ rmmod nvidia_drm", shown.Text(), StringComparison.Ordinal);
        Assert.Equal(page.Text(), shown.Type("c").Text());
        Assert.Equal(((WizardScreen)page.Model.Top).Intent, ((WizardScreen)shown.Model.Top).Intent);
    }

    /// <summary>Each is said as what it is: not every plan is about a place.</summary>
    [Fact]
    public void What_has_come_about_meanwhile_leaves_nothing_to_do()
    {
        var (idle, big) = (DesktopMachine.Idle, DesktopMachine.Idle.Find(DesktopMachine.Big)!);
        (string Keys, GpuTty.Host.HostSnapshot Before, GpuTty.Host.HostSnapshot Now, string Said)[] all =
        [
            ("K", idle, idle with { HiddenFromSeat = [SeatRule.For(big, false)] }, "The desktop is kept off 01:00 already; nothing to do."),
            ("K", idle with { HiddenFromSeat = [SeatRule.For(big, false)] }, idle, "The desktop may use 01:00 already; nothing to do."),
            ("vS\n", idle, DesktopMachine.WithVm, "Card 01:00 is already on vfio-pci, for a virtual machine; nothing to do."),
            ("3O", DesktopMachine.WithStrayOverride, idle, "01:00.0 has no driver override that differs from its driver; nothing to do."),
        ];
        foreach (var (keys, before, now, said) in all)
        {
            var over = Play.At(before).Type(keys).Hear(new Msg.HostRead(now));
            Assert.Contains(said, over.Words, StringComparison.Ordinal);
            Assert.Equal(said, over.Type("\n").Notice);
        }
    }

    [Fact]
    public void Nothing_is_begun_before_the_last_yes()
    {
        foreach (var keys in (string[])["v", "vS", "vS\n", "vS\nc", "vS\n\n", "vS\n\n\n", "vS\n\n\e", "vS\n\nc", "vS\n\nn"])
            Assert.DoesNotContain(s_idle.Type(keys).Effects, effect => effect is Effect.BeginRun);
    }

    [Fact]
    public void What_a_key_was_refused_for_is_said_no_longer_than_it_is_so()
    {
        var machine = Machines.Find("vm-running")!.Machine;
        var refused = Play.At(machine.Snapshot()).Type("h\n");
        Assert.Contains("Not possible", refused.Text(), StringComparison.Ordinal);
        Assert.Contains("Not possible", refused.Hear(new Msg.HostRead(machine.Snapshot())).Text(), StringComparison.Ordinal);
        var ended = machine with
        {
            Processes = [.. machine.Processes.Where(process => !process.Software.Name.StartsWith("qemu", StringComparison.Ordinal))],
        };
        Assert.DoesNotContain("Not possible", refused.Hear(new Msg.HostRead(ended.Snapshot())).Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Yes_begins_the_plan_that_was_shown()
    {
        var begun = s_asked.Type("y");
        var plan = Assert.IsType<Effect.BeginRun>(Assert.Single(begun.Effects)).Plan;
        Assert.True(plan.SameStepsAs(Runs.Plan));
        Assert.IsType<RunningScreen>(begun.Model.Top);
    }

    [Fact]
    public void A_hurried_enter_does_not_end_sessions()
    {
        Assert.Equal([new Effect.ForgetTyped()], s_asked.Effects);
        var answered = s_asked.Press(Key.Enter);
        Assert.Empty(answered.Effects);
        Assert.Equal(WizardStep.Plan, Step(answered));
    }

    [Fact]
    public void With_the_console_at_stake_the_slot_must_be_typed_and_not_pasted()
    {
        var question = Play.At(DesktopMachine.ConsoleAtStake).Type("vS\n\n");
        Assert.Empty(question.Type("y\n\n").Effects);
        Assert.Empty(question.Hear(new Msg.Pasted("01:00")).Type("\n\n").Effects);
        Assert.Empty(question.Type("01:01\n\n").Effects);
        Assert.IsType<Effect.BeginRun>(Assert.Single(question.Type("01:00\n\n").Effects));
    }

    [Fact]
    public void M24_the_only_card_is_given_away_by_whoever_says_so_and_types_its_slot()
    {
        var host = Machines.Find("single")!.Machine.Snapshot();
        var checks = Play.At(host with { Caller = host.Caller with { IsRoot = true, Session = null, Ancestors = [] } }).Type("v");
        Assert.Equal(WizardStep.Checks, Step(checks.Type("\n")));
        Assert.Contains("give away the only card", checks.Words, StringComparison.Ordinal);

        var question = checks.Type("o\nS\n\n");
        Assert.Contains("every screen goes dark", question.Words, StringComparison.Ordinal);
        Assert.Empty(question.Type("y\n\n").Effects);
        var plan = Assert.IsType<Effect.BeginRun>(Assert.Single(question.Type("0a:00\n\n").Effects)).Plan;
        Assert.True(plan.Intent.SingleGpu);
        Assert.Contains(plan.Steps, step => step is AwaitConsent);
    }

    [Fact]
    public void Esc_goes_back_page_by_page_and_then_out()
    {
        var play = s_asked.Type("\e");
        foreach (var step in (WizardStep[])[WizardStep.Plan, WizardStep.Holders, WizardStep.Checks, WizardStep.Card])
        {
            Assert.Equal(step, Step(play));
            play = play.Type("\e");
        }
        Assert.IsType<OverviewScreen>(play.Model.Top);
    }

    [Fact]
    public void Q_and_ctrl_c_leave_from_every_page()
    {
        foreach (var keys in (string[])["v", "v\e", "vS\n", "v\e\e"])
        {
            Assert.IsType<OverviewScreen>(s_idle.Type(keys).Type("q").Model.Top);
            Assert.IsType<OverviewScreen>(s_idle.Type(keys).Press(Key.Ctrl('c')).Model.Top);
        }
    }

    [Fact]
    public void Help_is_there_on_every_page()
    {
        foreach (var keys in (string[])["v", "v\e", "vS\n", "v\e\e"])
            Assert.IsType<HelpScreen>(s_idle.Type(keys).Type("?").Model.Top);
    }

    [Fact]
    public void A_question_is_after_the_help_as_it_was_with_what_has_been_typed()
    {
        var asked = Play.At(DesktopMachine.ConsoleAtStake).Type("vS\n\n01:0");
        var helped = asked.Press(Key.F(1)).Type("/cancel\e\e");
        Assert.Equal(asked.Text(), helped.Text());
        Assert.Contains(helped.Type("0\ny").Effects, effect => effect is Effect.BeginRun);
        Assert.Equal("Type 01:00 first.", HelpScreenLine(asked, "Go ahead"));
    }

    private static string HelpScreenLine(Play asked, string label) =>
        asked.Model.Top.Keys(asked.Model).Single(binding => binding.Label == label).Reason(asked.Model) ?? "";

    [Fact]
    public void Sessions_are_not_closed_without_a_yes()
    {
        var page = s_idle.Type("v\n");
        Assert.Equal(WizardStep.Holders, Step(page));
        Assert.Equal("Save your work, then press S to agree that the sessions are closed.", page.Notice);
        Assert.Equal(WizardStep.Plan, Step(page.Type("S\n")));
        Assert.Equal(WizardStep.Holders, Step(page.Type("SS\n")));
    }

    [Fact]
    public void Other_programs_are_not_ended_without_a_yes_and_not_killed_without_a_second()
    {
        var page = Play.At(DesktopMachine.Busy).Type("vS");
        Assert.Contains("press e to agree", page.Type("\n").Notice, StringComparison.Ordinal);
        Assert.Equal(HolderConsent.Terminate, Wizard(page.Type("e")).Intent.EndHolders);
        Assert.Equal(HolderConsent.Kill, Wizard(page.Type("eE")).Intent.EndHolders);
        Assert.Equal(HolderConsent.Never, Wizard(page.Type("ee")).Intent.EndHolders);
        Assert.Equal(HolderConsent.Never, Wizard(page.Type("E")).Intent.EndHolders);
        Assert.Contains("ollama.service", page.Type("e\n").Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_space_bar_turns_the_selected_consent()
    {
        var page = Play.At(DesktopMachine.Busy).Type("v");
        Assert.True(Wizard(page.Type(" ")).Intent.EndSessions);
        Assert.Equal(HolderConsent.Terminate, Wizard(page.Press(Key.Down).Type(" ")).Intent.EndHolders);
    }

    [Fact]
    public void Consents_that_nobody_asks_for_say_so()
    {
        var page = Play.At(DesktopMachine.Free).Type("v\e");
        Assert.Equal("No session has to be closed.", page.Type("S").Notice);
        Assert.Equal("No other program has to be ended.", page.Type("e").Notice);
    }

    [Fact]
    public void The_keep_off_rule_can_come_along()
    {
        var page = s_idle.Type("vSK\n");
        Assert.Equal(DesktopAccess.HiddenFromSeat, Wizard(page).Intent.Desktop);
        Assert.Contains("Hide 01:00 from the desktop", page.Sized(120, 60).Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void It_can_be_kept_off_until_the_next_restart_or_for_good_or_not()
    {
        var page = s_idle.Type("vS");
        Assert.Equal([DesktopAccess.HiddenFromSeat, DesktopAccess.HiddenPermanently, DesktopAccess.Unchanged],
            ((string[])["K", "Kp", "KpK"]).Select(keys => Wizard(page.Type(keys)).Intent.Desktop));
    }

    [Fact]
    public void On_the_way_home_the_user_is_asked_what_the_card_is_for()
    {
        var page = Play.At(DesktopMachine.WithVm).Type("h");
        Assert.Contains("What is the card for", page.Text(), StringComparison.Ordinal);
        Assert.Equal("Choose what the card is for: K compute, m monitors.", page.Type("\n").Notice);
        Assert.Equal(WizardStep.Plan, Step(page.Type("K\n")));
        Assert.Contains("Your desktop keeps running", page.Type("K\n").Text(), StringComparison.Ordinal);
        Assert.Equal(WizardStep.Plan, Step(page.Type("m\n")));
        Assert.DoesNotContain("Your desktop keeps running", page.Type("m\n").Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_is_asked_twice_in_a_boot()
    {
        var card = DesktopMachine.WithVm.Find(DesktopMachine.Big)!;
        var answered = DesktopMachine.WithVm with
        {
            Memory = DesktopMachine.WithVm.Memory with { Uses = [new CardAccess(card.Address, card.Id, DesktopAccess.Allowed)] },
        };
        Assert.DoesNotContain("What is the card for", Play.At(answered).Type("h").Text(), StringComparison.Ordinal);
        Assert.Equal(WizardStep.Plan, Step(Play.At(answered).Type("h")));
        var kept = DesktopMachine.WithVm with { HiddenFromSeat = [SeatRule.For(card, isPermanent: false)] };
        Assert.Equal(WizardStep.Plan, Step(Play.At(kept).Type("h")));
    }

    [Fact]
    public void A_check_that_fails_stops_here_and_tells_the_remedy()
    {
        var page = Play.At(DesktopMachine.WithoutIommu).Type("v\n");
        Assert.Equal(WizardStep.Checks, Step(page));
        Assert.NotEqual("", page.Notice);
        Assert.Contains("Enable VT-d or AMD-Vi", page.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_is_not_root_may_look_but_not_begin()
    {
        var page = Play.At(DesktopMachine.Idle with { Caller = DesktopMachine.Idle.Caller with { IsRoot = false } }).Type("vS\n\n");
        Assert.Equal(WizardStep.Plan, Step(page));
        Assert.Equal("Only root may move a card: quit and start gputty with sudo.", page.Notice);
    }

    [Fact]
    public void The_exact_commands_are_shown_on_request()
    {
        var plan = s_idle.Sized(120, 60).Type("vS\n");
        Assert.DoesNotContain("/driver_override", plan.Text(), StringComparison.Ordinal);
        Assert.Contains(
            "$ echo vfio-pci > /sys/bus/pci/devices/0000:01:00.0/driver_override",
            plan.Type("c").Text(),
            StringComparison.Ordinal);
        Assert.DoesNotContain("/driver_override", plan.Type("cc").Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void On_a_wide_screen_the_commands_stand_beside_the_steps_and_scroll_with_them()
    {
        var plan = s_idle.Sized(160, 50).Type("vS\n");
        Assert.Contains(
            plan.Text().Split('\n'),
            line =>
                line.Contains("Unload module nvidia_drm", StringComparison.Ordinal)
                && line.Contains("$ rmmod nvidia_drm", StringComparison.Ordinal));
        Assert.Equal("They stand beside the steps.", plan.Type("c").Notice);
        var end = plan.Sized(130, 16).Type("G").Text();
        Assert.Contains("Start gdm.service", end, StringComparison.Ordinal);
        Assert.Contains("$ systemctl start gdm.service", end, StringComparison.Ordinal);
        Assert.Contains(
            "$ echo vfio-pci > /sys/bus/pci/devices/0000:01:00.0/driver_override",
            plan.Type("\n").Text(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void On_a_wide_screen_what_a_check_found_stands_beside_the_checks()
    {
        var page = Play.At(DesktopMachine.WithoutIommu, 160, 50).Type("v");
        Assert.Contains(
            page.Text().Split('\n'),
            line => line.Contains('?', StringComparison.Ordinal) && line.Contains(" failed.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_machine_that_changes_under_the_question_takes_it_back()
    {
        var changed = s_asked.Hear(new Msg.HostRead(DesktopMachine.Free));
        Assert.Equal(WizardStep.Plan, Step(changed));
        Assert.Contains("read it again", changed.Text(), StringComparison.Ordinal);
        Assert.Empty(changed.Type("y").Effects);
    }

    [Fact]
    public void A_machine_that_stays_the_same_does_not() =>
        Assert.Equal(
            WizardStep.Confirm,
            Step(s_asked.Hear(new Msg.HostRead(DesktopMachine.Idle with { TakenAt = DesktopMachine.Idle.TakenAt.AddSeconds(9) }))));

    [Fact]
    public void A_question_that_cannot_be_seen_cannot_be_answered() => Assert.Empty(s_asked.Sized(39, 9).Type("y").Effects);

    [Fact]
    public void Another_card_can_be_chosen_on_the_first_page()
    {
        var page = s_idle.Type("v\e\e").Type("g\n");
        Assert.Equal(DesktopMachine.Small, Wizard(page).Intent.Card);
        Assert.Contains("00:02", page.Text(), StringComparison.Ordinal);
    }

    private static WizardScreen Wizard(Play play) => Assert.IsAssignableFrom<WizardScreen>(play.Model.Top);
    private static WizardStep Step(Play play) => Wizard(play).Step;
}

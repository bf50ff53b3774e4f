using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Terminal;
using GpuTty.Tui;
using GpuTty.Tui.Screens;

namespace GpuTty.Tests.Tui.Acceptance;

/// <summary>Lines W1 to W14 of the acceptance list.</summary>
public sealed class WizardLines
{
    [Theory]
    [InlineData("desktop", "v", "Who loses what?")]
    [InlineData("kept-off", "v", "What will be done")]
    [InlineData("no-iommu", "v", "Can it be done?")]
    [InlineData("desktop", "K", "What will be done")]
    [InlineData("desktop", "P", "What will be done")]
    [InlineData("interrupted", "t", "What will be done")]
    [InlineData("interrupted", "R", "What will be done")]
    [InlineData("interrupted", "\nu", "What will be done")]
    public void UxW1_every_key_leads_to_the_first_page_that_has_something_to_decide_and_changes_nothing(
        string machine, string key, string page)
    {
        var play = Demo.On(machine).Type(key);
        Assert.Contains(page, play.Text(), StringComparison.Ordinal);
        Assert.Contains("has been changed yet", play.Top(), StringComparison.Ordinal);
        Assert.Empty(play.Effects);
    }

    [Fact]
    public void UxW1_a_switch_that_asks_nothing_is_two_keys_from_its_question() =>
        Assert.Contains("Move card 01:00 to the VM?", Demo.On("kept-off").Type("v\n").Text(), StringComparison.Ordinal);

    [Fact]
    public void UxW2_Esc_goes_page_by_page_q_out_at_once_and_answers_survive()
    {
        var plan = Demo.On("desktop").Type("vS\n");
        foreach (var title in (string[])["Who loses what?", "Can it be done?", "Which card?"])
        {
            plan = plan.Type("\e");
            Assert.Contains(title, plan.Text(), StringComparison.Ordinal);
            Assert.IsType<OverviewScreen>(plan.Type("q").Model.Top);
        }
        Assert.IsType<OverviewScreen>(plan.Type("\e").Model.Top);
        Assert.Contains(
            "[x]",
            Demo.On("desktop").Type("vS\n\e\e\n\e").Text() + Demo.On("desktop").Type("vS\n\e").Text(),
            StringComparison.Ordinal);
        // A card that was chosen there is the card afterwards.
        Assert.Contains("Who holds 0a:00", Demo.On("twins").Type("v\e\eg\nq").Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void UxW3_checks_have_signs_and_the_cursor_is_on_the_first_that_failed()
    {
        var checks = Demo.On("no-iommu").Type("v");
        Assert.Contains("> [!!]", checks.Text(), StringComparison.Ordinal);
        Assert.Matches(@"1 of \d+ checks failed\.", checks.Words);
        Assert.Contains("-> ", checks.Text(), StringComparison.Ordinal);
        Assert.DoesNotContain("--single-gpu", Demo.On("single").Type("v").Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void UxW4_with_a_failed_check_Enter_does_not_go_on()
    {
        var stays = Demo.On("no-iommu").Type("v\n");
        Assert.Contains("Can it be done?", stays.Text(), StringComparison.Ordinal);
        Assert.Contains("[!!]", stays.Notice, StringComparison.Ordinal);
    }

    [Fact]
    public void UxW5_consents_are_rows_and_Enter_names_the_one_that_is_missing()
    {
        var page = Demo.On("desktop", 120, 40).Type("v");
        Assert.Contains("[ ]", page.Line("close 1 session"), StringComparison.Ordinal);
        Assert.Contains("press S", page.Type("\n").Notice, StringComparison.Ordinal);
        Assert.Contains("[x]", page.Type(" ").Line("close 1 session"), StringComparison.Ordinal);
        Assert.Contains("Save your work now:", page.Text(), StringComparison.Ordinal);
        Assert.Contains("fernando", page.Line("closed, with every program in it"), StringComparison.Ordinal);
        Assert.Contains("session 2", page.Line("closed, with every program in it"), StringComparison.Ordinal);
        Assert.Contains("These end with the desktop:", page.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void UxW6_sessions_programs_and_keep_off_are_agreed_to_apart_and_force_is_a_second_act()
    {
        var page = Demo.On("stubborn", 120, 40).Type("v");
        Assert.Equal(HolderConsent.Never, Intent(page.Type("S")).EndHolders);
        Assert.False(Intent(page.Type("e")).EndSessions);
        Assert.Equal(HolderConsent.Terminate, Intent(page.Type("e")).EndHolders);
        Assert.Equal(HolderConsent.Never, Intent(page.Type("ee")).EndHolders);
        Assert.Equal(HolderConsent.Never, Intent(page.Type("E")).EndHolders);
        Assert.Equal(HolderConsent.Kill, Intent(page.Type("eE")).EndHolders);
        Assert.Contains("kill those that do not end when asked", page.Type("e").Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void UxW7_on_the_way_home_one_of_two_is_chosen_and_none_is_preset()
    {
        var page = Play.At(DesktopMachine.WithVm).Type("h");
        Assert.Contains("( )", page.Line("compute and rendering"), StringComparison.Ordinal);
        Assert.Contains("( )", page.Line("monitors plugged"), StringComparison.Ordinal);
        Assert.Contains("What is the card for", page.Type("\n").Text(), StringComparison.Ordinal);
        Assert.Contains("(x)", page.Type("m").Line("monitors plugged"), StringComparison.Ordinal);
        Assert.Contains("( )", page.Type("m").Line("compute and rendering"), StringComparison.Ordinal);
    }

    [Fact]
    public void UxW8_the_plan_begins_with_what_is_lost_and_shows_exact_commands()
    {
        var plan = Demo.On("desktop", 100, 60).Type("vS\n");
        var text = plan.Text();
        Assert.True(text.IndexOf("session 2", StringComparison.Ordinal) < text.IndexOf("  1    ", StringComparison.Ordinal));
        Assert.Contains("those marked ! cannot be undone, all others can.", plan.Words, StringComparison.Ordinal);
        Assert.Contains("max 60 s", text, StringComparison.Ordinal);
        Assert.Contains("$ rmmod nvidia_drm", plan.Type("c").Text(), StringComparison.Ordinal);
        Assert.Contains("$ rmmod nvidia_drm", plan.Sized(160, 50).Text(), StringComparison.Ordinal);
        Assert.Contains(
            "$ rmmod nvidia_drm",
            string.Concat(Enumerable.Range(
                0, 14).Select(pages => plan.Type("\nc").Press([.. Enumerable.Repeat(Key.PageDown, pages)]).Text())),
            StringComparison.Ordinal);
    }

    [Fact]
    public void UxW9_the_last_question_names_every_loss_and_what_happens_on_failure()
    {
        var asked = Demo.On("desktop", 100, 40).Type("vS\n\n");
        foreach (var words in (string[])["Move card 01:00 to the VM?", "GeForce RTX 4090", "- 1 session", "fails"])
            Assert.Contains(words, asked.Words, StringComparison.Ordinal);
        foreach (var keys in (string[])["\e", "n", "\n"])
            Assert.Contains("What will be done", asked.Type(keys).Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void UxW10_where_the_console_is_at_stake_the_address_is_typed()
    {
        var asked = Demo.On("single", 100, 40).Type("vo\nS\n\n");
        Assert.Contains("( y Go ahead )", asked.Text(), StringComparison.Ordinal);
        Assert.Equal("Type 0a:00 first.", asked.Type("\ty").Notice);
        Assert.Contains("vqy", asked.Type("vqy").Text(), StringComparison.Ordinal);
        Assert.IsType<Effect.BeginRun>(Assert.Single(asked.Type("0a:00\ny").Effects));
    }

    [Fact]
    public void UxW11_a_machine_that_changes_makes_the_plan_anew()
    {
        var changed = Play.At(DesktopMachine.Idle, 100, 40).Type("vS\n\n").Hear(new Msg.HostRead(DesktopMachine.Free));
        Assert.Contains("The machine has changed meanwhile. This is the new plan; read it again.", changed.Words, StringComparison.Ordinal);
        Assert.Empty(changed.Type("y").Effects);
    }

    [Fact]
    public void UxW12_inside_the_desktop_the_way_to_a_console_is_offered_and_keeps_the_card()
    {
        Assert.Contains("T text console", Demo.On("window", 80, 25).Bar(), StringComparison.Ordinal);
        var refused = Demo.On("window", 100, 40).Type("v");
        Assert.Matches("Ctrl[+]Alt[+]F\\d", refused.Words);
        Assert.Contains("press T", refused.Words, StringComparison.Ordinal);
        Assert.Contains("T text console", refused.Bar(), StringComparison.Ordinal);
        var effect = Assert.IsType<Effect.OpenConsole>(Assert.Single(refused.Type("Ty").Effects));
        Assert.Equal(Machines.Card, effect.Card);
    }

    [Fact]
    public void UxW13_who_is_not_root_reads_everything_and_is_refused_at_the_last_step()
    {
        var plan = Play.At(DesktopMachine.Idle with { Caller = DesktopMachine.Idle.Caller with { IsRoot = false } }, 100, 40).Type("vS\n");
        Assert.Contains("Unload module", plan.Text(), StringComparison.Ordinal);
        Assert.Equal("Only root may move a card: quit and start gputty with sudo.", plan.Type("\n").Notice);
    }

    [Theory]
    [InlineData("vm-running", "h", "win11", "virsh -c qemu:///system shutdown win11")]
    [InlineData("shared-group", "v", "Ethernet", "-> ")]
    [InlineData("no-iommu", "v", "IOMMU", "-> ")]
    [InlineData("single", "v", "only graphics card", "to give it away anyway, press o")]
    public void UxW14_what_stands_in_the_way_is_named_with_a_next_action(string machine, string key, string thing, string action)
    {
        var words = Demo.On(machine, 120, 45).Type(key).Words;
        Assert.Contains(thing, words, StringComparison.Ordinal);
        Assert.Contains(action, words, StringComparison.Ordinal);
    }

    private static SwitchIntent Intent(Play play) => Assert.IsAssignableFrom<WizardScreen>(play.Model.Top).Intent;
}

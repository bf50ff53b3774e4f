using System.Text.RegularExpressions;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tui;
using GpuTty.Tui.Screens;

namespace GpuTty.Tests.Tui.Acceptance;

/// <summary>Lines E1 to E10 of the acceptance list: results, recovery, details, log and report.</summary>
public sealed class EndLines
{
    private static readonly Play s_begun = Play.At(DesktopMachine.Idle, 120, 60).Type("vS\n\ny");
    private static readonly Play s_switched = s_begun
        .Report(Runs.Switched)
        .Hear(new Msg.RunLeft(), new Msg.HostRead(DesktopMachine.WithVm));

    [Fact]
    public void UxE1_the_result_is_one_sentence_what_the_machine_shows_and_lines_to_copy()
    {
        var text = s_switched.Text();
        foreach (var words in (string[])[
            "Card 01:00 is on vfio-pci and ready for a virtual machine (group 13).",
            "As the machine shows it",
            "01:00.0 VGA controller: vfio-pci",
            "/dev/vfio/13",
            "gdm.service: active",
            "virsh -c qemu:///system start",
        ])
            Assert.Contains(words, text, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(text, "<hostdev "));
        Assert.Contains("It took 30 seconds.", text, StringComparison.Ordinal);
        Assert.Contains("Closed: session 2", text, StringComparison.Ordinal);
    }

    [Fact]
    public void UxE2_a_failure_names_its_step_and_what_stays_and_R_plans_again()
    {
        var failed = s_begun.Report(Runs.TakenBack).Sized(90, 60);
        Assert.Contains($"step {Runs.Of<UnloadModule>() + 1}: Unload module nvidia_drm", failed.Text(), StringComparison.Ordinal);
        Assert.Contains("-> End ollama (4711), then R.", failed.Text(), StringComparison.Ordinal);
        Assert.Contains("the session that was closed stays closed", failed.Words, StringComparison.Ordinal);
        Assert.IsAssignableFrom<WizardScreen>(failed.Type("R").Model.Top);
        Assert.Contains("[<-]", failed.Type("c").Text(), StringComparison.Ordinal);
        Assert.Contains("The disk is full.", s_begun.Report(Runs.LeftHalfway).Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void UxE3_u_plans_the_way_back_and_an_undo_is_not_undone()
    {
        Assert.Contains("card 01:00 to the host", s_switched.Type("u").Top(), StringComparison.Ordinal);
        Assert.Equal("The card is where it came from; there is nothing to undo.", s_begun.Report(Runs.TakenBack).Type("u").Notice);
        Assert.Equal("There is nothing to undo.", Demo.On("desktop").Type("u").Notice);
    }

    [Fact]
    public void UxE4_s_brings_the_last_result_back() => Assert.IsType<ResultScreen>(s_switched.Type("\ns").Model.Top);

    [Fact]
    public void UxE5_recovery_comes_first_at_the_start_tells_how_far_it_came_and_survives_other_runs()
    {
        var start = Demo.On("interrupted", 100, 40);
        foreach (var words in (string[])[
            "steps were done", "it stopped at:", "The card now", "roll back to the host", "resume to the VM", "forget it", "look around",
        ])
            Assert.Contains(words, start.Words, StringComparison.Ordinal);
        Assert.Contains("Recovery", start.Press(Key.F(1)).Text(), StringComparison.Ordinal);
        Assert.IsType<RecoveryScreen>(start.Type("\ns").Model.Top);
        foreach (var key in "tR") Assert.IsAssignableFrom<WizardScreen>(start.Type($"{key}").Model.Top);
        // Esc leads back to where the plan was asked for.
        Assert.IsType<RecoveryScreen>(start.Type("tq").Model.Top);
        var other = start
            .Type("\n")
            .Report(
                (RunEvent.Opened)Runs.Opened with
                {
                    BootId = start.Model.Host!.BootId,
                    Intent = new(DesktopMachine.Big, GpuTty.Planning.Plans.Direction.HideFromSeat),
                    Steps = [],
                },
                new RunEvent.Closed(Outcome.Switched, "The desktop is kept off card 01:00.") { At = Runs.Opened.At })
            .Hear(new Msg.RunLeft());
        Assert.Contains("a switch was interrupted", other.Type("\e").Top(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\n", "PCI header|outputs|resets|ids")]
    [InlineData("2\n", "isolated|Memory|Why these")]
    [InlineData("4\n", "user|unit|a switch|Holds of")]
    [InlineData("3jjjj\n", "references|drives|used by|held by")]
    [InlineData("5j\n", "seat|terminal|state|a switch")]
    [InlineData("5\n", "state|sessions|seats|a switch")]
    public void UxE6_details_tell_all_facts_with_labels(string keys, string labels)
    {
        var page = Demo.On("desktop", 120, 60).Type(keys);
        Assert.IsType<DetailScreen>(page.Model.Top);
        Assert.All(labels.Split('|'), label => Assert.Contains(label, page.Text(), StringComparison.Ordinal));
    }

    [Fact]
    public void UxE6_from_a_device_to_its_group_and_back_and_the_key_that_clears_an_override_is_named()
    {
        var device = Demo.On("desktop", 120, 60).Type("\n");
        Assert.Contains("IOMMU group", device.Type("i").Text(), StringComparison.Ordinal);
        Assert.Equal(device.Text(), device.Type("ii").Text());
        Assert.Contains("O clears it", Play.At(DesktopMachine.WithStrayOverride, 120, 60).Type("\n").Words, StringComparison.Ordinal);
    }

    [Fact]
    public void UxE7_a_group_says_why_its_members_are_together_and_what_would_be_lost()
    {
        var group = Demo.On("shared-group", 120, 60).Type("2\n");
        Assert.Contains("Why these", group.Text(), StringComparison.Ordinal);
        Assert.Contains("the way to the network", group.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void UxE8_the_full_log_follows_holds_filters_wraps_and_is_saved()
    {
        var log = Demo.On("desktop", 80, 10).Type("L");
        Assert.Contains("following", log.Text(), StringComparison.Ordinal);
        Assert.Contains("scrolled back, End follows", log.Type("f").Text() + log.Press(Key.PageUp).Text(), StringComparison.Ordinal);
        Assert.Contains("/GeForce", log.Type("/GeForce\n").Text(), StringComparison.Ordinal);
        Assert.Contains("warnings and errors", log.Type("F").Text(), StringComparison.Ordinal);
        Assert.NotEqual(log.Text(), log.Type("W").Text());
        Assert.NotEqual(log.Text(), log.Press(Key.Right).Text());
        Assert.IsType<Effect.SaveLog>(Assert.Single(log.Press(Key.Ctrl('s')).Effects));
        Assert.Contains(
            "The log is in /tmp/demo-gputty-screen.log",
            log.Hear(new Msg.Told("The log is in /tmp/demo-gputty-screen.log")).Text(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void UxE9_w_writes_one_archive_from_every_screen_and_names_it()
    {
        foreach (var keys in (string[])["", "\n", "L", "v"])
            Assert.Equal([new Effect.WriteReport()], Demo.On("desktop").Type(keys).Type("w").Effects);
        Assert.Equal([new Effect.WriteReport()], s_begun.Report(Runs.Until(3)).Type("w").Effects);
        Assert.Contains(
            "/tmp/x.tar.gz",
            Demo.On("desktop").Hear(new Msg.Told("The report is in /tmp/x.tar.gz")).Text(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void UxE10_the_demo_says_so_on_every_page_at_every_size()
    {
        foreach (var play in Demo.Everywhere())
            foreach (var (width, height) in ((int, int)[])[(160, 50), (80, 25), (60, 16), (45, 12)])
                Assert.Contains("DEMO", play.Sized(width, height).Top(), StringComparison.Ordinal);
    }
}

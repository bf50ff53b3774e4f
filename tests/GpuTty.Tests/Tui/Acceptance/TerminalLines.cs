using GpuTty.Host;
using GpuTty.Simulation;
using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tests.Cli;
using GpuTty.Tui;

namespace GpuTty.Tests.Tui.Acceptance;

/// <summary>Lines T1 to T16 of the acceptance list. T10, T13, T15 and T16 are held elsewhere: <see cref="AcceptanceListTests"/>.</summary>
public sealed class TerminalLines
{
    [Fact]
    public async Task UxT1_the_first_frame_comes_at_once_and_no_key_waits_for_a_look()
    {
        await using var person = new Person(
            new NeverReader(),
            new SimulatedSwitchService(new SimulatedHost(Machines.Find("desktop")!.Machine, TimeProvider.System), TimeProvider.System));
        await person.Sees("looking at the machine");
        await person.Types("v", "The machine has not been looked at yet.");
        await person.Types("L", "Log:");
    }

    [Fact]
    public void UxT2_without_a_terminal_two_lines_say_so_and_no_escape_byte_is_written()
    {
        var said = Gputty.On("desktop").Run();
        Assert.Equal(1, said.Code);
        Assert.Equal("", said.Out);
        Assert.Equal(2, said.Error.TrimEnd().Split('\n').Length);
        Assert.DoesNotContain('\e', said.Error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("dumb")]
    public void UxT3_a_terminal_that_cannot_show_a_screen_gets_lines(string term) =>
        Assert.Null(TerminalTraits.Of(isConsole: false, font: null, Options(term)));

    [Fact]
    public void UxT4_the_console_gets_no_private_modes_and_other_terminals_get_theirs_back_in_reverse()
    {
        var console = TerminalTraits.Of(isConsole: false, null, Options("linux"))!;
        foreach (var mode in (string[])["?1049", "?2004", "?2026"])
            Assert.DoesNotContain(mode, console.EnterScreen + console.LeaveScreen, StringComparison.Ordinal);
        Assert.Contains("\e[0m", console.LeaveScreen, StringComparison.Ordinal);
        Assert.Contains("\e[?7h", console.LeaveScreen, StringComparison.Ordinal);
        Assert.Contains("\e[?25h", console.LeaveScreen, StringComparison.Ordinal);
        var xterm = TerminalTraits.Of(isConsole: false, null, Options("xterm-256color"))!;
        Assert.Matches("1049h.*2004h", xterm.EnterScreen);
        Assert.Matches("2004l.*1049l", xterm.LeaveScreen);
    }

    [Fact]
    public void UxT5_in_ascii_no_byte_is_above_0x7e()
    {
        foreach (var play in Demo.Everywhere())
            foreach (var (width, height) in ((int, int)[])[(100, 30), (60, 16), (45, 12)])
                Assert.DoesNotContain(play.Sized(width, height).Text(Glyphs.Ascii), c => c > 0x7e);
    }

    [Fact]
    public void UxT6_every_meaning_has_a_sign_without_colour()
    {
        Assert.Contains("> ", Demo.On("desktop").Text(), StringComparison.Ordinal);
        Assert.Contains("[1 Cards]", Demo.On("desktop", 80, 25).Text(), StringComparison.Ordinal);
        Assert.Contains("[!!]", Demo.On("no-iommu").Type("v").Text(), StringComparison.Ordinal);
        Assert.Contains("[ok]", Demo.On("no-iommu").Type("v").Text(), StringComparison.Ordinal);
        Assert.Contains("[! ]", Demo.On("single").Type("vo").Text(), StringComparison.Ordinal);
        Assert.Contains("[x]", Demo.On("desktop").Type("vS").Text(), StringComparison.Ordinal);
        Assert.Contains(" !  End session", Demo.On("desktop", 100, 50).Type("vS\n").Text(), StringComparison.Ordinal);
        Assert.Contains("(h to the host)", Demo.On("desktop", 160, 50).Bar(), StringComparison.Ordinal);
        var back = Play.At(DesktopMachine.Idle).Type("vS\n\ny").Report(Runs.TakenBack[..^4]).Text();
        Assert.Contains("[<-]", back, StringComparison.Ordinal);
        Assert.Contains("[> ]", Play.At(DesktopMachine.Idle).Type("vS\n\ny").Report(Runs.Until(3)).Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void UxT7_colours_are_the_basic_ones_never_blue_and_never_a_background()
    {
        foreach (var play in Demo.Everywhere())
        {
            var styles = OnViews.With(shared =>
            {
                var screen = shared.Draw(play.Model);
                return (from y in Enumerable.Range(0, screen.Height) from x in Enumerable.Range(0, screen.Width) select screen[x, y].Style)
                    .Distinct()
                    .ToList();
            });
            Assert.DoesNotContain(styles, style => style.Foreground == Color.Blue);
            Assert.All(styles, style => Assert.Equal(Color.Default, style.Background));
        }
    }

    [Fact]
    public void UxT8_below_40x10_nothing_can_be_answered_unseen()
    {
        var small = Demo.On("desktop", 39, 10).Type("vS\n\ny\n");
        Assert.Contains("GpuTty needs 40x10, this is 39x10.", small.Words, StringComparison.Ordinal);
        Assert.Contains("q quits.", small.Words, StringComparison.Ordinal);
        Assert.Single(small.Model.Screens);
        var running = Play.At(DesktopMachine.Idle).Type("vS\n\ny").Report(Runs.Until(7)).Sized(39, 9);
        Assert.Contains($"A switch is at step 8 of {Runs.Plan.Steps.Length}.", running.Words, StringComparison.Ordinal);
        Assert.Contains("q leaves; it keeps running.", running.Words, StringComparison.Ordinal);
        Assert.Empty(running.Type("ty\n").Effects);
        Assert.Equal([new Effect.Repaint()], running.Press(Key.Ctrl('l')).Effects);
    }

    [Fact]
    public void UxT9_after_any_change_of_the_size_everything_is_as_it_was()
    {
        foreach (var play in Demo.Everywhere())
            Assert.Equal(play.Text(), play.Sized(3, 2).Sized(300, 80).Sized(45, 12).Sized(play.Model.Width, play.Model.Height).Text());
    }

    [Fact]
    public void UxT11_Ctrl_L_paints_everywhere_and_so_does_an_error_of_the_kernel()
    {
        foreach (var play in Demo.Everywhere()) Assert.Equal([new Effect.Repaint()], play.Press(Key.Ctrl('l')).Effects);
        var said = Demo.On("desktop").Hear(new Msg.KernelSaid(new LogLine(
            DesktopMachine.Idle.TakenAt, LogLevel.Error, LogSource.Kernel, "watchdog: BUG: soft lockup")));
        Assert.Equal([new Effect.Repaint()], said.Effects);
    }

    [Fact]
    public void UxT12_a_paste_presses_no_key_and_is_text_in_a_filter()
    {
        var idle = Demo.On("desktop");
        Assert.Equal(idle.Text(), idle.Hear(new Msg.Pasted("vS\n\ny\nq")).Text());
        Assert.Contains("/nvme", idle.Type("a/").Hear(new Msg.Pasted("nvme")).Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void UxT14_a_moved_cursor_changes_two_rows_and_their_neighbours()
    {
        var before = Demo.On("desktop", 80, 25).Type("2");
        var (old, now) = (before.Text().Split('\n'), before.Type("j").Text().Split('\n'));
        Assert.InRange(old.Zip(now).Count(pair => pair.First != pair.Second), 1, 4);
    }

    private static TerminalOptions Options(string term) => new(name => name == "TERM" ? term : name is "LANG" ? "C.UTF-8" : "");

    private sealed class NeverReader : IHostReader
    {
        public async Task<HostSnapshot> ReadAsync(SnapshotSections facts, HostSnapshot? before, CancellationToken cancel)
        {
            await Task.Delay(Timeout.Infinite, cancel);
            throw new OperationCanceledException(cancel);
        }

        public Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancel) => Task.Delay(atMost, cancel);
    }
}

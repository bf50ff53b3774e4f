using GpuTty.Terminal;
using GpuTty.Tui;
using GpuTty.Tui.Screens;

namespace GpuTty.Tests.Tui;

/// <summary>What is on the screen can be had in a file: a row, a page, the commands of a plan.</summary>
public sealed class CopyTests
{
    private static readonly Play s_idle = Play.At(DesktopMachine.Idle);

    [Fact]
    public void The_selected_row_is_written_under_the_name_that_is_typed()
    {
        var copy = Copied(s_idle, "~/row.txt");
        Assert.Equal("~/row.txt", copy.Path);
        var row = Assert.Single(copy.Lines);
        Assert.Contains("01:00", row, StringComparison.Ordinal);
        Assert.Contains("on the host", row, StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_line_of_the_log_is_a_row_too()
    {
        var line = Assert.Single(Copied(s_idle.Type("6"), "line").Lines);
        Assert.Contains(line.Split("  ")[^1], s_idle.Sized(200, 50).Text(), StringComparison.Ordinal);
        Assert.Equal(line, Assert.Single(Copied(s_idle.Type("L"), "line").Lines));
    }

    /// <summary>As they are run, whether they are shown or not; everything else is a comment.</summary>
    [Theory]
    [InlineData("vS\n")]
    [InlineData("vS\nc")]
    [InlineData("v")]
    public void The_exact_commands_of_a_plan_are_written(string keys)
    {
        var lines = Copied(s_idle.Type(keys), "plan").Lines;
        Assert.Contains("systemctl stop gdm.service", lines);
        Assert.Contains(lines, line => line.StartsWith("# 1 ", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.StartsWith('$'));
    }

    [Fact]
    public void A_page_of_details_is_written_whole()
    {
        var details = s_idle.Type("\n").Sized(60, 16);
        var lines = Copied(details, "page").Lines;
        Assert.True(lines.Length > 14);
        Assert.Contains(lines, line => line.StartsWith("override", StringComparison.Ordinal));
    }

    [Fact]
    public void A_run_and_its_end_are_written()
    {
        var begun = s_idle.Type("vS\n\ny").Report(Runs.Until(3));
        Assert.Contains("systemctl stop gdm.service", Copied(begun, "run").Lines);
        var ended = begun.Report(Runs.Switched).Hear(new Msg.HostRead(DesktopMachine.WithVm));
        Assert.IsType<ResultScreen>(ended.Model.Top);
        Assert.Contains(Copied(ended, "result").Lines, line => line.Contains("<hostdev", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_name_nothing_is_written_and_Esc_leads_back()
    {
        var asked = s_idle.Type("C");
        Assert.Empty(asked.Type("\n").Type("y").Effects);
        Assert.Contains("Type a name first", asked.Type("\n").Type("y").Notice, StringComparison.Ordinal);
        Assert.Equal(s_idle.Model.Top, asked.Type("\e").Model.Top);
        Assert.Empty(asked.Type("a\n").Type("n").Effects);
    }

    [Fact]
    public void A_name_that_cannot_be_written_stays_with_the_reason_until_it_is_a_good_one()
    {
        var copy = Copied(s_idle, "/tmp");
        var refused = new Msg.CopyRefused(copy.Path, copy.Lines, "/tmp is a folder. Name a file in it.");
        var again = s_idle.Hear(refused);
        Assert.Equal([new Effect.ForgetTyped()], again.Effects);
        Assert.Contains("/tmp is a folder. Name a file in it.", again.Words, StringComparison.Ordinal);
        var better = Assert.IsType<Effect.Copy>(Assert.Single(again.Type("/row.txt").Press(Key.Enter, Key.Enter).Effects));
        Assert.Equal(("/tmp/row.txt", copy.Lines[0]), (better.Path, Assert.Single(better.Lines)));
        // Who types something else meanwhile goes on with that.
        var elsewhere = s_idle.Type("/nv").Hear(refused);
        Assert.Contains("/tmp is a folder.", elsewhere.Notice, StringComparison.Ordinal);
        Assert.IsType<OverviewScreen>(elsewhere.Model.Top);
    }

    [Fact]
    public void The_reason_comes_from_who_writes_the_file()
    {
        var news = new System.Collections.Concurrent.BlockingCollection<Msg>();
        var host = new GpuTty.Simulation.SimulatedHost(GpuTty.Simulation.Machines.Find("desktop")!.Machine, TimeProvider.System);
        var service = new GpuTty.Simulation.SimulatedSwitchService(host, TimeProvider.System);
        var options = new TuiOptions { Copy = (_, _, _) => throw new GpuTty.Host.HostException("It is a folder.", "Name a file in it.") };
        new EffectRunner(host, service, options, news.Add).Perform(new Effect.Copy("/tmp", ["a"]));
        Assert.True(news.TryTake(out var said, TimeSpan.FromSeconds(30)));
        Assert.Equal("It is a folder. Name a file in it.", Assert.IsType<Msg.CopyRefused>(said).Why);
    }

    [Fact]
    public void A_name_can_be_pasted()
    {
        var asked = s_idle.Type("C").Hear(new Msg.Pasted("/tmp/a b\nrm"));
        Assert.Equal("/tmp/a b", Assert.IsType<Effect.Copy>(Assert.Single(asked.Type("\n\n").Effects)).Path);
    }

    [Fact]
    public void It_is_in_the_palette_and_in_the_help_of_every_screen_with_something_to_copy()
    {
        foreach (var keys in (string[])["", "\n", "L", "v", "vS\n"])
        {
            Assert.IsType<QuestionScreen>(s_idle.Type(keys).Type(":copy to a file\n").Model.Top);
            Assert.Contains("Write the selected line", s_idle.Type(keys).Sized(160, 60).Type("?").Text(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Where_nothing_can_be_written_or_copied_the_key_says_so()
    {
        var unable = s_idle with { Model = s_idle.Model with { Can = Abilities.None } };
        Assert.Contains("No file can be written from here", unable.Type("C").Notice, StringComparison.Ordinal);
        Assert.Contains("nothing to copy", Play.Blank().Type("C").Notice, StringComparison.Ordinal);
    }

    private static Effect.Copy Copied(Play play, string name)
    {
        var asked = play.Type("C");
        Assert.Contains("Copy to a file", asked.Text(), StringComparison.Ordinal);
        var written = asked.Type(name).Press(Key.Enter, Key.Enter);
        Assert.Equal(play.Model.Screens.Length, written.Model.Screens.Length);
        return Assert.IsType<Effect.Copy>(Assert.Single(written.Effects));
    }
}

using GpuTty.Cli;
using GpuTty.Host.Guests;
using GpuTty.Simulation;
using GpuTty.Tests.Cli;
using GpuTty.Tui;
using GpuTty.Tui.Screens;

namespace GpuTty.Tests.Tui;

/// <summary>Commands for what a virtual machine needs besides the switch are on the screen with the text that they print.</summary>
public sealed class CommandScreenTests
{
    [Theory]
    [InlineData("H", "hook status")]
    [InlineData("V", "config")]
    [InlineData("b", "boot show --card 0000:01:00.0")]
    [InlineData("M", "guest xml --card 0000:01:00.0")]
    public async Task A_key_shows_what_the_command_prints(string key, string command)
    {
        var gputty = Gputty.On("kept-off");
        var opened = Play.At(gputty.Host.Machine.Snapshot(), 200, 100).Type(key);
        var effect = Assert.IsType<Effect.RunCommand>(Assert.Single(opened.Effects));
        Assert.Equal(command.Split(' '), effect.Words);
        Assert.Contains("Reading…", opened.Text(), StringComparison.Ordinal);
        var text = await ScreenCommands.RunAsync(gputty.World(TextWriter.Null, TextWriter.Null), effect.Words, default);
        var said = await gputty.RunAsync(command.Split(' '));
        Assert.Equal(said.Out + said.Error, text);
        Assert.NotEmpty(said.Out);
        var shown = opened.Hear(new Msg.CommandSaid(effect.Words, text));
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(60))
            Assert.Contains(line.Trim(), shown.Text(), StringComparison.Ordinal);
        Assert.IsType<OverviewScreen>(shown.Type("\e").Model.Top);
    }

    [Theory]
    [InlineData("H", '+', "hook install --all")]
    [InlineData("H", '-', "hook remove")]
    [InlineData("b", '+', "boot vm --card 0000:01:00.0")]
    [InlineData("b", '-', "boot host --card 0000:01:00.0")]
    public void What_changes_something_is_asked_about_and_its_text_is_shown(string key, char action, string command)
    {
        var shown = Play.At(Machines.Find("kept-off")!.Machine.Snapshot()).Type(key);
        var asked = shown.Type($"{action}");
        Assert.IsType<QuestionScreen>(asked.Model.Top);
        Assert.Contains($"gputty {command}", asked.Words, StringComparison.Ordinal);
        Assert.Empty(asked.Type("\n").Effects);
        var done = asked.Type("y");
        var effect = Assert.IsType<Effect.RunCommand>(Assert.Single(done.Effects));
        Assert.Equal(command.Split(' '), effect.Words);
        Assert.Contains(
            "This is what came of it.",
            done.Hear(new Msg.CommandSaid(effect.Words, "This is what came of it.\n")).Text(),
            StringComparison.Ordinal);
        // The text of another command is not taken for it.
        Assert.Contains("Reading…", done.Hear(new Msg.CommandSaid(["status"], "other")).Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void While_a_command_changes_something_no_other_one_is_begun()
    {
        var changing = Play.At(Machines.Find("kept-off")!.Machine.Snapshot()).Type("H+y");
        foreach (var keys in (string[])["+", "-", "r", "\eH+", "\eH-", "\eb+"])
        {
            var pressed = changing.Type(keys);
            Assert.Equal("The command is still running.", pressed.Notice);
            Assert.IsType<CommandScreen>(pressed.Model.Top);
        }
        var done = changing.Hear(new Msg.CommandSaid(["hook", "install", "--all"], "The hook is installed.\n"));
        Assert.IsType<QuestionScreen>(done.Type("-").Model.Top);
        Assert.IsType<QuestionScreen>(done.Type("\eH-").Model.Top);
    }

    [Fact]
    public void How_a_command_has_ended_is_told_to_whoever_looks_elsewhere()
    {
        var said = new Msg.CommandSaid(["hook", "install", "--all"], "The hook is installed.\nIt is in /etc.\n");
        var changing = Play.At(Machines.Find("kept-off")!.Machine.Snapshot()).Type("H+y");
        Assert.Equal("", changing.Hear(said).Notice);
        Assert.Equal("The hook is installed.", changing.Type("\e").Hear(said).Notice);
        Assert.Equal("The hook is installed.", changing.Type("\eH").Hear(said).Notice);
        // What only reads is of no use to anybody who has left.
        Assert.Equal("", changing.Hear(said).Type("\eH\e").Hear(new Msg.CommandSaid(["hook", "status"], "It is there.\n")).Notice);
    }

    /// <summary>Its end would be the command's: what is not written yet would not be.</summary>
    [Fact]
    public void Who_leaves_while_a_command_changes_something_is_asked_first()
    {
        var changing = Play.At(Machines.Find("kept-off")!.Machine.Snapshot()).Type("b+y\e");
        var asked = changing.Type("q");
        Assert.Equal([new Effect.ForgetTyped()], asked.Effects);
        Assert.Contains("gputty boot vm --card 0000:01:00.0", asked.Words, StringComparison.Ordinal);
        Assert.Equal([new Effect.Quit()], asked.Type("y").Effects);
        Assert.IsType<OverviewScreen>(asked.Type("\n").Model.Top);
        var ended = asked.Hear(new Msg.CommandSaid(["boot", "vm", "--card", "0000:01:00.0"], "It is given to vfio-pci.\n"));
        Assert.IsType<OverviewScreen>(ended.Model.Top);
        Assert.Equal("It is given to vfio-pci.", ended.Notice);
        Assert.Equal([new Effect.Quit()], ended.Type("q").Effects);
        // Where nothing can be asked, nothing may be cut short.
        Assert.Empty(changing.Sized(39, 9).Type("q").Effects);
    }

    [Theory]
    [InlineData("b", "At boot", "gputty boot show --card 0000:01:00.0")]
    [InlineData("H", "Hook of libvirt", "gputty hook status")]
    [InlineData("V", "Configuration", "gputty config")]
    [InlineData("M", "Lines for a virtual machine", "gputty guest xml --card 0000:01:00.0")]
    public void The_frame_says_what_it_is_and_which_command_has_printed_it(string key, string title, string command)
    {
        var frame = Play.At(Machines.Find("kept-off")!.Machine.Snapshot(), 80, 25).Type(key).Text().Split('\n')[1];
        Assert.Contains($" {title} ", frame, StringComparison.Ordinal);
        Assert.Contains($" {command} ", frame, StringComparison.Ordinal);
    }

    [Fact]
    public void After_an_action_the_frame_names_that_and_r_leads_back()
    {
        var done = Play.At(Machines.Find("kept-off")!.Machine.Snapshot(), 100, 30).Type("b+y");
        Assert.Contains("gputty boot vm", done.Text().Split('\n')[1], StringComparison.Ordinal);
        var again = done.Hear(new Msg.CommandSaid(["boot", "vm", "--card", "0000:01:00.0"], "It is given to vfio-pci.\n")).Type("r");
        Assert.Contains("gputty boot show", again.Text().Split('\n')[1], StringComparison.Ordinal);
        Assert.IsType<Effect.RunCommand>(Assert.Single(again.Effects));
    }

    [Fact]
    public async Task On_a_simulated_machine_it_is_said_why_nothing_is_chosen_for_its_start()
    {
        var said = await ScreenCommands.RunAsync(
            Gputty.On("kept-off").World(TextWriter.Null, TextWriter.Null), ["boot", "vm", "--card", "0000:01:00.0"], default);
        Assert.Contains("This is a simulated machine, which has no next start", said, StringComparison.Ordinal);
    }

    /// <summary>Two question marks are for what could not be told.</summary>
    [Fact]
    public async Task What_is_so_is_not_marked_as_unknown()
    {
        var said = await ScreenCommands.RunAsync(
            Gputty.On("kept-off").World(TextWriter.Null, TextWriter.Null), ["boot", "show", "--card", "0000:01:00.0"], default);
        Assert.Contains("gputty does not give 01:00 away", said, StringComparison.Ordinal);
        Assert.DoesNotContain("??", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_is_not_root_changes_nothing()
    {
        var host = Machines.Find("kept-off")!.Machine.Snapshot();
        var play = Play.At(host with { Caller = host.Caller with { IsRoot = false } }).Type("H+");
        Assert.Contains("Only root", play.Notice, StringComparison.Ordinal);
        Assert.IsType<CommandScreen>(play.Model.Top);
    }

    [Fact]
    public async Task A_refusal_is_text_like_any_other()
    {
        var said = await ScreenCommands.RunAsync(
            Gputty.On("kept-off").With(isRoot: false).World(TextWriter.Null, TextWriter.Null), ["hook", "install", "--all"], default);
        Assert.Contains("libvirt is not installed here", said, StringComparison.Ordinal);
    }

    [Fact]
    public void The_result_offers_the_hook_where_libvirt_is_without_it()
    {
        var without = LibvirtState.None with { IsInstalled = true };
        var play = Play.At(DesktopMachine.Idle with { Libvirt = without }, 160, 40).Type("vS\n\ny").Report(Runs.Switched);
        Assert.Contains("H libvirt's hook", play.Words, StringComparison.Ordinal);
        Assert.Equal(["hook", "status"], Assert.IsType<Effect.RunCommand>(Assert.Single(play.Type("H").Effects)).Words.AsEnumerable());
        Assert.DoesNotContain(
            "H libvirt's hook",
            Play.At(DesktopMachine.Idle, 160, 40).Type("vS\n\ny").Report(Runs.Switched).Words,
            StringComparison.Ordinal);
    }
}

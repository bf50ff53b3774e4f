using GpuTty.Cli;
using GpuTty.Simulation;

namespace GpuTty.Tests.Cli;

/// <summary>What is said to type does what was shown, where it was shown, and agrees to nothing besides.</summary>
public sealed class NextActionTests
{
    [Theory]
    [InlineData("run -n --card 01:00 -- qemu-system-x86_64 -m 4G", "gputty run -- qemu-system-x86_64 -m 4G")]
    [InlineData("run -n --as joe --end-sessions -- sh -c", "gputty run --as joe --end-sessions -- sh -c")]
    public void A_look_before_gputty_run_names_gputty_run_again(string line, string told)
    {
        var said = Gputty.On("kept-off").Run(line.Split(' '));
        Assert.EndsWith($"Do it: {told}\n", said.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void What_gputty_run_needs_to_agree_to_stays_in_the_command_and_its_words_are_a_shells()
    {
        var said = Gputty.On("desktop").Run("run", "-n", "--end-sessions", "--", "sh", "-c", "qemu -m 4G");
        Assert.EndsWith("Do it: gputty run --end-sessions -- sh -c 'qemu -m 4G'\n", said.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("demo interrupted resume -n", "resume")]
    [InlineData("demo interrupted undo -n", "undo")]
    [InlineData("demo kept-off plan vm --end-sessions --end-holders kill", "switch vm")]
    public void Nothing_is_agreed_to_that_the_plan_does_not_need(string line, string told) =>
        Assert.EndsWith($" {told}\n", Gputty.On("amd").Run(line.Split(' ')).Out, StringComparison.Ordinal);

    [Fact]
    public void The_ways_out_of_an_interrupted_switch_agree_to_nothing_needless() =>
        Assert.DoesNotContain("--end-sessions (or", Gputty.On("amd").Run("demo", "interrupted", "status").Out, StringComparison.Ordinal);

    [Theory]
    [InlineData("desktop", "clear-override 01:00.0 -n", "01:00.0 has no driver override that differs from its driver")]
    [InlineData("desktop", "rescan --card 01:00 -n", "No function of 01:00 is stuck without a driver")]
    [InlineData("kept-off", "keep-off on -n --card 01:00", "The desktop is kept off 01:00 already")]
    [InlineData("desktop", "keep-off off -n --card 01:00", "The desktop may use 01:00 already")]
    [InlineData("desktop", "pin off -n", "No pin is set")]
    public void What_needs_nothing_is_answered_as_it_was_asked(string machine, string line, string says)
    {
        var said = Gputty.On(machine).Run(line.Split(' '));
        Assert.Equal(ExitCodes.Done, said.Code);
        Assert.Contains(says, said.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("on the host", said.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void With_one_card_nothing_is_said_of_another_one()
    {
        var said = Gputty.On("single").Run("plan", "vm", "--single-gpu", "--end-sessions");
        Assert.DoesNotContain("another card", said.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("switch vm --permanent")]
    [InlineData("plan host --permanent")]
    public void Permanently_what_is_asked(string line)
    {
        var said = Gputty.On("desktop").Run(line.Split(' '));
        Assert.Equal(ExitCodes.Usage, said.Code);
        Assert.Contains("--permanent needs --keep-off or --for compute", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_permanent_way_is_printed_as_it_is_typed()
    {
        var said = Gputty.On("desktop").Run("plan", "vm", "--end-sessions", "--for", "compute", "--permanent");
        Assert.EndsWith("Do it: gputty switch vm --keep-off --permanent --end-sessions\n", said.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("twins status", "Look first: gputty demo twins plan vm")]
    [InlineData("kept-off plan vm", "Do it: gputty demo kept-off switch vm")]
    [InlineData("desktop doctor", "gputty demo desktop doctor --explain CODE")]
    public void On_a_simulated_machine_the_next_command_stays_on_it(string line, string says) =>
        Assert.Contains(says, Gputty.On("amd").Run(["demo", .. line.Split(' ')]).Out, StringComparison.Ordinal);

    [Fact]
    public async Task A_simulated_machine_shows_the_files_that_a_real_one_would_get_as_they_would_be()
    {
        using var data = new StringWriter();
        var world = DemoParts.Pretended(Machines.Find("desktop")!).World with { Out = data, Error = TextWriter.Null };
        Assert.Equal(ExitCodes.Done, await CommandLine.RunAsync(["boot", "vm", "-n"], world, Gputty.On("desktop").Entries()));
        Assert.Contains("04-gputty-boot-0000-01-00.0.rules:", data.ToString(), StringComparison.Ordinal);
        Assert.Contains("Taken away by: gputty boot host", data.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_simulated_machine_that_does_not_exist_is_named()
    {
        var said = Gputty.On("amd").Run("demo", "nosuch", "status");
        Assert.Equal(ExitCodes.Usage, said.Code);
        Assert.Contains("There is no simulated machine 'nosuch'", said.Error, StringComparison.Ordinal);
        Assert.Contains("gputty demo --list", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_card_that_has_to_be_named_is_not_said_to_be_left_out() =>
        Assert.DoesNotContain("may be left out", Gputty.On("desktop").Run("rescan", "--help").Out, StringComparison.Ordinal);

    [Fact]
    public void Without_libvirt_the_way_without_libvirt_is_named()
    {
        Assert.Contains("gputty guest qemu", Gputty.On("desktop").Run("guest", "xml", "--vm", "win11").Error, StringComparison.Ordinal);
        Assert.Contains("gputty run", Gputty.On("desktop").Run("hook", "status").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_description_that_did_not_come_is_asked_for()
    {
        var said = Gputty.On("desktop").Run("hook", "check", "-");
        Assert.Equal(ExitCodes.Refused, said.Code);
        Assert.Contains("nothing came on standard input", said.Error, StringComparison.Ordinal);
        Assert.Contains("virsh -c qemu:///system dumpxml NAME | gputty hook check -", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_machine_that_is_to_be_shut_down_is_the_virtual_one()
    {
        var said = Gputty.On("mediated").Run("plan", "vm", "--card", "00:02");
        Assert.Contains("Shut down the virtual machine that uses it", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nothing_was_interrupted_there_is_nothing_to_resume() =>
        Assert.Equal(ExitCodes.Done, Gputty.On("desktop").Run("resume", "--yes").Code);

    [Fact]
    public void Several_groups_are_named_as_several() =>
        Assert.Contains("Yes, in groups 20 and 21.", Gputty.On("wedged").Run("doctor").Out, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_not_there_is_said_not_to_be_there() =>
        Assert.Contains(
            "/nowhere/card.rom does not exist.",
            Gputty.On("desktop").Run("rom", "check", "/nowhere/card.rom").Error,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("switch foo", "'foo' is neither vm nor host.")]
    [InlineData("keep-off foo", "'foo' is none of on, off and status.")]
    [InlineData("hook", "Which one: install, remove, status, check, run or proxmox?")]
    [InlineData("hook bogus", "'bogus' is none of install, remove, status, check, run and proxmox.")]
    [InlineData("boot", "Which one: vm, host or show?")]
    public void A_missing_or_wrong_word_is_answered_with_those_that_may_stand_there(string line, string says) =>
        Assert.Contains(says, Gputty.On("desktop").Run(line.Split(' ')).Error, StringComparison.Ordinal);

    [Theory]
    [InlineData("plan", "plan <vm|host>")]
    [InlineData("keep-off", "keep-off <on|off|status>")]
    [InlineData("hook check", "check <NAME|->")]
    [InlineData("hook", "hook <command>")]
    public void The_line_of_usage_has_the_words_of_the_list_below_it(string command, string says)
    {
        var help = Gputty.On("desktop").Run([.. command.Split(' '), "--help"]).Out;
        Assert.Contains(says, help, StringComparison.Ordinal);
    }

    [Fact]
    public void Behind_a_simulated_machine_commands_are_completed()
    {
        const string line = "gputty demo twins st";
        var offered = Gputty.On("desktop").Run($"[suggest:{line.Length}]", line).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("status", offered);
        Assert.DoesNotContain("stubborn", offered);
    }
}

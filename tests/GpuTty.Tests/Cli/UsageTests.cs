using GpuTty.Cli;
using GpuTty.Host;
using GpuTty.Simulation;
using GpuTty.Switching;

namespace GpuTty.Tests.Cli;

public sealed class UsageTests
{
    [Theory]
    [InlineData("--card zzz", "'zzz' is not the address of a card")]
    [InlineData("--card 01:00.9", "'01:00.9' is not the address of a card")]
    [InlineData("--card ../../etc/passwd", "is not the address of a card")]
    [InlineData("--card", "Required argument missing")]
    [InlineData("--end-holders maybe", "--end-holders takes never, term or kill, not 'maybe'.")]
    [InlineData("--no-such-option", "Unrecognized")]
    public void A_malformed_command_line_is_usage(string wrong, string says)
    {
        var said = Gputty.On("desktop").Run(["plan", "vm", .. wrong.Split(' ')]);
        Assert.Equal(ExitCodes.Usage, said.Code);
        Assert.Contains(says, said.Error, StringComparison.Ordinal);
        Assert.Contains("gputty plan --help", said.Error, StringComparison.Ordinal);
        Assert.Equal("", said.Out);
    }

    [Theory]
    [InlineData("swich vm")]
    [InlineData("switch")]
    [InlineData("switch home")]
    [InlineData("demo no-such-machine")]
    [InlineData("--color always")]
    [InlineData("completions tcsh")]
    public void A_wrong_command_says_one_thing_and_one_next_action(string line)
    {
        var said = Gputty.On("desktop").Run(line.Split(' '));
        Assert.Equal(ExitCodes.Usage, said.Code);
        Assert.Equal(2, said.Error.TrimEnd('\n').Split('\n').Length);
        Assert.Equal("", said.Out);
    }

    [Theory]
    [InlineData("statsu", "gputty status")]
    [InlineData("swich vm", "gputty switch")]
    [InlineData("plan vm --end-sesions", "gputty plan --end-sessions")]
    [InlineData("config chek", "gputty config check")]
    [InlineData("workr", null)]
    public void A_misspelt_word_is_answered_with_the_one_that_was_meant(string line, string? meant)
    {
        var said = Gputty.On("desktop").Run(line.Split(' '));
        Assert.Equal(ExitCodes.Usage, said.Code);
        if (meant is null) Assert.DoesNotContain("Did you mean", said.Error, StringComparison.Ordinal);
        else Assert.Contains($"Did you mean: {meant}", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Exit_codes_are_what_the_manual_says()
    {
        Assert.Equal("0 1 2 3 4 5 6 70", string.Join(' ', ExitCodes.Done, ExitCodes.Usage, ExitCodes.Refused, ExitCodes.TakenBack,
            ExitCodes.LeftHalfway, ExitCodes.NeedsRoot, ExitCodes.AnotherSwitch, ExitCodes.Bug));
        Assert.Equal(
            "0 2 3 4",
            string.Join(
                ' ',
                ExitCodes.Of(Outcome.Switched),
                ExitCodes.Of(Outcome.Refused),
                ExitCodes.Of(Outcome.TakenBack),
                ExitCodes.Of(Outcome.LeftHalfway)));
    }

    [Fact]
    public void A_file_named_as_an_argument_is_not_read() =>
        Assert.Contains("'@/etc/hostname'", Gputty.On("desktop").Run("@/etc/hostname").Error, StringComparison.Ordinal);

    [Fact]
    public void An_argument_cannot_steer_the_terminal()
    {
        var said = Gputty.On("desktop").Run("plan", "vm", "--card", "\e[2Jx");
        Assert.DoesNotContain('\e', said.Error);
    }

    [Theory]
    [InlineData("desktop", "05:00.0", "no part of a graphics card")]
    [InlineData("desktop", "7f:1f.7", "There is no PCI device at")]
    [InlineData("desktop", "7f:1f", "There is no PCI device at")]
    public void A_card_that_is_none_is_refused(string machine, string address, string says)
    {
        foreach (var command in (string[][])[["plan", "vm"], ["switch", "vm", "--yes"], ["holders"], ["doctor"]])
        {
            var said = Gputty.On(machine).Run([.. command, "--card", address]);
            Assert.Equal(ExitCodes.Refused, said.Code);
            Assert.Contains(says, said.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Among_several_cards_nothing_is_guessed()
    {
        var host = Machines.Find("twins")!.Machine.Snapshot();
        var unclear = host with { Devices = [.. host.Devices.Select(device => device with { IsBootVga = null })] };
        var said = Gputty.On(unclear).Run("plan", "vm");
        Assert.Equal(ExitCodes.Refused, said.Code);
        Assert.Contains("Several cards could be meant: 0000:0a:00.0, 0000:0b:00.0.", said.Error, StringComparison.Ordinal);
        Assert.Contains("--card", said.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("devices", ExitCodes.Done, "This machine shows no PCI devices.")]
    [InlineData("groups", ExitCodes.Done, "the IOMMU is off")]
    [InlineData("status", ExitCodes.Done, "no graphics card that Linux can see")]
    [InlineData("holders", ExitCodes.Done, "no graphics card that Linux can see")]
    [InlineData("doctor", ExitCodes.Refused, "no graphics card that Linux can see")]
    [InlineData("plan vm", ExitCodes.Refused, "no graphics card that Linux can see")]
    [InlineData("switch vm --yes", ExitCodes.Refused, "no graphics card that Linux can see")]
    public void A_machine_without_pci_gets_a_sentence(string line, int code, string sentence)
    {
        var bare = new HostSnapshot { TakenAt = DateTimeOffset.UnixEpoch, HostName = "pi" };
        var said = Gputty.On(bare).Run(line.Split(' '));
        Assert.Equal(code, said.Code);
        Assert.Contains(sentence, said.Out + said.Error, StringComparison.Ordinal);
        var json = Gputty.On(bare).Run([.. line.Split(' '), "--json"]);
        Assert.Equal(code, json.Code);
        Assert.NotEqual(default, json.Json.ValueKind);
    }

    [Fact]
    public void Without_a_terminal_there_is_no_full_screen()
    {
        var gputty = Gputty.On("desktop");
        Assert.Equal(ExitCodes.Usage, gputty.Run().Code);
        Assert.Equal(ExitCodes.Usage, gputty.Run("demo").Code);
        Assert.Empty(gputty.Entered);
    }

    [Theory]
    [InlineData("", "screen")]
    [InlineData("demo", "demo desktop")]
    [InlineData("demo twins", "demo twins")]
    [InlineData("--ascii", "screen --ascii")]
    [InlineData("--color never --ascii", "screen --ascii --color=never")]
    [InlineData("--color auto", "screen")]
    [InlineData("--plain", "screen in lines")]
    [InlineData("demo twins --ascii --color never", "demo twins --ascii --color=never")]
    [InlineData("demo --plain", "demo desktop in lines")]
    [InlineData("worker", "worker")]
    [InlineData("recover", "recover")]
    [InlineData("supervise screen --follow x", "supervise screen --follow x")]
    public void Each_entry_leads_to_its_place(string line, string place)
    {
        var gputty = Gputty.On("desktop").With(isTerminal: true);
        Assert.Equal(ExitCodes.Done, gputty.Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Code);
        Assert.Equal([place], gputty.Entered);
    }

    /// <summary>What the supervisor is told reaches the process that draws, whatever else it is told.</summary>
    [Theory]
    [InlineData("--ascii --color never")]
    [InlineData("")]
    public void The_looks_that_were_asked_for_reach_the_process_that_draws(string line)
    {
        var gputty = Gputty.On("desktop").With(isTerminal: true);
        gputty.Run(["demo", "twins", .. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        var handed = gputty.Entered[0].Split(' ');
        gputty.Run(["supervise", .. handed]);
        Assert.Equal($"supervise {gputty.Entered[0]}", gputty.Entered[1]);
        var (settings, rest) = ScreenSettings.From(handed);
        Assert.Equal(["demo", "twins"], rest.AsEnumerable());
        Assert.Equal(new ScreenSettings(line.Length > 0, line.Length > 0), settings);
    }

    [Fact]
    public void The_demo_lists_its_machines()
    {
        var said = Gputty.On("desktop").Run("demo", "--list");
        Assert.Equal(Machines.All.Length, said.Out.TrimEnd('\n').Split('\n').Length);
        Assert.Equal(
            Machines.All.Length,
            Gputty.On("desktop").Run("demo", "--list", "--json").Json.GetProperty("machines").GetArrayLength());
    }

    [Fact]
    public void The_version_and_the_help_look_at_nothing()
    {
        var gputty = Gputty.On("desktop").With(reader: new Broken());
        Assert.Equal($"gputty {CommandLine.Version}\n", gputty.Run("--version").Out);
        var help = gputty.Run("--help");
        Assert.Equal(ExitCodes.Done, help.Code);
        Assert.DoesNotContain("worker", help.Out, StringComparison.Ordinal);
        Assert.Contains("plan", help.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gputty sw", "switch")]
    [InlineData("gputty switch ", "host vm")]
    [InlineData("gputty switch vm --end-holders ", "kill never term")]
    [InlineData("gputty plan vm --card 0000:0", "0000:01:00.0")]
    [InlineData("gputty demo kept", "kept-off")]
    [InlineData("gputty hook ", "check install remove run status")]
    [InlineData("gputty config ", "check --json")]
    [InlineData("gputty --color ", "auto never")]
    [InlineData("gputty --", "--ascii --color --plain")]
    public void The_shell_is_told_how_a_word_may_go_on(string line, string answers)
    {
        var said = Gputty.On("desktop").Run($"[suggest:{line.Length}]", line);
        var offered = said.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var answer in answers.Split(' ')) Assert.Contains(answer, offered);
        Assert.DoesNotContain("/?", offered);
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _gputty gputty")]
    [InlineData("zsh", "#compdef gputty")]
    [InlineData("zsh", "words[1,CURRENT-1]")]
    [InlineData("fish", "complete -c gputty")]
    [InlineData("fish", "commandline -cp")]
    public void Completion_scripts_are_printed(string shell, string has) =>
        Assert.Contains(has, Gputty.On("desktop").Run("completions", shell).Out, StringComparison.Ordinal);

    [Fact]
    public void A_mistake_of_ours_is_a_sentence_and_a_code_of_its_own()
    {
        var said = Gputty.On("desktop").With(reader: new Broken()).Run("status");
        Assert.Equal(ExitCodes.Bug, said.Code);
        Assert.Contains("Internal error", said.Error, StringComparison.Ordinal);
        Assert.Contains("/var/log/gputty", said.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_is_not_called_a_mistake_of_ours()
    {
        var said = Gputty.On("desktop").With(reader: new Broken(new IOException("No space left on device"))).Run("status");
        Assert.Equal(ExitCodes.Bug, said.Code);
        Assert.Contains("No space left on device", said.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("mistake", said.Error, StringComparison.Ordinal);
    }

    private sealed class Broken(Exception? with = null) : IHostReader
    {
        public Task<HostSnapshot> ReadAsync(SnapshotSections facts, HostSnapshot? before, CancellationToken cancel) =>
            throw with ?? new InvalidOperationException("no such thing");
        public Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancel) => Task.CompletedTask;
    }
}

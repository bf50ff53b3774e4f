using GpuTty.Cli;
using GpuTty.Host;
using GpuTty.Simulation;

namespace GpuTty.Tests.Cli;

/// <summary>What people have typed, and what must not come of it.</summary>
public sealed class CommandFaultsTests
{
    [Theory]
    [InlineData("pin status --card 01:00", "--card goes with on and off")]
    [InlineData("keep-off status --permanent", "--permanent goes with on and off")]
    [InlineData("keep-off status --end-sessions --json", "--end-sessions goes with on and off")]
    [InlineData("pin status -n", "--dry-run goes with on and off")]
    [InlineData("demo --json", "--json goes with --list")]
    [InlineData("demo twins --json --plain", "--json goes with --list")]
    public void An_option_without_a_meaning_there_is_refused(string line, string says)
    {
        var said = Gputty.On("kept-off").Run(line.Split(' '));
        Assert.Equal((ExitCodes.Usage, ""), (said.Code, said.Out));
        Assert.Contains(says, said.Error, StringComparison.Ordinal);
    }

    /// <summary>rom check FILE, report -o FILE.</summary>
    [Theory]
    [InlineData("bash", "complete -o default -F _gputty gputty")]
    [InlineData("zsh", "else _files; fi")]
    [InlineData("fish", "__fish_complete_path \"$word\"")]
    public void Where_the_completion_of_a_shell_has_no_answer_it_offers_files(string shell, string line) =>
        Assert.Contains(line, Gputty.On("desktop").Run("completions", shell).Out, StringComparison.Ordinal);

    [Theory]
    [InlineData("doctor --fix --dry-run --initramfs", true)]
    [InlineData("doctor --fix --dry-run", false)]
    public void The_doctor_reads_the_initramfs_where_that_is_asked_for_before_a_correction_too(string line, bool reads)
    {
        var kept = Gputty.On("desktop");
        var reader = new Asked(kept.Host);
        Assert.Equal(ExitCodes.Done, kept.With(reader: reader).Run(line.Split(' ')).Code);
        Assert.Equal(reads, reader.For.HasFlag(SnapshotSections.Initramfs));
    }

    private sealed class Asked(IHostReader inner) : IHostReader
    {
        public SnapshotSections For { get; private set; }

        public Task<HostSnapshot> ReadAsync(SnapshotSections facts, HostSnapshot? before, CancellationToken cancel)
        {
            For |= facts;
            return inner.ReadAsync(facts, before, cancel);
        }

        public Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancel) => Task.CompletedTask;
    }

    [Theory]
    [InlineData("switch vm --yes --save-rom")]
    [InlineData("plan vm --save-rom")]
    [InlineData("guest xml --rom")]
    [InlineData("guest qemu --rom")]
    [InlineData("rom save -o")]
    [InlineData("rom check")]
    [InlineData("rom check card.rom --trim")]
    [InlineData("report -o")]
    [InlineData("demo --from")]
    public void An_empty_name_of_a_file_is_a_mistake_in_the_command_line(string line)
    {
        var said = Gputty.On("kept-off").Run([.. line.Split(' '), ""]);
        Assert.Equal((ExitCodes.Usage, ""), (said.Code, said.Out));
        Assert.Contains("the name of a file", said.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plan vm --for")]
    [InlineData("plan vm --for compute --for monitors")]
    [InlineData("switch vm --keep-off --for")]
    [InlineData("plan vm --for gaming")]
    [InlineData("--color red")]
    [InlineData("switch up")]
    [InlineData("completions tcsh")]
    [InlineData("switch vm --end-holders maybe")]
    [InlineData("keep-off perhaps")]
    [InlineData("demo --bogus")]
    [InlineData("demo --list extra")]
    public void A_wrong_command_line_is_answered_in_plain_words(string line)
    {
        var said = Gputty.On("desktop").Run(line.Split(' '));
        Assert.Equal(ExitCodes.Usage, said.Code);
        Assert.DoesNotContain("mistake", said.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("\\x", said.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("no simulated machine '--", said.Error, StringComparison.Ordinal);
        Assert.Equal(2, said.Error.TrimEnd().Split('\n').Length);
    }

    [Fact]
    public void A_value_that_is_not_one_of_several_is_answered_with_all_of_them() =>
        Assert.Contains(
            "--for takes compute or monitors, not 'gaming'.",
            Gputty.On("desktop").Run("plan", "vm", "--for", "gaming").Error,
            StringComparison.Ordinal);

    [Fact]
    public void The_shell_completes_what_a_card_is_for() =>
        Assert.Equal("compute\nmonitors\n", Gputty.On("desktop").Run("[suggest:23]", "gputty plan vm --for ").Out);

    [Fact]
    public void Where_there_is_no_card_keep_off_status_says_so()
    {
        var host = Machines.Find("desktop")!.Machine.Snapshot();
        var said = Gputty.On(host with { Devices = [.. host.Devices.Where(device => !device.Class.IsDisplay)] }).Run("keep-off", "status");
        Assert.Contains("no graphics card", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dry_undo_of_nothing_is_a_document_all_the_same()
    {
        var said = Gputty.On("desktop").Run("undo", "--dry-run", "--json");
        Assert.Equal(ExitCodes.Done, said.Code);
        Assert.Equal(ExitCodes.Done, said.JsonLines.Single().GetProperty("exit_code").GetInt32());
    }

    [Theory]
    [InlineData("help", "status")]
    [InlineData("help switch", "--confirm-within")]
    [InlineData("-V", "gputty")]
    public void Usual_words_for_help_and_version_are_understood(string line, string has)
    {
        var said = Gputty.On("desktop").Run(line.Split(' '));
        Assert.Equal(ExitCodes.Done, said.Code);
        Assert.Contains(has, said.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_word_that_is_only_short_is_not_taken_for_another_one() =>
        Assert.DoesNotContain("Did you mean", Gputty.On("desktop").Run("list").Error, StringComparison.Ordinal);

    [Theory]
    [InlineData("demo twins --plain", "demo twins in lines")]
    [InlineData("--plain", "screen in lines")]
    public void Lines_need_no_terminal(string line, string place)
    {
        var gputty = Gputty.On("desktop");
        Assert.Equal(ExitCodes.Done, gputty.Run(line.Split(' ')).Code);
        Assert.Equal([place], gputty.Entered);
    }

    [Fact]
    public void A_report_in_a_folder_that_is_not_there_is_told_so()
    {
        var said = Gputty.On("desktop").Run("report", "-o", "/nonexistent/x.tgz");
        Assert.Equal(ExitCodes.Refused, said.Code);
        Assert.Contains("there is no folder /nonexistent", said.Error, StringComparison.Ordinal);
        Assert.Contains("Name a file in a folder that exists.", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_that_is_not_there_is_told_before_anybody_is_asked_to_agree()
    {
        var said = Gputty.On("desktop").Run("clear-override", "0000:ff:1f.7");
        Assert.Equal(ExitCodes.Refused, said.Code);
        Assert.Contains("There is no PCI device at 0000:ff:1f.7.", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_of_pin_is_about_pins() =>
        Assert.DoesNotContain("Keep it off", Gputty.On("desktop").Run("pin", "--help").Out, StringComparison.Ordinal);

    [Fact]
    public void An_Ethernet_controller_is_an_Ethernet_controller()
    {
        var other = Machines.Find("desktop")!.Machine.Snapshot().Devices.First(device => device.Class.IsNetwork);
        Assert.Contains(
            $"is an {other.Class.Name}",
            Gputty.On("desktop").Run("plan", "vm", "--card", other.Address.ToString()).Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_before_anything_was_begun_has_the_exit_code_of_an_interrupt()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        Assert.Equal(130, await Gputty.On("desktop").RunCancelledAsync(cancelled.Token, "status"));
    }

    [Fact]
    public void Another_switch_that_runs_has_its_own_exit_code()
    {
        var gputty = Gputty.On("kept-off");
        var code = -1;
        gputty.Meanwhile(async () =>
        {
            var first = gputty.RunAsync("switch", "vm", "--yes");
            code = (await gputty.RunAsync("dismiss")).Code;
            Assert.Equal(ExitCodes.AnotherSwitch, (await gputty.RunAsync("undo", "--yes")).Code);
            await first;
        });
        Assert.Equal(ExitCodes.Done, code);
    }
}

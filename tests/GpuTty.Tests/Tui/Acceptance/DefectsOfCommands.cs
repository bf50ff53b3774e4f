using System.Text.Json;
using GpuTty.Cli;
using GpuTty.Simulation;
using GpuTty.Terminal;
using GpuTty.Tests.Cli;
using GpuTty.Tests.Terminal;
using GpuTty.Tui;

namespace GpuTty.Tests.Tui.Acceptance;

/// <summary>The same walk over lines, commands and terminals.</summary>
public sealed class DefectsOfCommands
{
    [Theory]
    [InlineData("plan vm --for")]
    [InlineData("plan vm --for compute --for monitors")]
    public void UxD12_an_option_without_its_value_or_twice_is_usage(string line)
    {
        var said = Gputty.On("desktop").Run(line.Split(' '));
        Assert.Equal(ExitCodes.Usage, said.Code);
        Assert.DoesNotContain("mistake", said.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--color red")]
    [InlineData("switch up")]
    [InlineData("completions tcsh")]
    [InlineData("switch vm --end-holders maybe")]
    [InlineData("plan vm --for gaming")]
    public void UxD13_no_message_has_raw_escapes(string line) =>
        Assert.DoesNotContain("\\x", Gputty.On("desktop").Run(line.Split(' ')).Error, StringComparison.Ordinal);

    [Fact]
    public async Task UxD17_in_lines_a_letter_is_answered_and_a_refusal_stays_in_sight()
    {
        var text = await PlainLines.Talk("desktop", "v", "y", "no", "q");
        Assert.Contains("A letter is not enough for this", text, StringComparison.Ordinal);
        Assert.Equal(1, text.Split("Card 01:00, GeForce").Length - 1);
        Assert.Equal(2, (await PlainLines.Talk("desktop", "v 77:00", "r", "q")).Split("Card 01:00, GeForce").Length - 1);
    }

    [Fact]
    public async Task UxD18_in_lines_checks_come_before_questions()
    {
        var text = await PlainLines.Talk("vm-running", "h", "q");
        Assert.Contains("A virtual machine is using the card", text, StringComparison.Ordinal);
        Assert.DoesNotContain("What is the card for", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UxD36_in_lines_Ctrl_C_explains_first_and_rolls_back_at_the_second_time_as_with_a_command()
    {
        var clock = new FastClock(20);
        var machine = Machines.Find("desktop")!;
        var host = new SimulatedHost(machine.Machine, clock, machine.FaultPlan);
        var (output, presses) = (new StringWriter(), 0);
        var options = new TuiOptions
        {
            OnInterrupt = heard =>
            {
                for (; presses < 2; presses++) heard();
                return new StringReader("");
            },
        };
        await new PlainMode(
            host,
            new SimulatedSwitchService(host, clock, machine.Journal),
            new StringReader("v 01:00\nyes\nyes\nq"),
            TextWriter.Synchronized(output),
            options)
            .RunAsync(CancellationToken.None)
            .WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Contains(
            "The switch keeps running. Ctrl+C once more rolls everything back; Ctrl+\\ leaves it running",
            output.ToString(),
            StringComparison.Ordinal);
        Assert.Contains("Everything has been rolled back", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(GpuTty.Host.Pci.Owner.HostDriver, GpuTty.Host.Pci.Card.FindAt(host.Machine.Snapshot(), Machines.Card)!.Owner);
    }

    [Theory]
    [InlineData("vt100")]
    [InlineData("vt220")]
    public void UxD38_an_old_terminal_gets_no_colours_and_no_private_modes(string term)
    {
        var traits = TerminalTraits.Of(isConsole: false, null, new TerminalOptions(name => name == "TERM" ? term : ""))!;
        Assert.False(traits.HasColor);
        foreach (var mode in (string[])["?1049", "?2004", "?2026"])
            Assert.DoesNotContain(mode, traits.EnterScreen + traits.LeaveScreen, StringComparison.Ordinal);
    }

    [Fact]
    public void UxD39_nothing_to_tell_is_told_and_documents_are_whole()
    {
        var host = Machines.Find("desktop")!.Machine.Snapshot();
        var bare = Gputty.On(host with { Devices = [.. host.Devices.Where(device => !device.Class.IsDisplay)] }).Run("keep-off", "status");
        Assert.NotEqual("", bare.Out + bare.Error);
        Assert.NotEmpty(Gputty.On("desktop").Run("undo", "--dry-run", "--json").JsonLines);
        foreach (var line in (string[])["keep-off status --json", "pin status --json"])
            Assert.True(
                JsonDocument.Parse(Gputty.On("desktop").Run(line.Split(' ')).Out).RootElement.TryGetProperty("unknowns", out _),
                line);
        Assert.True(Gputty.On("desktop").Run("follow", "--json").JsonLines.Single().TryGetProperty("exit_code", out _));
    }

    [Fact]
    public void UxD40_what_is_no_machine_and_what_is_no_command_are_said_as_what_they_are()
    {
        var gputty = Gputty.On("desktop");
        Assert.DoesNotContain("no simulated machine '--", gputty.Run("demo", "--bogus").Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, gputty.Run("demo", "--list", "extra").Code);
        Assert.DoesNotContain("Did you mean: gputty pin?", gputty.Run("list").Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, gputty.Run("help").Code);
        Assert.Equal(ExitCodes.Done, gputty.Run("-V").Code);
        Assert.Equal(ExitCodes.Done, gputty.Run("demo", "twins", "--plain").Code);
    }

    [Fact]
    public void UxD41_refusals_name_what_is_missing_in_the_right_order()
    {
        var gputty = Gputty.On("desktop");
        Assert.Contains(
            "there is no folder /nonexistent", gputty.Run("report", "-o", "/nonexistent/x.tgz").Error, StringComparison.Ordinal);
        Assert.Contains(
            "There is no PCI device at 0000:ff:1f.7.",
            gputty.Run("clear-override", "0000:ff:1f.7").Error,
            StringComparison.Ordinal);
        Assert.DoesNotContain("Keep it off", gputty.Run("pin", "--help").Out, StringComparison.Ordinal);
        var network = Machines.Find("desktop")!.Machine.Snapshot().Devices.First(device => device.Class.IsNetwork);
        Assert.Contains(
            "is an Ethernet controller",
            gputty.Run("plan", "vm", "--card", network.Address.ToString()).Error,
            StringComparison.Ordinal);
    }

    [TmuxFact]
    public void UxD42_no_command_writes_an_escape_byte_on_a_terminal()
    {
        using var tmux = new Tmux();
        var program = typeof(TuiLoop).Assembly.Location;
        var file = Path.GetTempFileName();
        tmux.Type($"TERM=xterm script -qec 'dotnet {program} demo --list' {file} >/dev/null; echo over", "Enter");
        tmux.WaitFor("\nover");
        var text = File.ReadAllText(file);
        File.Delete(file);
        Assert.Contains("kept-off", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', text);
    }
}

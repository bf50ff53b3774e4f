using GpuTty.Cli;
using GpuTty.Simulation;
using GpuTty.Tests.Cli;
using GpuTty.Tests.Tui;
using GpuTty.Tui;

namespace GpuTty.Tests;

/// <summary>A "y" that was in the terminal's queue before the question was there is no answer to it.</summary>
public sealed class TypedAheadTests
{
    [Fact]
    public void What_was_typed_before_the_question_of_a_switch_is_dropped()
    {
        var typed = new Typed("y");
        var gputty = Gputty.On("desktop").With(isTerminal: true);
        using StringWriter data = new(), errors = new();
        var world = gputty.World(data, errors) with { In = typed, ForgetTyped = typed.Forget };
        // On the clock of the test: a switch that begins anyway comes to its end.
        var code = -1;
        gputty.Meanwhile(async () => code = await CommandLine.RunAsync(["switch", "vm", "--end-sessions"], world, gputty.Entries()));
        Assert.Equal(ExitCodes.Refused, code);
        Assert.Contains("Cancelled.", errors.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, typed.Forgotten);
    }

    [Fact]
    public async Task In_lines_what_was_typed_before_each_consent_and_the_last_question_is_dropped()
    {
        var clock = new FastClock(20);
        var machine = Machines.Find("desktop")!;
        var host = new SimulatedHost(machine.Machine, clock);
        var output = new StringWriter();
        var typed = new Typed("v 01:00", "yes", "yes", "yes");
        await new PlainMode(
            host,
            new SimulatedSwitchService(host, clock, machine.Journal),
            typed,
            output,
            new TuiOptions { Demo = "desktop", ForgetTyped = typed.Forget })
            .RunAsync(default)
            .WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Contains("Close these sessions? yes or no: ", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("1 of ", output.ToString(), StringComparison.Ordinal);
    }

    private sealed class Typed(params string[] lines) : TextReader
    {
        private readonly Queue<string> _lines = new(lines);

        public int Forgotten { get; private set; }

        public void Forget()
        {
            Forgotten += _lines.Count;
            _lines.Clear();
        }

        public override string? ReadLine() => _lines.TryDequeue(out var line) ? line : null;
    }
}

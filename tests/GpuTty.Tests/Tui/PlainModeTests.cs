using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tui;

namespace GpuTty.Tests.Tui;

public sealed class PlainModeTests
{
    [Fact]
    public async Task A_card_goes_to_the_vm_by_questions_and_answers()
    {
        var text = await Talk("desktop", "v 01:00", "yes", "yes", "q");
        Assert.Contains("Card 01:00, GeForce RTX 4090: on the host", text, StringComparison.Ordinal);
        Assert.Contains("Close these sessions? yes or no: ", text, StringComparison.Ordinal);
        Assert.Contains("End session 2 · fernando · GNOME on tty2 (cannot be undone)", text, StringComparison.Ordinal);
        Assert.Contains("ready for a virtual machine", text, StringComparison.Ordinal);
        Assert.Contains("Card 01:00, GeForce RTX 4090: for the VM", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_card_that_comes_home_for_compute_closes_nothing()
    {
        var text = await Talk("desktop", "v 01:00", "yes", "yes", "h 01:00", "compute", "yes", "q");
        Assert.Contains("What is the card for on the host?", text, StringComparison.Ordinal);
        Assert.Contains("Save what 01:00 is used for: compute and rendering", text, StringComparison.Ordinal);
        Assert.Contains("is back on the host", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("desktop", "v 01:00", "no")]
    [InlineData("desktop", "v 01:00", "yes", "no")]
    [InlineData("desktop", "v 01:00", "yes", "")]
    [InlineData("stubborn", "v", "yes", "no")]
    [InlineData("shared-group", "v 01:00")]
    [InlineData("desktop", "h 01:00")]
    [InlineData("desktop", "v 77:00")]
    [InlineData("desktop", "make it so")]
    public async Task Nothing_is_done_without_every_yes(string machine, params string[] answers)
    {
        var text = await Talk(machine, [.. answers, "q"]);
        Assert.DoesNotContain("1 of ", text, StringComparison.Ordinal);
        Assert.Equal(1, text.Split("v moves a card").Length - 1);
    }

    [Fact]
    public async Task That_there_is_nothing_to_do_is_said_with_what_is_so() =>
        Assert.Contains(
            "Card 01:00 is already on the host; nothing to do.", await Talk("desktop", "h 01:00", "q"), StringComparison.Ordinal);

    [Fact]
    public async Task What_the_letters_do_is_told()
    {
        var text = await Talk("desktop", "?", "q");
        Assert.Contains("v ADDRESS  plans the way", text, StringComparison.Ordinal);
        Assert.Equal(1, text.Split("v moves a card").Length - 1);
        Assert.Contains(
            "t          plans to roll the interrupted switch back",
            await Talk("interrupted", "?", "q"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Holders_limits_and_the_exact_commands_are_told_in_lines()
    {
        var text = await Talk("desktop", "v 01:00", "yes", "c", "no", "q");
        Assert.Contains("held by gnome-shell (2101)", text, StringComparison.Ordinal);
        Assert.Contains(", at most ", text, StringComparison.Ordinal);
        Assert.Contains("   $ rmmod nvidia_drm", text, StringComparison.Ordinal);
        Assert.DoesNotContain("1 of ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("agree with --", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_option_is_named_where_none_can_be_typed()
    {
        var text = await Talk("accelerators", "v 0b:00", "no", "q");
        Assert.Contains("Stop the container: docker stop 3f0c5d1e9a7b; or agree to that.", text, StringComparison.Ordinal);
        Assert.DoesNotContain(" --", text, StringComparison.Ordinal);
        var refused = Assert.IsType<PlanResult.Blocked>(SwitchPlanner.Plan(
            Machines.Find("accelerators")!.Machine.Snapshot(), new SwitchIntent(PciAddress.Parse("0b:00.0"), Direction.ToVm)));
        Assert.Equal(
            "Stop the container: docker stop 3f0c5d1e9a7b; or agree with e on page 3 that it is stopped.",
            Assert.Single(refused.Obstacles).RemedyForTui());
    }

    [Fact]
    public async Task A_running_switch_is_taken_back_by_a_letter_that_is_typed_twice()
    {
        var text = await Talk("desktop", "v 01:00", "yes", "yes", "t", "t", "q");
        Assert.Contains("Type t once more", text, StringComparison.Ordinal);
        Assert.Contains("Rolling everything back.", text, StringComparison.Ordinal);
        Assert.Contains("stopped here", text, StringComparison.Ordinal);
        Assert.Equal(2, text.Split("Card 01:00, GeForce RTX 4090: on the host").Length - 1);
        Assert.DoesNotContain(
            "Rolling everything back.", await Talk("desktop", "v 01:00", "yes", "yes", "t", "q"), StringComparison.Ordinal);
    }

    /// <summary>A terminal would break inside of words.</summary>
    [Fact]
    public async Task On_a_terminal_lines_are_broken_between_words()
    {
        var whole = await Talk("desktop", "?", "v 01:00", "no", "q");
        var broken = await Talk("desktop", 80, "?", "v 01:00", "no", "q");
        Assert.Contains(whole.Split('\n'), line => line.Length > 80);
        Assert.All(broken.Split('\n'), line => Assert.True(line.Length < 80, line));
        Assert.Equal(Words(whole), Words(broken));

        static string[] Words(string text) => text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
    }

    [Fact]
    public async Task The_end_of_the_input_is_the_end() => Assert.Contains("Card 01:00", await Talk("desktop"), StringComparison.Ordinal);

    [Fact]
    public async Task An_interrupted_switch_is_told_and_taken_back()
    {
        var text = await Talk("interrupted", "t", "yes", "yes", "q");
        Assert.Contains("was interrupted. t rolls it back", text, StringComparison.Ordinal);
        Assert.Contains("is back on the host", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupted_switch_is_forgotten_only_after_a_whole_yes()
    {
        var kept = await Talk("interrupted", "d", "no", "r", "q");
        Assert.Contains("Forget the interrupted switch?", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("It is left as it is", kept, StringComparison.Ordinal);
        Assert.Contains("It is left as it is, and not offered", await Talk("interrupted", "d", "yes", "q"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("desktop", "v 01:00", "no")]
    [InlineData("stubborn", "v", "yes", "no")]
    [InlineData("desktop", "v 01:00", "yes", "yes", "h 01:00", "both")]
    [InlineData("interrupted", "d", "no")]
    public async Task Whoever_says_no_is_told_that_nothing_has_been_changed(string machine, params string[] answers) =>
        Assert.Contains("Nothing has been changed.", await Talk(machine, [.. answers, "q"]), StringComparison.Ordinal);

    [Fact]
    public async Task A_machine_that_cannot_be_read_is_told_and_looked_at_again()
    {
        var host = new SimulatedHost(Machines.Find("desktop")!.Machine, new FastClock(20));
        var text = await Talk(new OnceSilent(host), new SimulatedSwitchService(host, new FastClock(20)), [() => "r", () => "q"]);
        Assert.Contains("The bus is silent. Wait.", text, StringComparison.Ordinal);
        Assert.Contains("Card 01:00, GeForce RTX 4090", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_switch_that_is_begun_elsewhere_is_followed_from_the_next_answer_on()
    {
        var clock = new FastClock(20);
        var host = new SimulatedHost(Machines.Find("desktop")!.Machine, clock);
        var service = new SimulatedSwitchService(host, clock);
        var text = await Talk(host, service, [Begin, () => "q"]);
        Assert.Contains("1 of ", text, StringComparison.Ordinal);
        Assert.Contains("ready for a virtual machine", text, StringComparison.Ordinal);
        Assert.Contains("Card 01:00, GeForce RTX 4090: for the VM", text, StringComparison.Ordinal);

        string Begin()
        {
            service.BeginAsync(ToVm(host.Machine.Snapshot()), CancellationToken.None).Wait();
            return "r";
        }
    }

    [Fact]
    public async Task What_was_asked_for_on_the_way_is_told()
    {
        var at = Runs.Opened.At;
        var host = new SimulatedHost(Machines.Find("desktop")!.Machine, new FastClock(20));
        var service = new ToldService(
        [
            .. Runs.Until(3),
            new RunEvent.Inserted(3, new StopUnit(new GpuTty.Host.Desktop.UnitName("ollama.service"), "you asked for it")) { At = at },
            new RunEvent.Extended(3, TimeSpan.FromSeconds(77)) { At = at },
            new RunEvent.DesktopRestored("The desktop has been started again.") { At = at },
            new RunEvent.Closed(Outcome.LeftHalfway, "It was left halfway.") { At = at },
        ]);
        var text = await Talk(host, service, [() => "q"]);
        Assert.Contains("one more step, as asked: Stop ollama.service", text, StringComparison.Ordinal);
        Assert.Contains("waits longer, as asked: 77 seconds", text, StringComparison.Ordinal);
        Assert.Contains("The desktop has been started again.", text, StringComparison.Ordinal);
    }

    private static SwitchPlan ToVm(HostSnapshot host) =>
        ((PlanResult.Ready)SwitchPlanner.Plan(host, new SwitchIntent(Machines.Card, Direction.ToVm, EndSessions: true))).Plan;

    private static async Task<string> Talk(IHostReader reader, ISwitchService service, Func<string>[] answers)
    {
        var output = new StringWriter();
        var screen = TextWriter.Synchronized(output);
        var plain = new PlainMode(reader, service, new Typist(new(answers)), screen, new TuiOptions());
        Assert.Equal(0, await plain.RunAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60)));
        return output.ToString();
    }

    /// <summary>Does something elsewhere before each answer.</summary>
    private sealed class Typist(Queue<Func<string>> answers) : TextReader
    {
        public override string? ReadLine() => answers.TryDequeue(out var answer) ? answer() : null;
    }

    /// <summary>The first look finds out nothing.</summary>
    private sealed class OnceSilent(IHostReader reader) : IHostReader
    {
        private bool _hasFailed;

        public Task<HostSnapshot> ReadAsync(SnapshotSections facts, HostSnapshot? before, CancellationToken cancel)
        {
            if (_hasFailed) return reader.ReadAsync(facts, before, cancel);
            _hasFailed = true;
            throw new HostException("The bus is silent.", "Wait.");
        }

        public Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancel) => reader.WaitForChangeAsync(atMost, cancel);
    }

    /// <summary>A run that was begun elsewhere, and ends when it has been told.</summary>
    private sealed class ToldService(ImmutableArray<RunEvent> run) : ISwitchService
    {
        private bool _isTold;

        public ImmutableArray<RunEvent> LastRun() => _isTold ? run : run[..1];
        public ImmutableArray<RunEvent> LastBegun() => LastRun();
        public ImmutableArray<ImmutableArray<RunEvent>> Unfinished() => [];
        public Task DismissAsync(RunEvent.Opened run, CancellationToken cancel) => Task.CompletedTask;
        public bool IsRunning() => !_isTold;
        public Task BeginAsync(SwitchPlan confirmed, CancellationToken cancel) => Task.CompletedTask;
        public Task TakeBackAsync(CancellationToken cancel) => Task.CompletedTask;
        public Task RequestAsync(RunRequest request, CancellationToken cancel) => Task.CompletedTask;

        public Task FollowAsync(Action<RunEvent> onEvent, Action<LogLine> onLog, CancellationToken cancel)
        {
            foreach (var entry in run) onEvent(entry);
            _isTold = true;
            return Task.CompletedTask;
        }
    }

    private static Task<string> Talk(string name, params string[] answers) => Talk(name, null, answers);

    private static async Task<string> Talk(string name, int? columns, params string[] answers)
    {
        var clock = new FastClock(20);
        var machine = Machines.Find(name)!;
        var host = new SimulatedHost(machine.Machine, clock, machine.FaultPlan);
        var output = new StringWriter();
        var screen = TextWriter.Synchronized(output);
        var input = new Keyboard(string.Join('\n', answers), screen);
        var service = new SimulatedSwitchService(host, clock, machine.Journal);
        var plain = new PlainMode(host, service, input, screen, new TuiOptions { Demo = name, Columns = columns });
        Assert.Equal(0, await plain.RunAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60)));
        return output.ToString();
    }

    /// <summary>Each answer ends the line of its question, as on a terminal.</summary>
    private sealed class Keyboard(string answers, TextWriter screen) : StringReader(answers)
    {
        public override string? ReadLine()
        {
            screen.WriteLine();
            return base.ReadLine();
        }
    }
}

using System.IO.Hashing;
using GpuTty.Host.Pci;
using GpuTty.Linux.Kernel;
using GpuTty.Linux.State;
using GpuTty.Linux.Worker;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Switching;
using GpuTty.Tests.Simulation;
using Xunit.Abstractions;

namespace GpuTty.Tests.Linux.State;

/// <summary>A worker is killed while it writes a line of its journal, at any
/// byte of it: what runs after it reads what is left from real files.</summary>
public sealed class TornJournalTests(ITestOutputHelper output) : StateFixture
{
    [Theory]
    [InlineData("desktop 01:00 Never ToVm")]
    [InlineData("desktop 01:00 Never ToHost")]
    [InlineData("kept-off 01:00 Never ToVm")]
    [InlineData("amd 01:00 Never ToHost")]
    public void M3_a_journal_cut_at_any_byte_is_recovered_to_a_whole_or_a_named_state(string name)
    {
        var scenario = Scenario.All[name];
        var machine = scenario.Machine with { BootId = BootId.Read() };
        // As it was when each line was written.
        var machines = new List<Machine>();
        Lab lab = null!;
        lab = new Lab(machine) { Hears = _ => machines.Add(lab.Machine) };
        Assert.Equal(Outcome.Switched, lab.Run(scenario.Plan));
        var sum = new Crc32();
        var lines = lab.Journal.Select(entry => JournalReader.Line(entry, sum)).ToList();
        var (bytes, recoveries) = (0, 0);
        byte[] whole = [];
        for (var line = 0; line < lines.Count; line++)
        {
            for (var cut = 0; cut < lines[line].Length; cut++, bytes++)
            {
                byte[] left = [.. whole, .. lines[line].AsSpan(0, cut)];
                Assert.Equal(line, JournalReader.Parse(left) is JournalContent.Run run ? run.Events.Length : 0);
                // The same whole lines before it: recovered once for each kind of
                // tail, and once with the room behind it that was taken before.
                if (cut != 0 && cut != lines[line].Length / 2 && cut != lines[line].Length - 1) continue;
                AssertRecovered(
                    scenario,
                    machine,
                    machines[line],
                    cut == 0 ? [.. left, .. new byte[1024]] : left,
                    $"line {line}, byte {cut}");
                recoveries++;
            }
            whole = [.. whole, .. lines[line]];
        }
        Counts.Add(output, "cut journals read", bytes);
        Counts.Add(output, "cut journals recovered", recoveries);
    }

    private void AssertRecovered(Scenario scenario, Machine before, Machine now, byte[] journal, string at)
    {
        State.Ensure();
        State.Lib.Replace(FileJournal.Name, journal);
        var clock = new FakeClock();
        var host = new SimulatedHost(now, clock);
        string? said = null;
        clock.Run(async () => said = await new RecoverCommand(State, clock, host, _ => host).RunAsync());
        clock.Advance(TimeSpan.FromMinutes(2));
        if (JournalReader.Parse(journal) is not JournalContent.Run)
        {
            // Its first line: a run without one has not begun anything.
            Assert.True(Lab.Shape(before) == Lab.Shape(host.Machine) && said is null && host.Calls.IsEmpty, at);
            return;
        }
        var events = Assert.IsType<JournalContent.Run>(FileJournal.Read(State.Lib));
        var run = RunState.Fold(events.Events)!;
        Assert.True(said is not null && !events.IsTorn && (run.IsClosed || run.DesktopRestored), $"{at}: {said}");
        if (before.Desktop is { } desktop) Assert.True(host.Machine.FindService(desktop.Unit)!.IsActive, $"no desktop: {at}");
        var owner = Card.FindAt(host.Machine.Snapshot(), scenario.Plan.Intent.Card)!.Owner;
        if (InterruptedRun.Of(events.Events, host.Machine.Snapshot(), isRunning: false) is not { } open)
        {
            // Nobody has closed it where the last thing to happen, the desktop's screen, came after the recovery had looked.
            var end = run.Outcome ?? InterruptedRun.EndOf(run, host.Machine.Snapshot());
            Assert.True(
                end == Outcome.Switched
                    ? scenario.IsReached(host.Machine.Snapshot())
                    : end == Outcome.TakenBack && owner is Owner.HostDriver or Owner.Vfio,
                $"{at}: {end}, {owner}: {said}");
            return;
        }
        Assert.Contains("to resume or to undo it", said, StringComparison.Ordinal);
        var back = new Lab(host.Machine);
        if (SwitchPlanner.Plan(back.Look(), open.TakeBack) is PlanResult.Ready ready) back.Run(ready.Plan);
        back.Pass(60);
        Assert.True(
            Lab.Shape(before with { Memory = back.Machine.Memory }) == Lab.Shape(back.Machine),
            $"{at}:\n{Lab.Shape(back.Machine)}");
    }
}

using GpuTty.Host;
using GpuTty.Planning.Plans;
using GpuTty.Switching;
using GpuTty.Tests.Simulation;
using Xunit.Abstractions;

namespace GpuTty.Tests.Switching;

/// <summary>The disk is full, or breaks, in the middle of a switch: the journal takes no more from its n-th line on.</summary>
public sealed class JournalLossTests(ITestOutputHelper output)
{
    public static TheoryData<string> Plans => Scenario.Reaching;

    [Theory, MemberData(nameof(Plans))]
    public void A_run_that_can_no_longer_be_written_down_is_taken_back_from_memory(string name)
    {
        var (machine, plan) = Scenario.All[name];
        for (var lines = 1; ; lines++)
        {
            var (lab, log) = (new Lab(machine), new List<LogLine>());
            var journal = new FullDisk(lab, lines);
            var outcome = Outcome.Refused;
            lab.Clock.Run(async () =>
                outcome = await new SwitchRunner(lab.Host, lab.Host, journal, lab.Clock, log.Add).RunAsync(
                    plan, lab.Look(), CancellationToken.None));
            lab.Pass(60);
            if (journal.Refused == 0)
            {
                Counts.Add(output, "journals that broke in the middle", lines - 1);
                Assert.True(lines > plan.Steps.Length);
                return;
            }
            Assert.Equal(1, journal.Refused);
            Assert.Contains(log, line => line.Level == LogLevel.Error && line.Text.Contains("No space left", StringComparison.Ordinal));
            // Only the last word is missing: all of it was seen to happen, and the next look shows it.
            if (lab.Journal[^1] is RunEvent.Done done && done.Step == plan.Steps.Length - 1) Assert.Equal(Outcome.Switched, outcome);
            else Assert.True(
                outcome == Outcome.TakenBack && Lab.Shape(machine, plan) == Lab.Shape(lab.Machine, plan),
                $"after {lines} lines, {lab.Journal[^1]}: {outcome}");
        }
    }

    [Fact]
    public void A_run_whose_first_line_cannot_be_written_does_nothing()
    {
        var lab = Lab.On("desktop");
        var plan = lab.Plan(Direction.ToVm);
        Assert.Throws<HostException>(() =>
            lab.Clock.Run(() => new SwitchRunner(lab.Host, lab.Host, new FullDisk(lab, 0), lab.Clock, _ => { }).RunAsync(
            plan, lab.Look(), CancellationToken.None)));
        Assert.Empty(lab.Host.Calls);
    }
}

using GpuTty.Host;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Switching;
using GpuTty.Tests.Simulation;
using Xunit.Abstractions;

namespace GpuTty.Tests.Switching;

/// <summary>In the middle of a switch one part of the machine can no longer be read, as
/// the real reader fails: an empty list, and the word that it is unknown.</summary>
public sealed class BlindPartTests(ITestOutputHelper output)
{
    public static TheoryData<string> Plans => Scenario.Reaching;

    [Theory, MemberData(nameof(Plans))]
    public void No_run_goes_on_over_a_step_that_looks_at_a_part_which_went_blind(string name)
    {
        var (machine, plan) = Scenario.All[name];
        var seen = machine.Snapshot();
        var drills = 0;
        foreach (var fact in Blindness.Facts)
        {
            // The first step at or after each one that looks at the part.
            for (var from = 0; from < plan.Steps.Length; from++)
            {
                var blocked = Enumerable.Range(from, plan.Steps.Length - from).FirstOrDefault(
                    index => plan.Steps[index].PartsOf(seen).Any(part => part.Fact == fact), -1);
                if (blocked < 0 || (from != blocked && from != 0)) continue;
                FaultPlan(machine, plan, fact, from, blocked);
                drills++;
            }
        }
        Assert.NotEqual(0, drills);
        Counts.Add(output, "runs in which a part went blind", drills);
    }

    [Fact]
    public void A_part_that_can_be_read_again_in_time_stops_nothing()
    {
        var (machine, plan) = Scenario.All[Scenario.All.Keys.First(name =>
            name.StartsWith("desktop ", StringComparison.Ordinal) && name.EndsWith("ToVm", StringComparison.Ordinal))];
        foreach (var fact in Blindness.Facts)
        {
            Lab? lab = null;
            lab = new Lab(machine)
            {
                Hears = entry =>
                {
                    if (entry is RunEvent.Begun) lab!.Host.GoBlind(fact);
                    if (entry is RunEvent.Waiting { For: var why } && why.StartsWith("unknown", StringComparison.Ordinal))
                        lab!.Host.GoBlind(fact, isBlind: false);
                },
            };
            Assert.Equal(Outcome.Switched, lab.Run(plan));
        }
    }

    private static void FaultPlan(Machine machine, SwitchPlan plan, UnknownFact fact, int from, int blocked)
    {
        var at = $"{fact} blind from \"{plan.Steps[from].Describe()}\" on";
        Lab? lab = null;
        var (callsAtBegin, callsAtEnd) = (-1, -1);
        lab = new Lab(machine)
        {
            Planned = plan,
            Hears = entry =>
            {
                if (entry is RunEvent.Begun begun && begun.Step == from) lab!.Host.GoBlind(fact);
                if (entry is RunEvent.Begun reached && reached.Step == blocked) callsAtBegin = lab!.Host.Calls.Length;
                if (entry is RunEvent.Failed failed && failed.Step == blocked) callsAtEnd = lab!.Host.Calls.Length;
            },
        };
        var before = Lab.Shape(machine, plan);
        var outcome = lab.Run(plan);
        lab.Pass(60);
        Assert.True(outcome is Outcome.TakenBack or Outcome.LeftHalfway, $"{at}: {outcome}: {lab.Summary}");
        Assert.True(
            blocked == lab.Journal.OfType<RunEvent.Begun>().Max(begun => begun.Step),
            $"{at}: went on over \"{plan.Steps[blocked].Describe()}\"");
        Assert.True(callsAtBegin >= 0 && callsAtBegin == callsAtEnd, $"{at}: \"{plan.Steps[blocked].Describe()}\" was done without a look");
        Assert.DoesNotContain(lab.Host.Calls.Skip(callsAtEnd), call => call.Verb is Verb.EndSession or Verb.EndProcess);
        Assert.Contains("unknown", lab.Summary, StringComparison.Ordinal);
        if (outcome == Outcome.TakenBack) Assert.Equal(before, Lab.Shape(lab.Machine, plan));
        if (lab.Machine.Desktop is { } desktop)
            Assert.True(lab.Machine.FindService(desktop.Unit)!.IsActive, $"{at}: no desktop: {lab.Summary}");
    }
}

using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tests.Simulation;
using Xunit.Abstractions;

namespace GpuTty.Tests.Switching;

/// <summary>Every call of every plan goes wrong once, in every way a call can go wrong.</summary>
public sealed class FaultTests(ITestOutputHelper output)
{
    public static TheoryData<string> Plans => Scenario.Reaching;

    [Theory, MemberData(nameof(Plans))]
    public void L9_a_call_that_is_refused_once_leaves_the_machine_as_it_was(string name) =>
        ForEachCall(name, (n, _) => new Fault(FaultKind.Refused, Nth: n), (lab, before, fault) =>
        {
            var outcome = Ended(lab, fault);
            Assert.NotEqual(Outcome.LeftHalfway, outcome);
            if (outcome == Outcome.TakenBack) Assert.Equal(before, Lab.Shape(lab.Machine, lab.Planned));
        });

    [Theory, MemberData(nameof(Plans))]
    public void A_call_that_is_refused_for_ever_is_named_and_nothing_is_left_unsaid(string name) =>
        ForEachCall(name, Again, (lab, before, fault) =>
        {
            var outcome = Ended(lab, fault);
            if (outcome == Outcome.Switched) return;
            Assert.NotEmpty(lab.Journal.OfType<RunEvent.Failed>());
            var left = lab.Journal.OfType<RunEvent.NotTakenBack>().ToList();
            Assert.Equal(outcome == Outcome.LeftHalfway, left.Count > 0);
            Assert.All(
                left,
                entry => Assert.Contains(
                    RunState.Fold(lab.Journal)!.Steps[entry.Step].Step.Undo()!.Describe(), lab.Summary, StringComparison.Ordinal));
            if (left.Count == 0) Assert.Equal(before, Lab.Shape(lab.Machine, lab.Planned));
            else AssertCanStillBeTakenBack(lab, before);
        });

    [Theory, MemberData(nameof(Plans))]
    public void An_effect_that_comes_three_seconds_late_is_waited_for(string name) =>
        ForEachCall(name, (n, _) => new Fault(FaultKind.Late, Nth: n), (lab, _, fault) =>
        Assert.True(Ended(lab, fault) == Outcome.Switched, $"{fault}: {lab.Summary}"));

    [Theory, MemberData(nameof(Plans))]
    public void Success_without_an_effect_is_noticed_and_taken_back(string name) =>
        ForEachCall(name, (n, _) => new Fault(FaultKind.OnlySaysSo, Nth: n), (lab, before, fault) =>
        {
            var outcome = Ended(lab, fault);
            Assert.NotEqual(Outcome.LeftHalfway, outcome);
            if (outcome == Outcome.TakenBack) Assert.Equal(before, Lab.Shape(lab.Machine, lab.Planned));
        });

    /// <summary>Case M7 of the failure matrix: a write that the kernel does not finish.</summary>
    [Theory, MemberData(nameof(Plans))]
    public void A_write_that_never_returns_ends_all_writing_and_the_desktop_comes_back(string name) =>
        ForEachCall(name, (n, _) => new Fault(FaultKind.Hangs, Nth: n), (lab, before, fault) =>
        {
            var hung = lab.Host.Calls[fault.Nth - 1];
            if (!hung.TouchesPci)
            {
                Assert.True(Ended(lab, fault) is Outcome.Switched or Outcome.TakenBack, $"{hung}: {lab.Summary}");
                if (Ended(lab, fault) == Outcome.TakenBack) Assert.Equal(before, Lab.Shape(lab.Machine, lab.Planned));
                return;
            }
            Assert.True(
                Ended(lab, fault) is Outcome.LeftHalfway || before == Lab.Shape(lab.Machine, lab.Planned),
                $"{hung}: {lab.Summary}");
            Assert.DoesNotContain(lab.Host.Calls.Skip(fault.Nth), call => call.TouchesPci);
            if (lab.Machine.Desktop is { } desktop)
                Assert.True(lab.Machine.FindService(desktop.Unit)!.IsActive, $"no desktop after {hung}");
        });

    [Fact]
    public void A_module_that_is_let_go_of_in_the_last_moment_still_has_all_its_time_to_be_unloaded()
    {
        Lab? lab = null;
        SwitchPlan? plan = null;
        lab = new Lab(Machines.Find("desktop")!.Machine)
        {
            Hears = entry =>
            {
                if (entry is not RunEvent.Begun begun || plan!.Steps[begun.Step] is not UnloadModule { Module: "nvidia" } step) return;
                lab!.Host.Happen(m => Used(m, 1).After(step.Limit() - TimeSpan.FromSeconds(0.05), late => Used(late, 0)));
            },
        };
        plan = lab.Plan(Direction.ToVm);
        Assert.True(lab.Run(plan) == Outcome.Switched, lab.Summary);

        static Machine Used(Machine machine, int uses) => machine.With(machine.FindModule("nvidia")! with { KernelUses = uses });
    }

    /// <summary>Case M7 of the failure matrix, and what the kernel says about itself: after its
    /// crash no step is begun that changes anything but to bring the desktop back.</summary>
    [Theory, MemberData(nameof(Plans))]
    public void A_kernel_that_crashes_in_a_step_ends_the_run_before_the_next_one_and_all_writing(string name)
    {
        const long died = 1 << 7;
        var (machine, plan) = Scenario.All[name];
        for (var index = 0; index < plan.Steps.Length; index++)
        {
            var (step, callsBefore) = (index, -1);
            Lab? lab = null;
            lab = new Lab(machine)
            {
                Hears = entry =>
                {
                    if (entry is not RunEvent.Done done || done.Step != step) return;
                    lab!.Host.Happen(m => m with { Taint = m.Taint | died });
                    callsBefore = lab.Host.Calls.Length;
                },
            };
            var outcome = lab.Run(plan);
            Assert.True(callsBefore >= 0, $"never reached: {plan.Steps[index].Describe()}");
            lab.Pass(60);
            var next = plan.Steps.Skip(index + 1).FirstOrDefault(s => !s.NeedsNoUndo());
            if (outcome == Outcome.Switched)
            {
                Assert.True(
                    next is null || lab.Host.Calls.Length == callsBefore,
                    $"{next?.Describe()} was taken after a crash in {plan.Steps[index].Describe()}");
                continue;
            }
            Assert.Contains("The kernel has crashed", lab.Summary, StringComparison.Ordinal);
            if (outcome == Outcome.LeftHalfway) Assert.Contains("reboot", lab.Summary, StringComparison.Ordinal);
            Assert.DoesNotContain(lab.Host.Calls.Skip(callsBefore), call => call.TouchesPci);
            if (lab.Machine.Desktop is { } desktop)
                Assert.True(lab.Machine.FindService(desktop.Unit)!.IsActive, $"no desktop after {plan.Steps[index].Describe()}");
        }
        Counts.Add(output, "crashes of the kernel between two steps", plan.Steps.Length);
    }

    [Theory, MemberData(nameof(Plans))]
    public void Whenever_the_user_asks_everything_is_taken_back(string name)
    {
        var (machine, plan) = Scenario.All[name];
        for (var index = 0; index < plan.Steps.Length; index++)
        {
            var step = index;
            var lab = new Lab(machine) { Planned = plan, AsksBackAt = entry => entry is RunEvent.Begun begun && begun.Step == step };
            var before = Lab.Shape(lab.Machine, lab.Planned);
            var outcome = lab.Run(plan);
            lab.Pass(60);
            Assert.True(outcome == Outcome.TakenBack, $"{plan.Steps[index].Describe()}: {lab.Summary}");
            Assert.Equal(before, Lab.Shape(lab.Machine, lab.Planned));
        }
    }

    private static Outcome Ended(Lab lab, Fault fault) =>
        lab.Journal.OfType<RunEvent.Closed>().LastOrDefault()?.Outcome ?? throw new InvalidOperationException($"no end after {fault}");

    /// <summary>Once nothing refuses any more, the user's next undo leads to where it all began.</summary>
    private static void AssertCanStillBeTakenBack(Lab lab, string before)
    {
        var planned = lab.Planned;
        var later = new Lab(lab.Machine);
        if (SwitchPlanner.Plan(later.Look(), InterruptedRun.UndoOf(lab.Journal, later.Look())!) is PlanResult.Ready ready)
            later.Run(ready.Plan);
        later.Pass(60);
        Assert.Equal(before, Lab.Shape(later.Machine, planned));
    }

    /// <summary>The same call, each time it is made.</summary>
    private static Fault Again(int n, IReadOnlyList<Call> calls) =>
        new(FaultKind.Refused, calls[n - 1].Verb, calls[n - 1].Target, calls.Take(n).Count(call => call == calls[n - 1]), Fault.ForEver);

    private void ForEachCall(string name, Func<int, IReadOnlyList<Call>, Fault> fault, Action<Lab, string, Fault> check)
    {
        var (machine, plan) = Scenario.All[name];
        var clean = new Lab(machine);
        clean.Run(plan);
        for (var n = 1; n <= clean.Host.Calls.Length; n++)
        {
            var wrong = fault(n, clean.Host.Calls);
            var lab = new Lab(machine, new FaultPlan(wrong)) { Planned = plan };
            var before = Lab.Shape(lab.Machine, lab.Planned);
            lab.Run(plan);
            lab.Pass(60);
            try { check(lab, before, wrong); }
            catch (Xunit.Sdk.XunitException)
            {
                output.WriteLine($"call {n} of {clean.Host.Calls.Length}: {clean.Host.Calls[n - 1]}");
                foreach (var entry in lab.Journal.Skip(1)) output.WriteLine($"{entry}");
                throw;
            }
        }
        Counts.Add(output, "faults injected", clean.Host.Calls.Length);
    }
}

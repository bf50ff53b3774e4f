using System.Collections.Immutable;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Steps;
using GpuTty.Switching;

namespace GpuTty.Simulation;

/// <summary>What a worker leaves behind that was killed in the middle: a machine halfway and a journal without an end.</summary>
internal sealed record Interruption(Machine Machine, ImmutableArray<RunEvent> Journal)
{
    /// <param name="whole">The machine before the run.</param>
    /// <param name="intent">What the run was to do.</param>
    /// <param name="diesAt">The step that was begun and never done.</param>
    public static Interruption During(Machine whole, SwitchIntent intent, Func<Step, bool> diesAt)
    {
        var before = whole.Snapshot();
        if (SwitchPlanner.Plan(before, intent) is not PlanResult.Ready { Plan: var plan }) return new(whole, []);
        var run = new Replay(whole);
        var journal = ImmutableArray.CreateBuilder<RunEvent>();
        journal.Add(new RunEvent.Opened(RunEvent.Opened.CurrentSchema, before.BootId, 5120, intent, Card.FindAt(before, intent.Card)!.Owner,
            plan.DesktopImpact, plan.Risk, plan.Steps, plan.Consequences)
        { At = whole.Now });
        for (var index = 0; index < plan.Steps.Length; index++)
        {
            var began = run.Machine.Now;
            journal.Add(new RunEvent.Begun(index, plan.Steps[index].Limit()) { At = began });
            if (diesAt(plan.Steps[index])) break;
            run.Take(plan.Steps[index]);
            run.Pass(TimeSpan.FromSeconds(0.1));
            journal.Add(new RunEvent.Done(index, run.Machine.Now - began) { At = run.Machine.Now });
        }
        return new Interruption(run.Machine, journal.ToImmutable()).WithDesktopBack();
    }

    /// <summary>What the worker's unit does after a kill: the services that it had stopped run again, and PCI is left alone.</summary>
    private Interruption WithDesktopBack()
    {
        var run = new Replay(Machine);
        run.Pass(TimeSpan.FromSeconds(1));
        foreach (var unit in InterruptedRun.UnitsToStart(RunState.Fold(Journal)!)) run.Take(new StartUnit(unit, "the desktop"));
        run.Pass(TimeSpan.FromSeconds(10));
        return new Interruption(
            run.Machine,
            Journal.Add(new RunEvent.DesktopRestored(
                "The worker was killed. The desktop has been started again; nothing more was written to PCI.")
            {
                At = run.Machine.Now,
            }));
    }
}

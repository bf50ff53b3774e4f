using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Steps;

namespace GpuTty.Switching;

/// <summary>
/// Runs a plan step by step. Each begin is on the disk before the step; each end is seen, not believed. A step that does not happen
/// stops the run, and what was begun is rolled back in reverse. Cancelling means "roll everything back", also in the middle of a wait.
/// </summary>
/// <param name="requests">What people ask for while it runs; null where nobody can.</param>
public sealed class SwitchRunner(
    IHostReader reader, IHostControls controls, IJournal journal, TimeProvider clock, Action<LogLine> log, IRunRequests? requests = null)
{
    /// <param name="before">The snapshot the plan was made from.</param>
    /// <param name="takeBack">The user's request to roll everything back.</param>
    public async Task<Outcome> RunAsync(SwitchPlan plan, HostSnapshot before, CancellationToken takeBack)
    {
        var record = new RunRecord(journal, clock, log);
        record.Open(new RunEvent.Opened(RunEvent.Opened.CurrentSchema, before.BootId, before.Caller.Pid, plan.Intent,
            Card.FindAt(before, plan.Intent.Card)?.Owner ?? Owner.Nobody, plan.DesktopImpact, plan.Risk, plan.Steps, plan.Consequences)
        { At = record.Now }, PlanText.KeepsWhatIsReached(before, plan));
        var run = new RunSteps(plan.Steps);
        var steps = new StepRunner(reader, controls, clock, WithUnitsOf(plan, before), plan.Intent.Card);
        var forward = new ForwardSteps(run, steps, record, clock);
        var handler = new RequestHandler(requests, plan, before.Caller, run, steps, forward, record, clock);
        var missed = new MissedStarts(run, steps, record);
        for (; !run.IsThrough; run.At++)
        {
            var failure = await forward.TakeAsync(HandleAsync, takeBack);
            // What is refused once may be done the next time.
            if (failure is { Code: FailureCode.RefusedBySystem } && missed.IsAtOne)
                failure = await forward.TakeAsync(HandleAsync, takeBack);
            if (failure is null || missed.Accept(failure)) continue;
            var rollBack = new RollBack(run, steps, record);
            return PlanText.KeepsWhatIsReached(before, plan)
                ? await new SingleGpuReturn(plan, run, steps, forward, rollBack, missed, record).RunAsync(failure, HandleAsync, takeBack)
                : await rollBack.RunAsync(failure);
        }
        return record.Close(Outcome.Switched, RunSummary.Switched(plan, steps.Seen) + missed.Told);

        Task<bool> HandleAsync(StepDeadline limit) => handler.HandleAsync(limit, takeBack);
    }

    /// <summary>A look asks only about units it has reason to: that these
    /// are started is to be seen, also of those that hold nothing.</summary>
    private static HostSnapshot WithUnitsOf(SwitchPlan plan, HostSnapshot before) => before with
    {
        Units =
        [
            .. before.Units,
            .. plan.Steps
                .OfType<StartUnit>()
                .Select(step => step.Unit)
                .Distinct()
                .Where(unit => before.FindUnit(unit) is null)
                .Select(unit => new SystemdUnit(unit, "inactive")),
        ],
    };
}

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
public sealed partial class SwitchRunner(
    IHostReader reader, IHostControls controls, IJournal journal, TimeProvider clock, Action<LogLine> log, IRunRequests? requests = null)
{
    /// <summary>The plan's steps, and those that were asked for on the way.</summary>
    private readonly List<Step> _way = [];
    private int _at;

    /// <param name="before">The snapshot the plan was made from.</param>
    /// <param name="takeBack">The user's request to roll everything back.</param>
    public async Task<Outcome> RunAsync(SwitchPlan plan, HostSnapshot before, CancellationToken takeBack)
    {
        var home = Card.FindAt(before, plan.Intent.Card)?.Owner ?? Owner.Nobody;
        journal.Append(new RunEvent.Opened(RunEvent.Opened.CurrentSchema, before.BootId, before.Viewer.Pid, plan.Intent, home,
            plan.DesktopImpact, plan.Risk, plan.Steps, plan.Consequences)
        { At = Now });
        var steps = new StepRunner(reader, controls, clock, WithUnitsOf(plan, before), plan.Intent.Card);
        _way.AddRange(plan.Steps);
        for (_at = 0; _at < _way.Count; _at++)
        {
            if (await ForwardAsync(steps, limit => HeedAsync(plan, before.Viewer, steps, limit, takeBack), takeBack) is not { } failure)
                continue;
            return PlanWords.KeepsWhatIsReached(before, plan)
                ? await ReturnSingleGpuAsync(
                    plan, steps, failure, limit => HeedAsync(plan, before.Viewer, steps, limit, takeBack), takeBack)
                : await TakeBackAsync(steps, _at, failure);
        }
        return Close(Outcome.Switched, RunSummary.Switched(plan, steps.Seen));
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

    private async Task<StepFailure?> ForwardAsync(StepRunner steps, Func<StepLimit, Task<bool>>? handleRequest, CancellationToken takeBack)
    {
        var step = _way[_at];
        var began = clock.GetTimestamp();
        Record(new RunEvent.Begun(_at, step.Limit()) { At = Now });
        Log(LogLevel.Info, step.Describe());
        var failure = JournalLoss(handleRequest)
            ?? (takeBack.IsCancellationRequested
                ? StepFailure.Requested()
                : await steps.TakeAsync(step, Waiting(), takeBack, handleRequest));
        var took = clock.GetElapsedTime(began);
        if (failure is null)
        {
            Record(new RunEvent.Done(_at, took) { At = Now });
            Log(LogLevel.Info, $"{step.Describe()}: done after {took.TotalSeconds:0.0} s");
            failure = JournalLoss(handleRequest);
        }
        else
        {
            Record(new RunEvent.Failed(_at, failure.Problem, failure.Remedy) { At = Now, Code = failure.Code });
            Log(LogLevel.Error, $"{step.Describe()}: {failure.Problem}");
        }
        return failure;
    }

    private async Task<Outcome> TakeBackAsync(StepRunner steps, int failedAt, StepFailure failure)
    {
        Record(new RunEvent.TakingBack(failure.Problem) { At = Now, Code = failure.Code });
        steps.IsOnTheWayBack = true;
        var noPci = failure.EndsPciWrites;
        var left = new List<string>();
        for (_at = failedAt; _at >= 0; _at--)
        {
            if (_way[_at].Undo() is not { } undo) continue;
            // What is left halfway still has to go home one day.
            if (undo is DropOriginalState && left.Count > 0) continue;
            var problem = noPci && MustNot(undo) is { } why
                ? new StepFailure(FailureCode.NotAttempted, $"{StepProgress.NotTried} {why}", failure.Remedy, true)
                : await steps.TakeAsync(undo, Waiting(), CancellationToken.None);
            if (problem is null or { IsGone: true })
            {
                Record(new RunEvent.TakenBack(_at) { At = Now });
                Log(LogLevel.Info, $"rolled back: {undo.Describe()}");
                continue;
            }
            noPci |= problem.EndsPciWrites;
            left.Add(undo.Describe());
            Record(new RunEvent.NotTakenBack(_at, problem.Problem, problem.Remedy) { At = Now, Code = problem.Code });
            Log(LogLevel.Error, $"not rolled back: {undo.Describe()}: {problem.Problem}");
        }
        return left.Count == 0
            ? Close(Outcome.TakenBack, RunSummary.TakenBack(_way.Take(failedAt + 1), failure))
            : Close(Outcome.LeftHalfway, RunSummary.LeftHalfway(failure, left));
    }

    /// <summary>What is left alone when the kernel is stuck or has crashed: PCI,
    /// and services that need the card, which would only hang or fail.</summary>
    private string? MustNot(Step undo) => undo switch
    {
        _ when undo.TouchesPci() => "nothing may be written to PCI any more.",
        StartUnit start when !_way.OfType<StartUnit>().Any(promised => promised.Unit == start.Unit) => "it needs the card.",
        _ => null,
    };

    private Outcome Close(Outcome outcome, string summary)
    {
        Record(new RunEvent.Closed(outcome, summary) { At = Now });
        Log(outcome == Outcome.Switched ? LogLevel.Info : LogLevel.Warning, summary);
        return outcome;
    }

    /// <summary>Only news goes into the journal.</summary>
    private Action<string> Waiting()
    {
        string? last = null;
        return text =>
        {
            if (text == last) return;
            last = text;
            Record(new RunEvent.Waiting(_at, text) { At = Now });
        };
    }

    private void Log(LogLevel level, string text) => log(new LogLine(Now, level, LogSource.Step, text));

    private DateTimeOffset Now => clock.GetUtcNow();
}

using GpuTty.Host;
using GpuTty.Planning;
using GpuTty.Steps;

namespace GpuTty.Switching;

/// <summary>
/// Runs a plan step by step. Each begin is on the disk before the step; each end is seen, not believed. A step that does not happen
/// stops the run, and what was begun is taken back in reverse. Cancelling means "take everything back", also in the middle of a wait.
/// </summary>
public sealed class SwitchRunner(IHostReader reader, IHostControls controls, IJournal journal, TimeProvider clock, Action<LogLine> log)
{
    /// <param name="before">The snapshot the plan was made from.</param>
    /// <param name="takeBack">The user's wish to take everything back.</param>
    public async Task<Outcome> RunAsync(SwitchPlan plan, HostSnapshot before, CancellationToken takeBack)
    {
        var home = Card.FindAt(before, plan.Intent.Card)?.Owner ?? Owner.Nobody;
        journal.Append(new RunEvent.Opened(RunEvent.Opened.CurrentSchema, before.BootId, before.Viewer.Pid, plan.Intent, home,
            plan.Road, plan.Risk, plan.Steps, plan.Consequences)
        { At = Now });
        var steps = new StepRunner(reader, controls, clock, before);
        for (var index = 0; index < plan.Steps.Length; index++)
        {
            if (await ForwardAsync(steps, index, plan.Steps[index], takeBack) is { } failure)
                return await TakeBackAsync(plan, steps, index, failure);
        }
        return Close(Outcome.Switched, RunSummary.Switched(plan, steps.Seen));
    }

    private async Task<StepFailure?> ForwardAsync(StepRunner steps, int index, Step step, CancellationToken takeBack)
    {
        var began = clock.GetTimestamp();
        journal.Append(new RunEvent.Begun(index, step.Limit()) { At = Now });
        Log(LogLevel.Info, step.Describe());
        var failure = takeBack.IsCancellationRequested ? StepFailure.Wished() : await steps.TakeAsync(step, Waiting(index), takeBack);
        var took = clock.GetElapsedTime(began);
        if (failure is null)
        {
            journal.Append(new RunEvent.Done(index, took) { At = Now });
            Log(LogLevel.Info, $"{step.Describe()}: seen after {took.TotalSeconds:0.0} s");
        }
        else
        {
            journal.Append(new RunEvent.Failed(index, failure.Problem, failure.Remedy) { At = Now });
            Log(LogLevel.Error, $"{step.Describe()}: {failure.Problem}");
        }
        return failure;
    }

    private async Task<Outcome> TakeBackAsync(SwitchPlan plan, StepRunner steps, int failedAt, StepFailure failure)
    {
        journal.Append(new RunEvent.TakingBack(failure.Problem) { At = Now });
        var noPci = failure.EndsPciWrites;
        var left = new List<string>();
        for (var index = failedAt; index >= 0; index--)
        {
            if (plan.Steps[index].Undo() is not { } undo) continue;
            var problem = noPci && undo.TouchesPci()
                ? new StepFailure("Not tried: nothing may be written to PCI any more.", failure.Remedy, true)
                : await steps.TakeAsync(undo, Waiting(index), CancellationToken.None);
            if (problem is null)
            {
                journal.Append(new RunEvent.TakenBack(index) { At = Now });
                Log(LogLevel.Info, $"taken back: {undo.Describe()}");
                continue;
            }
            noPci |= problem.EndsPciWrites;
            left.Add(undo.Describe());
            journal.Append(new RunEvent.NotTakenBack(index, problem.Problem, problem.Remedy) { At = Now });
            Log(LogLevel.Error, $"not taken back: {undo.Describe()}: {problem.Problem}");
        }
        return left.Count == 0
            ? Close(Outcome.TakenBack, RunSummary.TakenBack(plan, failedAt, failure))
            : Close(Outcome.LeftHalfway, RunSummary.LeftHalfway(failure, left));
    }

    private Outcome Close(Outcome outcome, string summary)
    {
        journal.Append(new RunEvent.Closed(outcome, summary) { At = Now });
        Log(outcome == Outcome.Switched ? LogLevel.Info : LogLevel.Warning, summary);
        return outcome;
    }

    /// <summary>Only news goes into the journal.</summary>
    private Action<string> Waiting(int index)
    {
        string? last = null;
        return text =>
        {
            if (text == last) return;
            last = text;
            journal.Append(new RunEvent.Waiting(index, text) { At = Now });
        };
    }

    private void Log(LogLevel level, string text) => log(new LogLine(Now, level, LogSource.Step, text));

    private DateTimeOffset Now => clock.GetUtcNow();
}

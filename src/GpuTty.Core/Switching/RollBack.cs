using GpuTty.Steps;

namespace GpuTty.Switching;

/// <summary>The way back of a run that has failed: what was begun is undone in reverse, and each undoing is seen like any step.</summary>
internal sealed class RollBack(RunSteps run, StepRunner steps, RunRecord record)
{
    /// <param name="failure">Why the step that the run is at did not happen.</param>
    public async Task<Outcome> RunAsync(StepFailure failure)
    {
        var failedAt = run.At;
        record.Add(new RunEvent.TakingBack(failure.Problem) { At = record.Now, Code = failure.Code });
        steps.IsOnTheWayBack = true;
        var noPci = failure.EndsPciWrites;
        var left = new List<string>();
        for (; run.At >= 0; run.At--)
        {
            if (run.Current.Undo(steps.Seen) is not { } undo) continue;
            // What is left halfway still has to be returned one day.
            if (undo is DropOriginalState && left.Count > 0) continue;
            var problem = noPci && MustNot(undo) is { } why
                ? new StepFailure(FailureCode.NotAttempted, $"{StepProgress.NotTried} {why}", failure.Remedy, true)
                : await steps.TakeAsync(undo, record.Waiting(run), CancellationToken.None);
            if (problem is null or { IsGone: true })
            {
                record.Add(new RunEvent.TakenBack(run.At) { At = record.Now });
                record.Log(LogLevel.Info, $"rolled back: {undo.Describe()}");
                continue;
            }
            noPci |= problem.EndsPciWrites;
            left.Add(undo.Describe());
            record.Add(new RunEvent.NotTakenBack(run.At, problem.Problem, problem.Remedy) { At = record.Now, Code = problem.Code });
            record.Log(LogLevel.Error, $"not rolled back: {undo.Describe()}: {problem.Problem}");
        }
        return left.Count == 0
            ? record.Close(Outcome.TakenBack, RunSummary.TakenBack(run.All.Take(failedAt + 1), failure))
            : record.Close(Outcome.LeftHalfway, RunSummary.LeftHalfway(failure, left));
    }

    /// <summary>What is left alone when the kernel is stuck or has crashed: PCI,
    /// and services that need the card, which would only hang or fail.</summary>
    private string? MustNot(Step undo) => undo switch
    {
        _ when undo.TouchesPci() => "nothing may be written to PCI any more.",
        StartUnit start when !run.Starts(start) => "it needs the card.",
        _ => null,
    };
}

namespace GpuTty.Switching;

/// <summary>Takes the step that a run is at, on the way there: its begin is in the journal before it, its end after it was seen.</summary>
internal sealed class ForwardSteps(RunSteps run, StepRunner steps, RunRecord record, TimeProvider clock)
{
    /// <param name="handleRequest">What people ask for while the step waits. Null for a step
    /// inside the wait of another one: a journal that is lost then fails that other one.</param>
    /// <param name="takeBack">The request to roll everything back.</param>
    /// <returns>Null when it was seen to happen.</returns>
    public async Task<StepFailure?> TakeAsync(Func<StepDeadline, Task<bool>>? handleRequest, CancellationToken takeBack)
    {
        var step = run.Current;
        var began = clock.GetTimestamp();
        record.Add(new RunEvent.Begun(run.At, step.Limit()) { At = record.Now });
        record.Log(LogLevel.Info, step.Describe());
        var failure = Loss(handleRequest)
            ?? (takeBack.IsCancellationRequested
                ? StepFailure.Requested()
                : await steps.TakeAsync(step, record.Waiting(run), takeBack, handleRequest));
        var took = clock.GetElapsedTime(began);
        if (failure is null)
        {
            record.Add(new RunEvent.Done(run.At, took) { At = record.Now });
            record.Log(LogLevel.Info, $"{step.Describe()}: done after {took.TotalSeconds:0.0} s");
            failure = Loss(handleRequest);
        }
        else
        {
            record.Add(new RunEvent.Failed(run.At, failure.Problem, failure.Remedy) { At = record.Now, Code = failure.Code });
            record.Log(LogLevel.Error, $"{step.Describe()}: {failure.Problem}");
        }
        return failure;
    }

    private StepFailure? Loss(Func<StepDeadline, Task<bool>>? handleRequest) => handleRequest is null ? null : record.TakeLoss();
}

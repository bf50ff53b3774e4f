using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Steps;

namespace GpuTty.Switching;

/// <summary>
/// The return of the machine's only card after a step of it has failed. A roll-back would end without a display, so nothing that was
/// reached is rolled back: what failed is named, and everything else that can return to the host does, the desktop too.
/// </summary>
internal sealed class SingleGpuReturn(
    SwitchPlan plan, RunSteps run, StepRunner steps, ForwardSteps forward, RollBack rollBack, MissedStarts missed,
    RunRecord record)
{
    private readonly List<Step> _missing = [];

    /// <param name="first">Why the step that the run is at has failed.</param>
    /// <param name="handleRequest">What people ask for while a step waits.</param>
    /// <param name="takeBack">The request to roll everything back, which a person may make here too.</param>
    public async Task<Outcome> RunAsync(StepFailure first, Func<StepDeadline, Task<bool>> handleRequest, CancellationToken takeBack)
    {
        // A kernel that has crashed forbids writes to PCI, and no desktop.
        steps.IsOnTheWayBack = true;
        var noPci = false;
        for (StepFailure? failure = first; ; failure = await forward.TakeAsync(handleRequest, takeBack))
        {
            if (failure is { IsRefusal: true }) failure = await forward.TakeAsync(handleRequest, takeBack);
            if (failure is not null && !missed.Accept(failure))
            {
                if (takeBack.IsCancellationRequested || run.Current is AwaitConsent) return await rollBack.RunAsync(failure);
                _missing.Add(run.Current);
                noPci |= failure.EndsPciWrites;
            }
            SkipInVain(noPci);
            if (run.IsThrough) break;
        }
        return _missing.Count == 0
            ? record.Close(Outcome.Switched, RunSummary.Switched(plan, steps.Seen) + missed.Told)
            : record.Close(Outcome.LeftHalfway, RunSummary.StillMissing(first, _missing.Select(step => step.Describe())) + missed.Told);
    }

    private void SkipInVain(bool noPci)
    {
        for (run.At++; !run.IsThrough && IsInVain(run.Current, noPci); run.At++)
        {
            if (run.Current is StartUnit or LoadModule || (noPci && run.Current is BindDevice)) _missing.Add(run.Current);
        }
    }

    private bool IsInVain(Step step, bool noPci) => step switch
    {
        _ when noPci && step.TouchesPci() => true,
        SetDriverOverride or UnbindDevice or BindDevice =>
            _missing.Any(failed => failed is UnbindDevice or BindDevice && FunctionOf(failed) == FunctionOf(step)),
        // Without its card it would only fail; what this run has stopped ran without it.
        StartUnit start => !IsDisplayOnHost() && !run.Stops(start),
        AwaitDesktop => steps.Seen.DisplayManager?.Unit.IsActive != true,
        // What is not on the host still has to be returned one day.
        DropOriginalState => _missing.Any(failed => failed is not AwaitDesktop),
        _ => false,
    };

    /// <summary>Where it cannot be read the desktop is tried anyway.</summary>
    private bool IsDisplayOnHost() =>
        steps.Seen.Unknowns.Any(unknown => unknown.Part.Overlaps(SnapshotPart.Device(plan.Intent.Card)))
        || Card.FindAt(steps.Seen, plan.Intent.Card)?.Display is { Driver: not null, IsOnVfio: false };

    private static PciAddress? FunctionOf(Step step) => step switch
    {
        SetDriverOverride driverOverride => driverOverride.Device,
        UnbindDevice unbind => unbind.Device,
        BindDevice bind => bind.Device,
        _ => null,
    };
}

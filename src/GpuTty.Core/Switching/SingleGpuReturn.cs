using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Steps;

namespace GpuTty.Switching;

/// <content>
/// The machine's only card on its way home. Back would be into the dark, so nothing that was reached is rolled
/// back: what failed is named, and everything else that can be at home goes there, the desktop too.
/// </content>
public sealed partial class SwitchRunner
{
    private readonly List<Step> _missing = [];

    /// <param name="first">Why the step at which the run is has failed.</param>
    private async Task<Outcome> ReturnSingleGpuAsync(
        SwitchPlan plan, StepRunner steps, StepFailure first, Func<StepLimit, Task<bool>> handleRequest, CancellationToken takeBack)
    {
        // A kernel that has crashed forbids writes to PCI, and no desktop.
        steps.IsOnTheWayBack = true;
        var noPci = false;
        for (StepFailure? failure = first; ; failure = await ForwardAsync(steps, handleRequest, takeBack))
        {
            if (failure is { IsRefusal: true }) failure = await ForwardAsync(steps, handleRequest, takeBack);
            if (failure is not null)
            {
                if (takeBack.IsCancellationRequested || _way[_at] is AwaitConsent) return await TakeBackAsync(steps, _at, failure);
                _missing.Add(_way[_at]);
                noPci |= failure.EndsPciWrites;
            }
            while (++_at < _way.Count && IsInVain(_way[_at], noPci, plan, steps.Seen))
            {
                if (_way[_at] is StartUnit or LoadModule || (noPci && _way[_at] is BindDevice)) _missing.Add(_way[_at]);
            }
            if (_at == _way.Count) break;
        }
        return _missing.Count == 0
            ? Close(Outcome.Switched, RunSummary.Switched(plan, steps.Seen))
            : Close(Outcome.LeftHalfway, RunSummary.StillMissing(first, _missing.Select(step => step.Describe())));
    }

    private bool IsInVain(Step step, bool noPci, SwitchPlan plan, HostSnapshot seen) => step switch
    {
        _ when noPci && step.TouchesPci() => true,
        SetDriverOverride or UnbindDevice or BindDevice =>
            _missing.Any(failed => failed is UnbindDevice or BindDevice && FunctionOf(failed) == FunctionOf(step)),
        // Without its card it would only fail; what this run has stopped ran without it.
        StartUnit start => !IsDisplayAtHome(plan, seen) && !_way.OfType<StopUnit>().Any(stopped => stopped.Unit == start.Unit),
        AwaitDesktop => seen.DisplayManager?.Unit.IsActive != true,
        // What is not at home still has to go there one day.
        DropOriginalState => _missing.Any(failed => failed is not AwaitDesktop),
        _ => false,
    };

    /// <summary>Where it cannot be read the desktop is tried anyway.</summary>
    private static bool IsDisplayAtHome(SwitchPlan plan, HostSnapshot seen) =>
        seen.Unknowns.Any(unknown => unknown.Part.Overlaps(SnapshotPart.Device(plan.Intent.Card)))
        || Card.FindAt(seen, plan.Intent.Card)?.Display is { Driver: not null, IsOnVfio: false };

    private static PciAddress? FunctionOf(Step step) => step switch
    {
        SetDriverOverride driverOverride => driverOverride.Device,
        UnbindDevice unbind => unbind.Device,
        BindDevice bind => bind.Device,
        _ => null,
    };
}

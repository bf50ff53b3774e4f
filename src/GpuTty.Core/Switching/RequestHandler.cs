using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Planning.Holders;
using GpuTty.Planning.Plans;
using GpuTty.Steps;

namespace GpuTty.Switching;

/// <content>What people may ask for while a step waits. Everything that follows
/// from it is in the journal, and is rolled back with the rest.</content>
public sealed partial class SwitchRunner
{
    private TimeSpan _patience = RunRequest.Patience;

    /// <returns>True where the request is the proof that the step waits for.</returns>
    private async Task<bool> HeedAsync(SwitchPlan plan, Viewer viewer, StepRunner steps, StepLimit limit, CancellationToken takeBack)
    {
        // About another step: it came too late.
        if (requests?.Take() is not { } request || request.Step != _at) return false;
        switch (request)
        {
            case RunRequest.WaitOn:
                WaitOn(limit);
                return false;
            case RunRequest.Stop stop:
                await StopAsync(plan, viewer, steps, stop.Unit, limit, takeBack);
                return false;
            default:
                return request is RunRequest.Keep && _way[_at].AsksForConsent();
        }
    }

    private void WaitOn(StepLimit limit)
    {
        var more = _way[_at].Limit() < _patience ? _way[_at].Limit() : _patience;
        _patience -= more;
        if (more > TimeSpan.Zero) Extend(limit, more);
        Log(
            LogLevel.Info,
            more > TimeSpan.Zero
                ? $"you asked to wait on: {more.TotalSeconds:0} s more"
                : "you asked to wait on, but this run has waited long enough");
    }

    /// <summary>Only services that hold the card, and that a plan could stop as well; what the run must spare stays spared.</summary>
    private async Task StopAsync(
        SwitchPlan plan, Viewer viewer, StepRunner steps, UnitName unit, StepLimit limit, CancellationToken takeBack)
    {
        var began = clock.GetTimestamp();
        HostSnapshot host;
        try
        {
            host = await steps.LookAsync(
                SnapshotSections.Devices | SnapshotSections.Modules | SnapshotSections.Holders | SnapshotSections.Desktop,
                CancellationToken.None) with
            {
                Viewer = viewer,
            };
        }
        catch (HostException blind)
        {
            // What cannot be done now is no reason to give up what is waited for.
            Log(LogLevel.Warning, $"you asked to stop {unit}, but the machine could not be looked at: {blind.Message}");
            return;
        }
        if (host.CannotTell([SnapshotPart.Holders, SnapshotPart.Nodes]).FirstOrDefault() is { } unknown)
        {
            Log(LogLevel.Warning, $"you asked to stop {unit}; whether it holds the card is unknown: {unknown.Reason}");
            return;
        }
        if (!HolderPlan.During(host, plan.Intent.Card, plan.Steps).Units.Contains(unit))
        {
            Log(LogLevel.Warning, $"you asked to stop {unit}, but it does not hold the card");
            return;
        }
        Log(LogLevel.Info, $"you asked to stop {unit}");
        // What can only live with the card comes back with it; the rest as soon as the run is through.
        var waitsForCard = unit.Uid is null && plan.Intent.Direction == Direction.ToVm;
        Step[] more = waitsForCard
            ? [
                new SaveOriginalState(new OriginalState([], [], [new OriginalUnit(Card.FindAt(host, plan.Intent.Card)!.Address, unit)])),
                new StopUnit(unit, "you asked for it"),
            ]
            : [new StopUnit(unit, "you asked for it")];
        if (!waitsForCard) Insert(_way.Count, new StartUnit(unit, "it was running"));
        var waiting = _at + more.Length;
        foreach (var (step, index) in more.Select((step, index) => (step, _at + index))) Insert(index, step);
        // One that fails leaves the wait as it was.
        for (; _at < waiting; _at++) await ForwardAsync(steps, handleRequest: null, takeBack);
        Extend(limit, clock.GetElapsedTime(began));
    }

    private void Insert(int index, Step step)
    {
        _way.Insert(index, step);
        Record(new RunEvent.Inserted(index, step) { At = Now });
    }

    private void Extend(StepLimit limit, TimeSpan by)
    {
        limit.Extend(by);
        Record(new RunEvent.Extended(_at, limit.Total) { At = Now });
    }
}

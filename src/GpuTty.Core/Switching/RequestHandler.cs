using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Planning.Holders;
using GpuTty.Planning.Plans;
using GpuTty.Steps;

namespace GpuTty.Switching;

/// <summary>Does what people ask for while a step waits. Everything that follows
/// from it is in the journal, and is rolled back with the rest.</summary>
/// <param name="requests">Null where nobody can ask.</param>
/// <param name="plan">The plan that is run.</param>
/// <param name="caller">What the run must spare.</param>
/// <param name="run">Gets the steps that are asked for.</param>
/// <param name="steps">Looks.</param>
/// <param name="forward">Takes the steps that are asked for.</param>
internal sealed class RequestHandler(
    IRunRequests? requests, SwitchPlan plan, CallerLocation caller, RunSteps run, StepRunner steps, ForwardSteps forward, RunRecord record,
    TimeProvider clock)
{
    private TimeSpan _patience = RunRequest.Patience;

    /// <returns>True where the request is the proof that the step waits for.</returns>
    public async Task<bool> HandleAsync(StepDeadline limit, CancellationToken takeBack)
    {
        // About another step: it came too late.
        if (requests?.Take() is not { } request || request.Step != run.At) return false;
        switch (request)
        {
            case RunRequest.WaitOn:
                WaitOn(limit);
                return false;
            case RunRequest.Stop stop:
                // What was asked for takes nothing of the time of the step that waits.
                var began = clock.GetTimestamp();
                limit.Hold();
                await StopAsync(stop.Unit, takeBack);
                Extend(limit, clock.GetElapsedTime(began));
                return false;
            default:
                return request is RunRequest.Keep && run.Current.AsksForConsent();
        }
    }

    private void WaitOn(StepDeadline limit)
    {
        var more = run.Current.Limit() < _patience ? run.Current.Limit() : _patience;
        _patience -= more;
        if (more > TimeSpan.Zero) Extend(limit, more);
        record.Log(
            LogLevel.Info,
            more > TimeSpan.Zero
                ? $"you asked to wait on: {more.TotalSeconds:0} s more"
                : "you asked to wait on, but this run has waited long enough");
    }

    /// <summary>Only services that hold the card, and that a plan could stop as well; what the run must spare stays spared.</summary>
    private async Task StopAsync(UnitName unit, CancellationToken takeBack)
    {
        HostSnapshot host;
        try
        {
            host = await steps.LookAsync(
                SnapshotSections.Devices | SnapshotSections.Modules | SnapshotSections.Holders | SnapshotSections.Desktop,
                CancellationToken.None) with
            {
                Caller = caller,
            };
        }
        catch (HostException blind)
        {
            // What cannot be done now is no reason to give up what is waited for.
            record.Log(LogLevel.Warning, $"you asked to stop {unit}, but the machine could not be looked at: {blind.Message}");
            return;
        }
        var holders = HolderPlan.During(host, plan.Intent.Card, plan.Steps);
        if (WhyNot(host, holders, unit) is { } why)
        {
            record.Log(LogLevel.Warning, $"you asked to stop {unit}{why}");
            return;
        }
        record.Log(LogLevel.Info, $"you asked to stop {unit}");
        await InsertAndTakeAsync(StepsToStop(host, holders, unit), takeBack);
    }

    private static string? WhyNot(HostSnapshot host, HolderPlan holders, UnitName unit) =>
        host.CannotTell([SnapshotPart.Holders, SnapshotPart.Nodes]).FirstOrDefault() is { } unknown
            ? $"; whether it holds the card is unknown: {unknown.Reason}"
        : !holders.Units.Contains(unit) ? ", but it does not hold the card"
        : null;

    /// <summary>What can only live with the card comes back with it; what nobody
    /// could start again does not; the rest as soon as the run is through.</summary>
    private Step[] StepsToStop(HostSnapshot host, HolderPlan holders, UnitName unit)
    {
        if (holders.IsIrreversible(unit)) return [new EndUnit(unit, "you asked for it") { Within = StopUnit.TimeOf(host, unit) }];
        var sockets = UnitSockets.Of(host, unit);
        Step[] stops = [.. UnitSockets.Stop(sockets, unit, "you asked for it", StopUnit.TimeOf(host, unit))];
        if (unit.Uid is null && plan.Intent.Direction == Direction.ToVm)
        {
            var card = Card.FindAt(host, plan.Intent.Card)!.Address;
            var units = sockets.Append(unit).Select(one => new OriginalUnit(card, one));
            return [new SaveOriginalState(new OriginalState([], [], [.. units])), .. stops];
        }
        foreach (var start in UnitSockets.Start(sockets, unit)) Insert(run.All.Count, start);
        return stops;
    }

    /// <summary>Before the step that waits; one that fails leaves the wait as it was.</summary>
    private async Task InsertAndTakeAsync(Step[] more, CancellationToken takeBack)
    {
        var waiting = run.At + more.Length;
        foreach (var (step, index) in more.Select((step, index) => (step, run.At + index))) Insert(index, step);
        for (; run.At < waiting; run.At++) await forward.TakeAsync(handleRequest: null, takeBack);
    }

    private void Insert(int index, Step step)
    {
        run.Insert(index, step);
        record.Add(new RunEvent.Inserted(index, step) { At = record.Now });
    }

    private void Extend(StepDeadline limit, TimeSpan by)
    {
        limit.Extend(by);
        record.Add(new RunEvent.Extended(run.At, limit.Total) { At = record.Now });
    }
}

using GpuTty.Host.Desktop;
using GpuTty.Steps;
using GpuTty.Text;

namespace GpuTty.Switching;

/// <summary>
/// Services that a run could not start again. That is no reason to give up what it was for: the card is where it should be, a service can
/// be started by hand, and one that is broken would keep the card from coming home each time. A desktop that does not come is a reason.
/// </summary>
internal sealed class MissedStarts(RunSteps run, StepRunner steps, RunRecord record)
{
    private readonly List<UnitName> _units = [];

    /// <summary>True where the step that the run is at is the start of a service that is not the desktop's.</summary>
    public bool IsAtOne => run.Current is StartUnit start && !DesktopUnits.StartedBy(run.All).Contains(start.Unit);

    /// <summary>True where the run goes on without what the step that it is at was to start.</summary>
    public bool Accept(StepFailure failure)
    {
        if (failure.Code is not (FailureCode.RefusedBySystem or FailureCode.TimedOut) || !IsAtOne) return false;
        // Of what nobody could look at it is unknown whether it was started.
        if (run.Current.CannotTell(steps.Seen) is not null) return false;
        _units.Add(((StartUnit)run.Current).Unit);
        record.Log(LogLevel.Warning, $"{_units[^1]} was not started; the switch goes on without it.");
        return true;
    }

    /// <summary>The sentences that follow on how the run has ended: who is missing, and what to do next; empty where nobody is.</summary>
    public string Told => _units.Count == 0 ? ""
        : $" Not started again: {Counted.Names([.. _units.Select(unit => $"{unit}")], 5)}. "
            + $"See why: {StartUnit.Systemctl("status", _units[0])}";
}

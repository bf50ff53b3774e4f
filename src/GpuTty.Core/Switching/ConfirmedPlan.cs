using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;

namespace GpuTty.Switching;

/// <summary>
/// A plan that somebody has read and agreed to. Between that and the first step the machine may have changed: it is planned again, and
/// only what was agreed to is run.
/// </summary>
public sealed record ConfirmedPlan(SwitchPlan Plan)
{
    /// <summary>What to run: the plan as it would be made now. Null where it is not what was agreed to.</summary>
    /// <param name="why">The reason, with what to do next.</param>
    public SwitchPlan? Against(HostSnapshot now, out string why)
    {
        var again = SwitchPlanner.Plan(now, Plan.Intent);
        why = again switch
        {
            PlanResult.Ready { Plan: var other } when !other.SameStepsAs(Plan) =>
                $"The machine has changed since the plan was shown{Difference(other)}. Nothing was done; look at the new plan.",
            PlanResult.AlreadyThere => "The card is already there. Nothing was done.",
            PlanResult.Blocked { Obstacles: var obstacles } => $"{obstacles[0].Problem} {obstacles[0].Remedy}",
            _ => "",
        };
        return why.Length == 0 && again is PlanResult.Ready ready ? ready.Plan : null;
    }

    /// <summary>A run that was refused before its first step.</summary>
    public void Refuse(IJournal journal, HostSnapshot now, TimeProvider clock, string why)
    {
        var at = clock.GetUtcNow();
        journal.Append(new RunEvent.Opened(RunEvent.Opened.CurrentSchema, now.BootId, now.Caller.Pid, Plan.Intent,
            Card.FindAt(now, Plan.Intent.Card)?.Owner ?? Owner.Nobody, Plan.DesktopImpact, Plan.Risk, Plan.Steps, Plan.Consequences)
        { At = at });
        journal.Append(new RunEvent.Closed(Outcome.Refused, why) { At = at });
    }

    private string Difference(SwitchPlan now)
    {
        var index = Plan.Steps.Zip(now.Steps).TakeWhile(pair => pair.First == pair.Second).Count();
        return index < now.Steps.Length ? $": step {index + 1} would now be \"{now.Steps[index].Describe()}\""
            : index < Plan.Steps.Length ? ": fewer steps are needed now" : "";
    }
}

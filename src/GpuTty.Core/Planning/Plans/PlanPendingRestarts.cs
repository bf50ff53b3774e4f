using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Steps;

namespace GpuTty.Planning.Plans;

/// <summary>What an earlier run has left open comes with whatever is done next, last of
/// all: services that it had stopped, and settings that an undo puts back.</summary>
internal static class PlanPendingRestarts
{
    public static PlanResult With(HostSnapshot host, SwitchIntent intent, PlanResult result)
    {
        // A stopped unit of a user is in no look before a step asks for it: not shown is not running.
        var pending = intent.PendingRestarts
            .Where(unit => host.FindUnit(unit) is not { IsActive: true } && host.CanBeStarted(unit))
            .ToArray();
        var restored = Restoring.Of(host, intent);
        var plan = result switch
        {
            PlanResult.Ready ready => ready.Plan,
            PlanResult.AlreadyThere when pending.Length > 0 || restored.Length > 0 =>
                new SwitchPlan(intent, DesktopImpact.None, Risk.Reversible, [], []),
            _ => null,
        };
        return plan is null ? result : new PlanResult.Ready(plan with
        {
            Steps =
            [
                .. plan.Steps,
                .. restored.Except(plan.Steps),
                .. pending.Except(plan.Steps.OfType<StartUnit>().Select(start => start.Unit)).SelectMany(unit => Start(host, unit)),
            ],
        });
    }

    private static IEnumerable<Step> Start(HostSnapshot host, UnitName unit)
    {
        yield return new StartUnit(unit, "it was running");
        if (host.DisplayManager?.Unit.Name == unit) yield return new AwaitDesktop { Unit = unit };
    }
}

using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Steps;

namespace GpuTty.Planning.Plans;

/// <summary>Services that an earlier run left stopped come back with whatever is done next, last of all.</summary>
internal static class PlanOwed
{
    public static PlanResult With(HostSnapshot host, SwitchIntent intent, PlanResult result)
    {
        var owed = intent.Owed.Where(unit => host.FindUnit(unit) is { IsActive: false }).ToArray();
        var plan = result switch
        {
            PlanResult.Ready ready => ready.Plan,
            PlanResult.AlreadyThere when owed.Length > 0 => new SwitchPlan(intent, Road.Soft, Risk.Reversible, [], []),
            _ => null,
        };
        return plan is null ? result : new PlanResult.Ready(plan with
        {
            Steps = [.. plan.Steps, .. owed.Except(plan.Steps.OfType<StartUnit>().Select(start => start.Unit)).SelectMany(unit => Start(host, unit))],
        });
    }

    private static IEnumerable<Step> Start(HostSnapshot host, UnitName unit)
    {
        yield return new StartUnit(unit, "it was running");
        if (host.DisplayManager?.Unit.Name == unit) yield return new AwaitDesktop();
    }
}

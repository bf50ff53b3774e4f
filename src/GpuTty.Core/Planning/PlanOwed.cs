using GpuTty.Host;
using GpuTty.Steps;

namespace GpuTty.Planning;

/// <summary>Services that an earlier run left stopped come back with whatever is done next, last of all.</summary>
internal static class PlanOwed
{
    public static PlanResult With(HostSnapshot host, SwitchIntent intent, PlanResult result)
    {
        var units = intent.Owed.Where(unit => host.FindUnit(unit) is { IsActive: false }).ToArray();
        if (units.Length == 0) return result;
        var plan = result switch
        {
            PlanResult.Ready ready => ready.Plan,
            PlanResult.AlreadyThere => new SwitchPlan(intent, Road.Soft, Risk.Reversible, [], []),
            _ => null,
        };
        return plan is null ? result : new PlanResult.Ready(plan with
        {
            Steps = [.. plan.Steps, .. units.Select(unit => new StartUnit(unit, "it was running")).Except(plan.Steps.OfType<StartUnit>(), SameUnit)
                .SelectMany(start => host.DisplayManager?.Unit.Name == start.Unit ? (Step[])[start, new AwaitDesktop()] : [start])],
        });
    }

    private static IEqualityComparer<StartUnit> SameUnit { get; } =
        EqualityComparer<StartUnit>.Create((one, other) => one?.Unit == other?.Unit, start => start.Unit.GetHashCode());
}

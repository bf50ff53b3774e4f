using GpuTty.Host;
using GpuTty.Planning.Plans;

namespace GpuTty.Cli;

/// <summary>What a printed command has to agree to: nobody is told to agree to more than was shown.</summary>
internal static class NeededConsents
{
    /// <summary>The same intent without the consents that its plan does not need.</summary>
    public static SwitchIntent Of(HostSnapshot host, SwitchIntent intent)
    {
        if (SwitchPlanner.Plan(host, intent) is not PlanResult.Ready { Plan: var plan }) return intent;
        return new Func<SwitchIntent, SwitchIntent>[]
        {
            given => given with { EndSessions = false },
            given => given with { EndHolders = HolderConsent.Never },
            given => given with { SingleGpu = false },
        }.Aggregate(intent, (given, without) => IsSame(plan, SwitchPlanner.Plan(host, without(given))) ? without(given) : given);
    }

    private static bool IsSame(SwitchPlan plan, PlanResult other) =>
        other is PlanResult.Ready { Plan: var again }
        && plan.DesktopImpact == again.DesktopImpact
        && plan.Risk == again.Risk
        && plan.Steps.Select(step => (step.Describe(), step.Command()))
            .SequenceEqual(again.Steps.Select(step => (step.Describe(), step.Command())))
        && plan.Consequences.Select(one => one.Text).SequenceEqual(again.Consequences.Select(one => one.Text));
}

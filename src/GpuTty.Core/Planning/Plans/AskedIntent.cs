using GpuTty.Host;
using GpuTty.Steps;

namespace GpuTty.Planning.Plans;

/// <summary>What a person at a screen means besides what was said.</summary>
public static class AskedIntent
{
    /// <summary>Who may lose the screen is asked afterwards whether it can still be read.</summary>
    public static SwitchIntent AskedOf(this SwitchIntent intent, HostSnapshot host) =>
        intent.ConfirmWithin is null && SwitchPlanner.Plan(host, intent) is PlanResult.Ready { Plan.Risk: Risk.MayLoseConsole }
            ? intent with { ConfirmWithin = AwaitConsent.Usual }
            : intent;
}

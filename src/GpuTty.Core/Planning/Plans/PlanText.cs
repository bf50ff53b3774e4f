using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Desktop;
using GpuTty.Steps;

namespace GpuTty.Planning.Plans;

/// <summary>
/// What a plan does to the desktop, and what happens if a step of it fails, in a sentence each: read from its steps, so that neither
/// can say something else than they do.
/// </summary>
public static class PlanText
{
    public static string Desktop(HostSnapshot host, SwitchPlan plan) =>
        StopsAndStarts(host, plan) switch
        {
            (true, true) => "The desktop is stopped, and started again at the end.",
            (true, false) when host.DisplayManager is null => "The desktop is closed. It is not started again automatically.",
            (true, false) => "The desktop is stopped, and stays down until the card is returned to the host.",
            (false, true) => "The desktop is started at the end.",
            _ when SeatDesktop.IsUp(host) => "Your desktop keeps running.",
            _ => "No desktop is running.",
        };

    /// <summary>True where the plan stops the desktop and starts it again.</summary>
    public static bool RestartsDesktop(HostSnapshot host, SwitchPlan plan) => StopsAndStarts(host, plan) == (true, true);

    /// <summary>True where the plan leaves a running desktop alone.</summary>
    public static bool KeepsDesktop(HostSnapshot host, SwitchPlan plan) =>
        plan.DesktopImpact == DesktopImpact.None && SeatDesktop.IsUp(host);

    public static string OnFailure(HostSnapshot host, SwitchPlan plan) =>
        KeepsWhatIsReached(host, plan) ? "If a step fails, nothing is rolled back: the remaining steps back to the host are tried anyway."
        : plan.Irreversible.Any() ? "If a step fails, all others are rolled back; steps marked ! cannot be undone."
        : "If a step fails, everything is rolled back.";

    /// <summary>The machine's only card on its way home: back would be into the dark.</summary>
    public static bool KeepsWhatIsReached(HostSnapshot host, SwitchPlan plan) =>
        plan.Intent.Direction == Direction.ToHost && Card.FindAt(host, plan.Intent.Card) is { } card
        && SwitchChecks.Others(host, card).IsEmpty;

    private static (bool Stops, bool Starts) StopsAndStarts(HostSnapshot host, SwitchPlan plan)
    {
        var units = DesktopPlan.For(host).Units;
        return (
            plan.Steps.Any(step => step is EndSession || (step is StopUnit stop && units.Contains(stop.Unit))),
            plan.Steps.OfType<StartUnit>().Any(step => units.Contains(step.Unit) || step.Unit == host.DisplayManager?.Unit.Name));
    }
}

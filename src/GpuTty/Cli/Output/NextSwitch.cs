using System.Collections.Immutable;
using System.Text.Json.Serialization;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Planning;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Text;

namespace GpuTty.Cli.Output;

internal enum Verdict
{
    /// <summary>It costs nothing.</summary>
    [JsonStringEnumMemberName("ready")] Ready,
    /// <summary>It can be done, at a cost.</summary>
    [JsonStringEnumMemberName("review")] Review,
    [JsonStringEnumMemberName("blocked")] Blocked,
    [JsonStringEnumMemberName("nothing-to-do")] Done,
}

/// <summary>What the next switch of a card would be, what it would cost, and what to type.</summary>
internal sealed record NextSwitch(Card Card, Direction Direction, Verdict Verdict, string Sentence, string NextAction)
{
    /// <summary>Null where there is nothing to plan, or something in the way.</summary>
    public SwitchPlan? Plan { get; private init; }

    public ImmutableArray<Obstacle> Obstacles { get; private init; } = [];

    /// <param name="configured">What the command that is named will go by.</param>
    public static NextSwitch Of(HostSnapshot host, Card card, Configuration configured)
    {
        var consents = RequiredConsents.For(host, new SwitchIntent(card.Address, NextDirection.Of(host, card)));
        // That the only card may be given away is never proposed: who wants it asks for it.
        return Judge(
            host,
            card,
            (consents.OnlyCard ? consents.Agreed with { SingleGpu = false } : consents.Agreed).AskedOf(host),
            configured);
    }

    private static NextSwitch Judge(HostSnapshot host, Card card, SwitchIntent intent, Configuration configured) =>
        SwitchPlanner.Plan(host, intent) switch
        {
            PlanResult.Ready ready => Cost(host, card, ready.Plan, configured),
            PlanResult.Blocked blocked => new(
                card,
                intent.Direction,
                Verdict.Blocked,
                $"Card {card.Address.SlotName} cannot go {DirectionText.Of(intent.Direction)}: {blocked.Obstacles[0].Problem}",
                blocked.Obstacles[0].Remedy)
            { Obstacles = blocked.Obstacles },
            _ => new(card, intent.Direction, Verdict.Done, $"Card {card.Address.SlotName} is where it should be.", "Nothing to do."),
        };

    private static NextSwitch Cost(HostSnapshot host, Card card, SwitchPlan plan, Configuration configured)
    {
        var subject = $"Card {card.Address.SlotName} can go {DirectionText.Of(plan.Intent.Direction)}";
        var steps = Counted.Of(plan.Steps.Length, "step");
        if (plan.Risk == Risk.Reversible && plan.Consequences.Length == 0)
            return new(card, plan.Intent.Direction, Verdict.Ready,
                $"{subject} in {steps}; {Desktop(host, plan)}.",
                $"Run: {IntentLine.Print(host, plan.Intent, configured)}")
            { Plan = plan };
        var losses = plan.Consequences.Length > 0 ? string.Join(" ", plan.Consequences) : "The text consoles move to another card.";
        return new(
            card,
            plan.Intent.Direction,
            Verdict.Review,
            $"{subject} in {steps}, at a cost. {losses}",
            $"Look first: {IntentLine.Print(host, plan.Intent, configured, "plan")}")
        {
            Plan = plan,
        };
    }

    private static string Desktop(HostSnapshot host, SwitchPlan plan) =>
        plan.DesktopImpact == DesktopImpact.Restart ? "no user is logged in, and the login screen comes back"
        : PlanText.KeepsDesktop(host, plan) ? "the desktop is left alone"
        : "no desktop is running";
}

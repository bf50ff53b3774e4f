using System.Collections.Immutable;
using System.Text.Json.Serialization;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
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

    /// <summary>Home for what is away or half-way; also for a card without a driver that is remembered to have had one.</summary>
    public static Direction DirectionOf(HostSnapshot host, Card card) =>
        card.Owner is Owner.Vfio or Owner.Mixed || (card.Owner == Owner.Nobody && host.Memory.Find(card.Display) is { Driver: not null }) ? Direction.ToHost : Direction.ToVm;

    public static NextSwitch Of(HostSnapshot host, Card card)
    {
        var intent = new SwitchIntent(card.Address, DirectionOf(host, card));
        if (SwitchPlanner.Plan(host, intent) is not PlanResult.Blocked) return Judge(host, card, intent);
        var agreed = intent with { EndSessions = true };
        if (SwitchPlanner.Plan(host, agreed) is PlanResult.Blocked) agreed = agreed with { EndHolders = HolderConsent.Terminate };
        return Judge(host, card, agreed);
    }

    private static NextSwitch Judge(HostSnapshot host, Card card, SwitchIntent intent) => SwitchPlanner.Plan(host, intent) switch
    {
        PlanResult.Ready ready => Cost(host, card, ready.Plan),
        PlanResult.Blocked blocked => new(card, intent.Direction, Verdict.Blocked,
            $"Card {card.Address.SlotName} cannot go {Words.Target(intent.Direction)}: {blocked.Obstacles[0].Problem}", blocked.Obstacles[0].Remedy) { Obstacles = blocked.Obstacles },
        _ => new(card, intent.Direction, Verdict.Done, $"Card {card.Address.SlotName} is where it should be.", "Nothing is to be done."),
    };

    private static NextSwitch Cost(HostSnapshot host, Card card, SwitchPlan plan)
    {
        var subject = $"Card {card.Address.SlotName} can go {Words.Target(plan.Intent.Direction)}";
        var steps = Counted.Of(plan.Steps.Length, "step");
        if (plan.Risk == Risk.Reversible && plan.Consequences.Length == 0)
            return new(card, plan.Intent.Direction, Verdict.Ready,
                $"{subject} in {steps}; {(plan.Road == Road.Soft ? "the desktop is left alone" : "nobody is logged in, and the login screen comes back")}.",
                $"Run: {CommandFor("switch", host, plan.Intent)}") { Plan = plan };
        var losses = plan.Consequences.Length > 0 ? string.Join(" ", plan.Consequences) : "The text consoles move to another card.";
        return new(card, plan.Intent.Direction, Verdict.Review, $"{subject} in {steps}, at a cost. {losses}", $"Look first: {CommandFor("plan", host, plan.Intent)}") { Plan = plan };
    }

    /// <summary>The shortest command line that means this intent on this machine.</summary>
    public static string CommandFor(string command, HostSnapshot host, SwitchIntent intent)
    {
        if (intent.Direction == Direction.ClearAim) return $"gputty clear-override {intent.Card}";
        var isObvious = CardChoice.Find(host, null).Card?.Contains(intent.Card) == true;
        return string.Join(' ',
        [
            "gputty", .. intent.Direction switch
            {
                Direction.KeepOff => (string[])["keep-off", "on"],
                Direction.LetOn => ["keep-off", "off"],
                Direction.Pin => ["pin", "on"],
                Direction.Unpin => ["pin", "off"],
                _ => [command, Words.Of(intent.Direction)],
            },
            .. isObvious ? (string[])[] : ["--card", intent.Card.ToString()],
            .. intent.Desktop switch
            {
                DesktopUse.Allowed when intent.Direction is Direction.ToVm or Direction.ToHost => (string[])["--for", "monitors"],
                DesktopUse.KeptOff when intent.Direction is Direction.ToVm or Direction.ToHost => ["--keep-off"],
                DesktopUse.KeptOffForGood => ["--permanent"],
                _ => [],
            },
            .. intent.EndSessions ? (string[])["--end-sessions"] : [],
            .. intent.EndHolders != HolderConsent.Never ? (string[])["--end-holders", Words.Of(intent.EndHolders)] : [],
        ]);
    }
}

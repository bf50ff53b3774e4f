using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Desktop;
using GpuTty.Planning.Holders;
using GpuTty.Steps;

namespace GpuTty.Planning.Plans;

/// <summary>Keeping the desktop off a card, or letting it on again: alone, or as part of a switch.</summary>
internal static class PlanDesktopUse
{
    public static PlanResult For(HostSnapshot host, Card card, SwitchIntent intent)
    {
        var wish = intent.Direction == Direction.LetOn ? DesktopUse.Allowed
            : intent.Desktop == DesktopUse.KeptOffForGood ? DesktopUse.KeptOffForGood : DesktopUse.KeptOff;
        var rules = intent.Restores.IsEmpty ? Steps(host, card, wish) : Restoring.Rules(host, intent);
        if (rules.Length == 0) return new PlanResult.AlreadyThere(card);

        // Only a restart of the desktop makes it open the card, or let go of it; without the consent the rule waits for the next login.
        var holds = HolderPlan.For(host, card, []).NeedsDesktopStopped;
        var restart = intent.EndSessions && SeatDesktop.IsUp(host) && card.Owner == Owner.HostDriver && (holds || wish == DesktopUse.Allowed);
        var desktop = DesktopPlan.For(host);
        ImmutableArray<Obstacle> obstacles =
        [
            .. SwitchChecks.For(host, card, intent.Direction).Select(check => check.Obstacle).OfType<Obstacle>(),
            .. Obstacles(host, card, rules),
            .. restart ? desktop.Obstacles(host, intent) : [],
        ];
        if (obstacles.Length > 0) return new PlanResult.Blocked(obstacles);
        return new PlanResult.Ready(new SwitchPlan(intent, restart ? Road.Hard : Road.Soft,
            restart && desktop.ClosesSessions ? Risk.EndsSession : Risk.Reversible,
            [.. restart ? desktop.Down() : [], .. rules, .. restart ? desktop.Up() : []],
            [
                .. Cost(rules),
                .. restart ? desktop.Consequences(host) : [],
                .. holds && !restart && wish != DesktopUse.Allowed
                    ? (Consequence[])[new(ConsequenceCode.DesktopKeepsCardOpen,
                        "The desktop has the card open and keeps it until its next start.")] : [],
            ]));
    }

    /// <summary>The rules to take away and to write, so that the wish is true; empty when it is.</summary>
    public static ImmutableArray<Step> Steps(HostSnapshot host, Card card, DesktopUse wish)
    {
        var device = card.Display;
        var now = host.KeptOff.Where(rule => rule.Device == device.Address).ToImmutableArray();
        var wanted = wish switch
        {
            DesktopUse.KeptOff => now.FirstOrDefault(rule => rule.Matches(device)) ?? KeepOffRule.For(device, isPermanent: false),
            DesktopUse.KeptOffForGood => KeepOffRule.For(device, isPermanent: true),
            _ => null,
        };
        if (wish == DesktopUse.AsItIs) return [];
        return
        [
            .. wanted is not null && !now.Contains(wanted) ? (Step[])[new KeepOff(wanted)] : [],
            .. now.Where(rule => rule != wanted).Select(rule => new LetOn(rule)),
        ];
    }

    /// <summary>The answer to the question what the card is for, where it is a new one.</summary>
    public static IEnumerable<Step> Remember(HostSnapshot host, Card card, DesktopUse wish)
    {
        var use = new CardUse(card.Address, card.Display.Id, wish);
        if (wish != DesktopUse.AsItIs && !host.Memory.Uses.Contains(use))
            yield return new RememberUse(use, host.Memory.Uses.FirstOrDefault(known => known.Card == card.Address));
    }

    /// <summary>What rules cost, in words.</summary>
    public static IEnumerable<Consequence> Cost(IEnumerable<Step> rules) =>
        rules.OfType<KeepOff>().Any() ? [new(ConsequenceCode.MonitorsDark, "Monitors connected to this card stay dark on the host.")] : [];

    /// <summary>Why these rules must not be written; nothing speaks against taking one away.</summary>
    public static IEnumerable<Obstacle> Obstacles(HostSnapshot host, Card card, IEnumerable<Step> rules) =>
        rules.OfType<KeepOff>().Any() ? Obstacles(host, card) : [];

    /// <summary>A card that somebody looks at is not taken from the desktop.</summary>
    public static IEnumerable<Obstacle> Obstacles(HostSnapshot host, Card card)
    {
        var others = Card.FindAll(host).Where(other => other.Address != card.Address && other.Owner == Owner.HostDriver).ToList();
        if (others.Count == 0) yield return new Obstacle.OnlyCard(card, SlotAdvice.SecondPicture(host));
        else if (IsLit(card) && !others.Any(IsLit)) yield return new Obstacle.OnlyMonitor(card);
        if (host.Console.Shown?.Device is { } console && card.Contains(console) && !host.Console.Framebuffers.Any(fb => fb.Device is { } home && !card.Contains(home)))
            yield return new Obstacle.DrivesConsole(card, others.FirstOrDefault());
    }

    private static bool IsLit(Card card) => card.Display.Connectors.Any(connector => connector.IsConnected == true);
}

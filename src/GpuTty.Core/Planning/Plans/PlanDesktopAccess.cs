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
internal static class PlanDesktopAccess
{
    public static PlanResult For(HostSnapshot host, Card card, SwitchIntent intent)
    {
        var access = intent.Direction == Direction.AllowDesktop ? DesktopAccess.Allowed
            : intent.Desktop == DesktopAccess.HiddenPermanently ? DesktopAccess.HiddenPermanently : DesktopAccess.HiddenFromSeat;
        var rules = intent.Restores.IsEmpty ? Steps(host, card, access) : Restoring.Rules(host, intent);
        if (rules.Length == 0) return new PlanResult.AlreadyThere(card);

        // Only a restart of the desktop makes it open the card, or let go of it; without the consent the rule waits for the next login.
        var holds = HolderPlan.For(host, card, []).NeedsDesktopStopped;
        var restart = intent.EndSessions
            && SeatDesktop.IsUp(host)
            && card.Owner == Owner.HostDriver
            && (holds || access == DesktopAccess.Allowed);
        var desktop = DesktopPlan.For(host);
        ImmutableArray<Obstacle> obstacles =
        [
            .. SwitchChecks.For(host, card, intent.Direction).Select(check => check.Obstacle).OfType<Obstacle>(),
            .. Obstacles(host, card, rules),
            .. restart ? desktop.Obstacles(host, intent) : [],
        ];
        if (obstacles.Length > 0) return new PlanResult.Blocked(obstacles);
        return new PlanResult.Ready(new SwitchPlan(intent, restart ? DesktopImpact.Restart : DesktopImpact.None,
            restart && desktop.ClosesSessions ? Risk.EndsSession : Risk.Reversible,
            [.. restart ? desktop.Down() : [], .. rules, .. restart ? desktop.Up() : []],
            [
                .. Cost(rules),
                .. restart ? desktop.Consequences(host) : [],
                .. holds && !restart && access != DesktopAccess.Allowed
                    ? (Consequence[])[new(ConsequenceCode.DesktopKeepsCardOpen,
                        "The desktop has the card open and keeps it until its next start.")] : [],
            ]));
    }

    /// <summary>The rules to take away and to write, so that it has that access; empty when it has.</summary>
    public static ImmutableArray<Step> Steps(HostSnapshot host, Card card, DesktopAccess access)
    {
        var device = card.Display;
        var now = host.HiddenFromSeat.Where(rule => rule.Device == device.Address).ToImmutableArray();
        var wanted = access switch
        {
            DesktopAccess.HiddenFromSeat => now.FirstOrDefault(rule => rule.Matches(device)) ?? SeatRule.For(device, isPermanent: false),
            DesktopAccess.HiddenPermanently => SeatRule.For(device, isPermanent: true),
            _ => null,
        };
        if (access == DesktopAccess.Unchanged) return [];
        return
        [
            .. wanted is not null && !now.Contains(wanted) ? (Step[])[new HideFromSeat(wanted)] : [],
            .. now.Where(rule => rule != wanted).Select(rule => new AllowDesktop(rule)),
        ];
    }

    /// <summary>The answer to the question what the card is for, where it is a new one.</summary>
    public static IEnumerable<Step> Remember(HostSnapshot host, Card card, DesktopAccess access)
    {
        var use = new CardAccess(card.Address, card.Display.Id, access);
        if (access != DesktopAccess.Unchanged && !host.Memory.Uses.Contains(use))
            yield return new SaveDesktopAccess(use, host.Memory.Uses.FirstOrDefault(known => known.Card == card.Address));
    }

    /// <summary>What rules cost, in words.</summary>
    public static IEnumerable<Consequence> Cost(IEnumerable<Step> rules) =>
        rules.OfType<HideFromSeat>().Any()
            ? [new(ConsequenceCode.MonitorsDark, "Monitors connected to this card stay dark on the host.")]
            : [];

    /// <summary>Why these rules must not be written; nothing speaks against taking one away.</summary>
    public static IEnumerable<Obstacle> Obstacles(HostSnapshot host, Card card, IEnumerable<Step> rules) =>
        rules.OfType<HideFromSeat>().Any() ? Obstacles(host, card) : [];

    /// <summary>A card that somebody looks at is not taken from the desktop.</summary>
    public static IEnumerable<Obstacle> Obstacles(HostSnapshot host, Card card)
    {
        var others = Card.FindAll(host).Where(other => other.Address != card.Address && other.Owner == Owner.HostDriver).ToList();
        if (others.Count == 0) yield return SlotAdvice.NoOtherCard(host, card);
        else if (IsLit(card) && !others.Any(IsLit)) yield return new Obstacle.OnlyMonitor(card);
        if (host.Console.Shown?.Device is { } console
            && card.Contains(console)
            && !host.Console.Framebuffers.Any(fb => fb.Device is { } home && !card.Contains(home)))
            yield return new Obstacle.DrivesConsole(card, others.FirstOrDefault(), SlotAdvice.SecondPicture(host, card));
    }

    private static bool IsLit(Card card) => card.Display.Connectors.Any(connector => connector.IsConnected == true);
}

using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Desktop;

namespace GpuTty.Planning.Plans;

/// <summary>
/// What has to be agreed to before something can be done, whatever of it has been agreed to already. The one place that knows: screen,
/// lines and commands ask it.
/// </summary>
/// <param name="Sessions">Graphical sessions would be closed.</param>
/// <param name="Holders">Programs or services of somebody would be ended.</param>
/// <param name="OnlyCard">It is the machine's only card: no picture until it comes back.</param>
/// <param name="Refused">What no consent takes away; empty where the agreed plan can be made.</param>
/// <param name="Agreed">The intent with every consent that is needed: programs are asked to end, unless more was agreed to.</param>
/// <param name="Result">The plan of <paramref name="Agreed"/>.</param>
public sealed record RequiredConsents(
    bool Sessions, bool Holders, bool OnlyCard, ImmutableArray<Obstacle> Refused, SwitchIntent Agreed, PlanResult Result)
{
    /// <summary>True where a yes takes the obstacle away.</summary>
    public static bool IsConsent(Obstacle obstacle) =>
        obstacle is Obstacle.SessionsWouldEnd or Obstacle.InUse or Obstacle.InContainer { CanBeAgreed: true } or Obstacle.OnlyCard;

    /// <summary>
    /// As if nothing had been agreed to. One consent can make another one needed (without the only card there is no desktop), so each
    /// that the planner names is given,
    /// until it names none that is new.
    /// </summary>
    public static RequiredConsents For(HostSnapshot host, SwitchIntent intent)
    {
        var agreed = intent with { EndSessions = false, EndHolders = HolderConsent.Never, SingleGpu = false };
        while (true)
        {
            var result = SwitchPlanner.Plan(host, agreed);
            ImmutableArray<Obstacle> obstacles = result is PlanResult.Blocked blocked ? blocked.Obstacles : [];
            var end = intent.EndHolders == HolderConsent.Kill ? HolderConsent.Kill : HolderConsent.Terminate;
            var more = obstacles.Aggregate(agreed, (given, obstacle) => obstacle switch
            {
                Obstacle.SessionsWouldEnd => given with { EndSessions = true },
                Obstacle.InUse or Obstacle.InContainer { CanBeAgreed: true } => given with { EndHolders = end },
                Obstacle.OnlyCard when given.Direction == Direction.ToVm => given with { SingleGpu = true },
                _ => given,
            });
            if (more == agreed) return Of(host, intent, agreed, result, obstacles);
            agreed = more;
        }
    }

    /// <summary>What is needed, and the intent has not agreed to.</summary>
    public bool IsMissing(SwitchIntent intent) =>
        (Sessions && !intent.EndSessions) || (Holders && intent.EndHolders == HolderConsent.Never) || (OnlyCard && !intent.SingleGpu);

    /// <summary>
    /// True where the user may say what the card is for: it comes back to a host with a desktop that could leave it alone. An undo asks
    /// nothing: it goes back to what
    /// was.
    /// </summary>
    public static bool MayChooseUse(HostSnapshot host, SwitchIntent intent) =>
        intent is { Direction: Direction.ToHost, IsUndo: false, PendingRestarts.IsEmpty: true }
        && SeatDesktop.IsUp(host)
        && Card.FindAt(host, intent.Card) is { } card
        && card.Owner != Owner.HostDriver
        && (host.IsKeptOff(card.Display) || WhyNotKeepOff(host, card) is null);

    /// <summary>True where the user has to say it first: once a boot, so that nobody is asked twice.</summary>
    public static bool LacksUse(HostSnapshot host, SwitchIntent intent) =>
        intent.Desktop == DesktopAccess.Unchanged && MayChooseUse(host, intent)
        && host.UseOf(Card.FindAt(host, intent.Card)!.Display) == DesktopAccess.Unchanged;

    /// <summary>Why the desktop cannot be kept off a card; null when it can.</summary>
    public static string? WhyNotKeepOff(HostSnapshot host, Card card) =>
        host.IsKeptOff(card.Display) ? "The desktop is kept off this card already."
        : SwitchPlanner.Plan(host, new SwitchIntent(card.Address, Direction.HideFromSeat)) is PlanResult.Blocked blocked
            ? blocked.Obstacles[0].Problem
        : null;

    private static RequiredConsents Of(
        HostSnapshot host, SwitchIntent intent, SwitchIntent agreed, PlanResult result, ImmutableArray<Obstacle> obstacles)
    {
        var all = agreed with { EndSessions = agreed.EndSessions || intent.EndSessions, SingleGpu = agreed.SingleGpu || intent.SingleGpu };
        return new(agreed.EndSessions, agreed.EndHolders != HolderConsent.Never, agreed.SingleGpu,
            [.. obstacles.Where(obstacle => !IsConsent(obstacle))], all,
            all == agreed ? result : SwitchPlanner.Plan(host, all));
    }
}

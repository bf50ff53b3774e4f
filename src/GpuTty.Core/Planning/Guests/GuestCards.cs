using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Guests;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;

namespace GpuTty.Planning.Guests;

/// <summary>Which cards the start of a guest is about, and why it may not have them. Pure.</summary>
/// <param name="Cards">Empty where the guest wants none: then the start is nobody's business.</param>
/// <param name="Refused">Empty where nothing is known against it yet; a plan may still be refused.</param>
public sealed record GuestCards(ImmutableArray<Card> Cards, ImmutableArray<Obstacle> Refused)
{
    private static readonly GuestCards s_none = new([], []);

    /// <param name="isNamed">The guest is listed in HOOK_VM_NAMES.</param>
    /// <param name="grants">What starts of guests have given away.</param>
    public static GuestCards Of(
        HostSnapshot host, GuestDescription guest, bool isNamed, Configuration configured, IEnumerable<GuestGrant> grants)
    {
        // A function that cannot be told may be one of a card.
        if (host.CannotTell(guest.Devices.Select(device => SnapshotPart.Device(device.Address))).FirstOrDefault() is { } unknown)
            return s_none with { Refused = [new Obstacle.CouldNotTell(unknown)] };
        var cards = Card.FindAll(host).Where(guest.Wants).ToImmutableArray();
        if (cards.IsEmpty && isNamed)
        {
            var choice = ConfiguredCard.Find(host, configured);
            if (choice.Obstacle is { } none) return s_none with { Refused = [none] };
            cards = [choice.Card!];
        }
        return cards.IsEmpty
            ? s_none
            : new(cards, [.. cards.SelectMany(card => Managed(guest, card).Concat(Against(host, GuestIdentity.Of(guest), card, grants)))]);
    }

    /// <summary>What a start allows: nobody is asked, so only what was configured beforehand.</summary>
    public static SwitchIntent Intent(Card card, Direction direction, Configuration configured) =>
        new(card.Address, direction, configured[ConfigurationKey.HookEndSessions] == "yes", ConfiguredIntent.Holders(configured))
        {
            Desktop = ConfiguredIntent.Use(configured, direction),
            LeavesNvidiaStopped = ConfiguredIntent.LeavesNvidiaStopped(configured),
        };

    /// <summary>The same refusal with a next action for somebody who starts a guest, and not gputty.</summary>
    public static Obstacle ForHook(Obstacle obstacle, SwitchIntent intent) => obstacle switch
    {
        Obstacle.SessionsWouldEnd closing => new Obstacle.NotAllowedFromGuest(closing.Code, closing.Problem,
            $"Keep the desktop off the card (gputty keep-off on --card {intent.Card.SlotName}), or "
                + (intent.Direction == Direction.ToVm
                    ? $"switch first (gputty switch vm --card {intent.Card.SlotName} --end-sessions)"
                    : $"gputty switch host --card {intent.Card.SlotName} --end-sessions")
                + "; or allow it for every guest: HOOK_END_SESSIONS=yes in /etc/gputty.conf"),
        Obstacle.InUse or Obstacle.InContainer { CanBeAgreed: true } =>
            new Obstacle.NotAllowedFromGuest(
                obstacle.Code, obstacle.Problem, "Close it, or allow it to be ended: END_HOLDERS=term in /etc/gputty.conf"),
        Obstacle.OnlyCard only =>
            new Obstacle.NotAllowedFromGuest(
                only.Code,
                only.Problem,
                $"Give it away yourself before you start the guest: gputty switch vm --card {intent.Card.SlotName} --single-gpu"),
        _ => obstacle,
    };

    public static bool IsInUse(HostSnapshot host, Card card) => card.HoldersIn(host).Any(IsGuest);

    private static bool IsGuest(Holder holder) => holder.Nodes.Any(node => node.Kind == NodeKind.Vfio);

    private static IEnumerable<Obstacle> Managed(GuestDescription guest, Card card) =>
        guest.Devices.FirstOrDefault(device => device.IsManaged && card.Contains(device.Address)) is { } managed
            ? [new Obstacle.ManagedByLibvirt(guest.Name, managed.Address)]
            : [];

    /// <summary>Somebody else has it: a guest for which it was given away, or a process that uses it.</summary>
    public static ImmutableArray<Obstacle> Against(HostSnapshot host, string identity, Card card, IEnumerable<GuestGrant> grants) =>
        grants.FirstOrDefault(grant => grant.Uuid != identity && grant.Away(host).Any(away => away.Address == card.Address)) is { } other
            ? [new Obstacle.GivenToGuest(card, other.Guest)]
            : card.HoldersIn(host).FirstOrDefault(IsGuest) is { } holder ? [Obstacle.MachineRunning.In(host, holder)]
        : [];
}

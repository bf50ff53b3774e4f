using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Desktop;
using GpuTty.Planning.Plans;
using GpuTty.Steps;
using GpuTty.Text;

namespace GpuTty.Planning.Holders;

/// <summary>What has to happen to everybody who holds a card before its driver can let go.</summary>
/// <param name="Actions">Every holder of the card or of a module that must be unloaded.</param>
public sealed record HolderPlan(ImmutableArray<HolderAction> Actions)
{
    /// <summary>The desktop itself holds the card: only a desktop restart frees it.</summary>
    public bool NeedsDesktopStopped => Actions.Any(t => t.Kind == HolderActionKind.EndsWithDesktop)
        // Nobody else shows for whom the seat's manager has its copy.
        || (Actions.Any(t => t.Kind == HolderActionKind.ReleasedWithSession) && !Actions.Any(HasCardItself));

    /// <summary>Services that are stopped, each once.</summary>
    public IEnumerable<UnitName> Units => Actions
        .Where(t => t.Kind is HolderActionKind.StopService or HolderActionKind.StopUnit).Select(t => t.Unit!).Distinct();

    /// <summary>True where modules of the card's driver are unloaded for it: a service
    /// of the system that needs them can run again only with the card.</summary>
    public bool UnloadsModules { get; init; }

    /// <summary>Another device of the machine has sound: where none has, systemd does not even start what looks after sound
    /// (ConditionPathExistsGlob=/dev/snd/control*).</summary>
    public bool HasOtherSound { get; init; }

    /// <summary>What would start those services again, by service; none is left out that listens.</summary>
    public ImmutableDictionary<UnitName, ImmutableArray<UnitName>> Sockets { get; init; } =
        ImmutableDictionary<UnitName, ImmutableArray<UnitName>>.Empty;

    /// <summary>How long each may take to stop (<see cref="StopUnit.TimeOf"/>).</summary>
    public ImmutableDictionary<UnitName, TimeSpan?> TimesToStop { get; init; } = ImmutableDictionary<UnitName, TimeSpan?>.Empty;

    /// <summary>
    /// True where a service that is stopped for the card is started again at the end of the switch: a user's own, one of sound
    /// where there is other sound, and any where the driver stays loaded for another card. The others come back with the card:
    /// whether they start without its driver is unknown, and one that does would go on without the card when that is back.
    /// </summary>
    public bool StartsAgain(UnitName unit) =>
        !IsIrreversible(unit) && (unit.Uid is not null || (IsOfSound(unit) ? HasOtherSound : !UnloadsModules));

    private bool IsOfSound(UnitName unit) => Actions.Where(t => t.Unit == unit).All(t => SeatDesktop.IsSound(t.Holder));

    private HolderAction WithWhatBecomesOfIt(HolderAction holder) =>
        holder is { Kind: HolderActionKind.StopService, Unit: { } unit } && !StartsAgain(unit)
            ? holder with { Reason = $"{unit.Name} is stopped, and started again when the card is back" }
            : holder;

    /// <summary>Everybody who holds the card, or a module that a switch of it would unload.</summary>
    public static HolderPlan For(HostSnapshot host, Card card) =>
        For(host, card, [.. CardModules.Of(host, card).Select(module => module.Name)]);

    public static HolderPlan For(HostSnapshot host, Card card, IReadOnlyCollection<string> modules)
    {
        var treatments = host.Holders
            .Where(holder =>
                card.Functions.Any(f => holder.Holds(f.Address))
                || modules.Any(module => holder.HoldsModule(module) || holder.HasBufferOf(host, module)))
            .Select(holder => HolderAction.Of(holder, host) with { Nodes = NodesOf(holder, host, card, modules) }).ToImmutableArray();
        // A sound server goes down with its desktop, but it alone is no reason to
        // close one: it opens the card's sound even where the desktop keeps off.
        var desktopStays = !new HolderPlan([.. treatments.Where(t => t.WithoutDesktop().Kind == t.Kind)]).NeedsDesktopStopped;
        var plan = new HolderPlan([.. treatments.Select(t => desktopStays ? t.WithoutDesktop() : t)])
        {
            UnloadsModules = modules.Count > 0,
            HasOtherSound = host.Devices.Any(device =>
                !card.Contains(device.Address) && device.Nodes.Any(node => node.Kind == NodeKind.Sound)),
        };
        return plan with
        {
            Actions = [.. plan.Actions.Select(plan.WithWhatBecomesOfIt)],
            Sockets = plan.Units.ToImmutableDictionary(unit => unit, unit => UnitSockets.Of(host, unit)),
            TimesToStop = plan.Units.ToImmutableDictionary(unit => unit, unit => StopUnit.TimeOf(host, unit)),
        };
    }

    /// <summary>Those that hold this card or one of these modules, and none of another card.</summary>
    private static ImmutableArray<HeldNode> NodesOf(
        Holder holder, HostSnapshot host, Card card, IReadOnlyCollection<string> modules) =>
    [
        .. holder.Nodes.Where(node =>
            (node.Device is { } device && card.Contains(device))
            || modules.Select(KernelModule.Canonical).Any(module =>
                node.Module == module || (node.Kind == NodeKind.DmaBuf && host.ModulePinnedBy(node) == module))),
    ];

    /// <summary>Who holds up a run now: what a person may ask it to stop.</summary>
    /// <param name="steps">Of the run; those that unload modules tell which ones count.</param>
    public static HolderPlan During(HostSnapshot host, PciAddress card, IEnumerable<Step> steps) =>
        Card.FindAt(host, card) is { } found ? For(host, found, [.. steps.OfType<UnloadModule>().Select(step => step.Module)]) : new([]);

    /// <summary>Services of sound, of users and of the system, whichever card they have open now.</summary>
    public static ImmutableArray<UnitName> SoundServers(HostSnapshot host) =>
    [
        .. host.Holders.Where(holder => holder.Nodes.Any(node => node.Kind == NodeKind.Sound))
            .Select(holder => HolderAction.Of(holder, host)).Where(t => t is { IsAutoRestarted: true, IsIrreversible: false })
            .Select(t => t.Holder.UnitOfUser ?? t.Unit).OfType<UnitName>().Distinct(),
    ];

    /// <param name="endSessions">Sessions may be closed, and what is left of one that has ended.</param>
    public IEnumerable<Obstacle> Obstacles(HolderConsent consent, bool endSessions) =>
        Actions.SelectMany<HolderAction, Obstacle>(t => t.Kind switch
        {
            HolderActionKind.RefuseMachine => [new Obstacle.MachineRunning(t.Holder, t.Guest)],
            HolderActionKind.Refuse when t.Holder.IsSeatManager => [new Obstacle.SeatManagerHolds(t.Holder)],
            HolderActionKind.StopContainer when consent == HolderConsent.Never || t.Command is not { IsOurs: true } =>
                [new Obstacle.InContainer(t.Holder, Through(t), t.Command, t.Guest)],
            HolderActionKind.Refuse when t.ReasonCode == HolderReason.RunsThisProgram && UserspaceConsole.Is(t.Holder) =>
                [new Obstacle.DrawsThisConsole(t.Holder)],
            HolderActionKind.Refuse => [new Obstacle.Untouchable(t.Holder, t.Reason)],
            HolderActionKind.StopUnit when t.IsLeftOver && endSessions => [],
            HolderActionKind.StopUnit or HolderActionKind.EndProcess when consent == HolderConsent.Never =>
                [new Obstacle.InUse(t.Holder, Through(t))],
            _ => [],
        });

    /// <summary>
    /// What may say no, and needed a yes: programs and services of somebody. They are seen to
    /// be gone before anything that cannot be undone, those that can be started again first.
    /// </summary>
    public IEnumerable<Step> StepsWithConsent(HolderConsent consent) =>
        UnitsWith(HolderActionKind.StopUnit).SelectMany(Stop)
            .Concat(Containers.Select(Step (container) => new StopContainer(container)))
            .Concat(Actions.Where(t => t.Kind == HolderActionKind.EndProcess).Select(Step (t) => new EndProcess(
                t.Holder.Pid, t.Holder.StartTime, t.Holder.Name, consent == HolderConsent.Kill ? EndSignal.Kill : EndSignal.Terminate)));

    /// <summary>Services of drivers and of sound: a desktop that is still up would have them back at once. And the splash screen.</summary>
    public IEnumerable<Step> StepsForServices() =>
        Actions.Where(t => t.Kind == HolderActionKind.QuitSplash).Select(Step (t) => new QuitSplash(t.Holder.Pid, t.Holder.StartTime))
            .Concat(UnitsWith(HolderActionKind.StopService).Except(UserUnitsAfterDesktop).SelectMany(Stop));

    /// <summary>What of it is started again at the end of the switch, last of all what was stopped first.</summary>
    public IEnumerable<Step> StartAgain() =>
        Units.Where(StartsAgain).Reverse()
            .SelectMany(unit => UnitSockets.Start(SocketsOf(unit), unit)).Distinct();

    private IEnumerable<UnitName> UnitsWith(HolderActionKind treatment) =>
        Actions.Where(t => t.Kind == treatment).Select(t => t.Unit!).Distinct();

    public IEnumerable<Consequence> Consequences(HolderConsent consent) =>
        Actions.Where(t => t.Kind == HolderActionKind.StopUnit).Select(t => t.Unit!).Distinct()
            .Select(unit => new Consequence(
                ConsequenceCode.UnitStopped,
                $"{unit}{Guests(unit)} will be stopped"
                    + (IsIrreversible(unit) ? ", and not started again."
                        : StartsAgain(unit) ? ", and started again at the end."
                        : ", and started again when the card is back.")))
            .Concat(Containers.Select(container => new Consequence(ConsequenceCode.ContainerStopped,
                $"Container {container} will be stopped ({ContainerCommand.Stop(container)}), and is not started again by itself.")))
            .Concat(Actions.Where(t => t.Kind == HolderActionKind.EndProcess)
                .Select(t => new Consequence(ConsequenceCode.ProcessEnded,
                    $"{t.Holder.LabelWithOwner} will be "
                        + $"{(consent == HolderConsent.Kill ? "ended, by force if it refuses" : "asked to end")}"
                        + $"{(t.IsManager ? ", and with it all that it runs for its user" : "")}.")));

    /// <summary>Programs of somebody else in a user's unit, such as one that was
    /// started with sudo from a terminal window: they end with it.</summary>
    private string Guests(UnitName unit)
    {
        var guests = Actions.Where(t => t.Unit == unit && unit.Uid is { } uid && t.Holder.Uid != uid)
            .Select(t => t.Holder.LabelWithOwner)
            .ToList();
        return guests.Count == 0 ? "" : $" (with {Counted.Names(guests, 3)})";
    }

    /// <summary>
    /// Once the desktop has stopped: what a user's manager would keep of it, and that user's own services.
    /// Programs of a desktop that is still up would start those again at once, through their sockets.
    /// </summary>
    public IEnumerable<Step> AfterDesktop() =>
        Actions.Where(t => t.IsEndedAfterDesktop)
            .Select(Step (t) => new EndUnit(t.Unit!, "it belonged to the desktop") { RefusesStop = t.RefusesStop })
            .Distinct()
            .Concat(UserUnitsAfterDesktop.SelectMany(Stop));

    /// <summary>Services of the system that come back with the card, each after the sockets that start it.</summary>
    public IEnumerable<UnitName> BackWithCard =>
        Units.Where(unit => !StartsAgain(unit) && !IsIrreversible(unit)).SelectMany(unit => SocketsOf(unit).Append(unit));

    private IEnumerable<UnitName> UserUnitsAfterDesktop =>
        NeedsDesktopStopped ? UnitsWith(HolderActionKind.StopService).Where(unit => unit.Uid is not null) : [];

    private IEnumerable<Step> Stop(UnitName unit) =>
        IsIrreversible(unit) ? [new EndUnit(unit, "it holds the card") { Within = TimesToStop.GetValueOrDefault(unit) }]
        : UnitSockets.Stop(SocketsOf(unit), unit, "it holds the card", TimesToStop.GetValueOrDefault(unit));

    private ImmutableArray<UnitName> SocketsOf(UnitName unit) => Sockets.TryGetValue(unit, out var sockets) ? sockets : [];

    /// <summary>Nobody could start it again, as what <c>systemd-run</c> has made.</summary>
    public bool IsIrreversible(UnitName unit) => Actions.Any(t => t.Unit == unit && t.IsIrreversible);

    private static bool HasCardItself(HolderAction treatment) =>
        treatment.Kind != HolderActionKind.ReleasedWithSession && treatment.Holder.Nodes.Any(node => node.Kind == NodeKind.Card);

    /// <summary>Containers that are stopped, each once.</summary>
    private IEnumerable<string> Containers =>
        Actions.Where(t => t.Kind == HolderActionKind.StopContainer).Select(t => t.Holder.Container!).Distinct();

    private static string Through(HolderAction held) => string.Join(", ", held.Nodes.Select(node => node.Place).Distinct().Take(3));
}

using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Holders;
using GpuTty.Steps;

namespace GpuTty.Planning.Plans;

/// <summary>
/// The parts of a snapshot that an answer of the planner rests on: what was decided before there were steps, here; and what each step
/// looks at (<see cref="Step.VerifiedBy"/>). An answer that rests on a part that could not be told is not given.
/// </summary>
public static class Dependence
{
    /// <summary>The answer, or that it could not be told; what was seen to be in the way stays in the way.</summary>
    public static PlanResult Checked(HostSnapshot host, Card card, SwitchIntent intent, PlanResult answer)
    {
        var seen = answer is PlanResult.Blocked blocked ? blocked.Obstacles.Where(IsSeen).ToImmutableArray() : [];
        // That no list of modules was found has a refusal of its own.
        ImmutableArray<Obstacle> untold = [.. Untold(host, card, intent, answer)
            .Where(one =>
                one is not Obstacle.CouldNotTell { Unknown.Code: UnknownFact.DeviceModules }
                || !seen.Any(other => other is Obstacle.HostModulesUnknown))];
        return untold.IsEmpty ? answer : new PlanResult.Blocked([.. seen, .. untold]);
    }

    /// <summary>Something is there; all others may be said only because something that could not be told is missing.</summary>
    private static bool IsSeen(Obstacle obstacle) => obstacle
        is Obstacle.WriteStuck or Obstacle.KernelDied or Obstacle.OffTheBus or Obstacle.MachineRunning or Obstacle.SharedGroup
            or Obstacle.NonPciGroupMember
            or Obstacle.DirectMapped or Obstacle.HasVirtualFunctions or Obstacle.HasMediatedDevices or Obstacle.HostNeeds
            or Obstacle.InsideWsl or Obstacle.UnderXen or Obstacle.HomeUnknown
            or Obstacle.HostModulesUnknown or Obstacle.HostDriverBarred or Obstacle.ModuleBarred or Obstacle.VfioForbidden
            or Obstacle.ModuleNotInstalled or Obstacle.HostDriverNotInstalled or Obstacle.HostDriverLocked or Obstacle.VfioLocked
            or Obstacle.HeldByXen;

    private static ImmutableArray<Obstacle> Untold(HostSnapshot host, Card card, SwitchIntent intent, PlanResult answer) =>
        Untold(host, answer switch
        {
            PlanResult.AlreadyThere => OfPlace(host, card, intent),
            PlanResult.Ready ready => OfDecision(host, card, intent).Concat(OfSteps(host, card, ready.Plan)),
            _ => OfDecision(host, card, intent),
        });

    public static ImmutableArray<Obstacle> Untold(HostSnapshot host, IEnumerable<SnapshotPart> parts) =>
        [.. host.CannotTell(parts).Distinct().Select(unknown => new Obstacle.CouldNotTell(unknown))];

    /// <summary>The groups of the card with all who are in them: who else would have to travel.</summary>
    public static IEnumerable<SnapshotPart> OfGroups(HostSnapshot host, Card card) =>
        card.Functions.SelectMany<PciDevice, SnapshotPart>(function => function.IommuGroup is { } number
        ? [SnapshotPart.Group(number), .. host.GroupOf(function)?.Members.Select(SnapshotPart.Device) ?? []]
        : [new SnapshotPart(UnknownFact.IommuGroups)]);

    public static IEnumerable<SnapshotPart> OfFunctions(Card card) =>
        card.Functions.SelectMany<PciDevice, SnapshotPart>(f => [SnapshotPart.Device(f.Address), SnapshotPart.IdsOf(f.Address)]);

    /// <summary>Who has the card open, and so whether a virtual machine runs on it.</summary>
    public static IEnumerable<SnapshotPart> OfHolders(Card card) =>
        [SnapshotPart.Holders, SnapshotPart.Nodes, .. card.Functions.Select(f => SnapshotPart.NodesOf(f.Address))];

    /// <summary>That the card is where it should be.</summary>
    private static IEnumerable<SnapshotPart> OfPlace(HostSnapshot host, Card card, SwitchIntent intent) =>
    [
        .. OfFunctions(card),
        .. intent.Direction switch
        {
            Direction.ToHost when !IsOnlyCard(host, card) => (SnapshotPart[])[SnapshotPart.OriginalState],
            Direction.ToVm when intent.Tuning is not null => [SnapshotPart.TunableSettings],
            Direction.HideFromSeat or Direction.AllowDesktop => [SnapshotPart.SeatRules],
            Direction.Pin or Direction.Unpin => [SnapshotPart.GlDriverSettings],
            _ => [],
        },
        .. OfRules(intent),
        .. intent.PendingRestarts.Select(SnapshotPart.Unit),
    ];

    private static IEnumerable<SnapshotPart> OfDecision(HostSnapshot host, Card card, SwitchIntent intent) =>
        [.. OfFunctions(card), .. OfDirection(host, card, intent), .. OfRules(intent), .. intent.PendingRestarts.Select(SnapshotPart.Unit)];

    private static SnapshotPart[] OfDirection(HostSnapshot host, Card card, SwitchIntent intent) => intent.Direction switch
    {
        Direction.ToVm =>
        [
            SnapshotPart.KernelState,
            SnapshotPart.Drivers,
            SnapshotPart.Modules,
            SnapshotPart.Console,
            .. host.Vfio.IsRegistered ? [] : (SnapshotPart[])[SnapshotPart.ModuleSettings],
            .. OfGroups(host, card),
            .. card.Functions.Select(f => SnapshotPart.UsesOf(f.Address)),
            .. OfHolders(card),
            .. intent.Tuning is null ? [] : (SnapshotPart[])[SnapshotPart.TunableSettings],
            .. intent.SingleGpu || HolderPlan.For(host, card).Actions.Length > 0 ? OfDesktop() : [],
        ],
        // Guessed is better than dark: the desktop that nobody can see is no reason to leave the only card away.
        Direction.ToHost when IsOnlyCard(host, card) => [SnapshotPart.KernelState, .. OfHolders(card), .. OfGuessedDrivers(host, card)],
        Direction.ToHost =>
        [
            SnapshotPart.KernelState,
            SnapshotPart.Drivers,
            SnapshotPart.SeatRules,
            .. OfHolders(card),
            .. OfDesktop(),
            .. OfGuessedDrivers(host, card),
        ],
        Direction.HideFromSeat or Direction.AllowDesktop =>
            [SnapshotPart.SeatRules, SnapshotPart.Console, .. intent.EndSessions ? OfHolders(card).Concat(OfDesktop()) : []],
        Direction.Pin => [SnapshotPart.GlDriverSettings, SnapshotPart.Holders, SnapshotPart.Nodes, SnapshotPart.ModulesFor(card.Address)],
        Direction.Unpin => [SnapshotPart.GlDriverSettings],
        Direction.Rescan => [SnapshotPart.KernelState, .. OfHolders(card)],
        _ => [SnapshotPart.KernelState],
    };

    /// <summary>Of functions without a driver of the host whose own is not remembered.</summary>
    private static IEnumerable<SnapshotPart> OfGuessedDrivers(HostSnapshot host, Card card) => card.Functions
        .Where(f =>
            (f.Driver is null || f.IsOnVfio)
            && (host.Memory.Find(f) is not { } known || (known.Driver is { } driver && VfioSupport.IsVfioDriver(driver))))
        .SelectMany(f => (SnapshotPart[])[SnapshotPart.ModulesFor(f.Address), SnapshotPart.ModuleSettings]);

    /// <summary>Whether there is a desktop, whose sessions would end, and whether this is inside of one.</summary>
    private static IEnumerable<SnapshotPart> OfDesktop() =>
        [SnapshotPart.Sessions, SnapshotPart.DisplayManager, SnapshotPart.CallerLocation];

    private static IEnumerable<SnapshotPart> OfRules(SwitchIntent intent) =>
        intent.Desktop == DesktopAccess.Unchanged ? [] : [SnapshotPart.SeatRules];

    private static IEnumerable<SnapshotPart> OfSteps(HostSnapshot host, Card card, SwitchPlan plan) =>
    [
        .. plan.Steps
            .Where(step => step.TouchesPci() || plan.Intent.Direction != Direction.ToHost || !IsOnlyCard(host, card))
            .SelectMany(step => step.PartsOf(host)),
        // A function that was never read may have the same driver, and would lose it; and the way back loads the modules again.
        .. plan.Steps.OfType<UnloadModule>().Any()
            ? (SnapshotPart[])[SnapshotPart.Devices, SnapshotPart.ModuleSettings, SnapshotPart.InstalledModules]
            : [],
        .. plan.Intent.Direction == Direction.ToHost && !IsOnlyCard(host, card) && plan.Steps.Any(step => Loads(host, step))
            ? (SnapshotPart[])[SnapshotPart.InstalledModules]
            : [],
    ];

    /// <summary>Whether a step loads a driver of the host that is not there.</summary>
    private static bool Loads(HostSnapshot host, Step step) =>
        step is BindDevice bind
        && bind.Ways().Any(way => way is { Module: { } module, Driver: var driver } && !HostDriver.IsThere(host, driver, module));

    private static bool IsOnlyCard(HostSnapshot host, Card card) => SwitchChecks.Others(host, card).IsEmpty;
}

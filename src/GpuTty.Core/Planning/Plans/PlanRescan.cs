using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Guests;
using GpuTty.Steps;

namespace GpuTty.Planning.Plans;

/// <summary>
/// The last resort for functions that are stuck without a driver: the kernel forgets them and
/// looks for them anew. Never on a card that anybody uses, and never part of another plan.
/// </summary>
internal static class PlanRescan
{
    public static PlanResult For(HostSnapshot host, Card card, SwitchIntent intent)
    {
        var stuck = card.Functions.Where(function => function.Driver is null).ToImmutableArray();
        if (stuck.IsEmpty) return new PlanResult.AlreadyThere(card);
        Obstacle[] obstacles =
        [
            .. SwitchChecks.For(host, card, Direction.Rescan).Select(check => check.Obstacle).OfType<Obstacle>(),
            .. card.HoldersIn(host)
                .Take(1)
                .Select(holder => GuestCards.IsInUse(host, card)
                    ? (Obstacle)Obstacle.MachineRunning.In(host, holder)
                    : new Obstacle.StillHeld(card, holder)),
            .. stuck.Where(function => function.PhysicalFunction is not null).Select(function => new Obstacle.RescanVirtual(function)),
            .. stuck.Select(function => function.Parent).Distinct().Where(bridge => RescanBus.Asleep(host, bridge) is not null)
                .Select(bridge => new Obstacle.BridgeSilent(bridge!.Value, RescanBus.Asleep(host, bridge)!)),
        ];
        if (obstacles.Length > 0) return new PlanResult.Blocked([.. obstacles.Distinct()]);
        ImmutableArray<Step> steps =
        [
            // The first function of a slot goes last: it is the one that the kernel looks for first.
            .. stuck
                .OrderByDescending(function => function.Address)
                .Select(function => new RemoveDevice(function.Address, function.Parent)),
            .. stuck
                .GroupBy(function => function.Parent)
                .Select(bus => new RescanBus([.. bus.Select(function => function.Address)], bus.Key)),
        ];
        return new PlanResult.Ready(new SwitchPlan(intent, DesktopImpact.None, Risk.Reversible, steps, [.. Cost(stuck)]));
    }

    /// <summary>A function that the kernel has forgotten, in a run that was
    /// killed, or that has come later: it is only looked for.</summary>
    public static PlanResult ForMissing(HostSnapshot host, SwitchIntent intent) =>
        SwitchChecks.Kernel(host).Obstacle is { } unwell ? new PlanResult.Blocked([unwell])
        : new PlanResult.Ready(new SwitchPlan(intent, DesktopImpact.None, Risk.Reversible, [new RescanBus([intent.Card], null)], []));

    private static IEnumerable<Consequence> Cost(ImmutableArray<PciDevice> stuck)
    {
        var names = string.Join(", ", stuck.Select(function => function.Address.ShortName));
        yield return new(ConsequenceCode.LastResort,
            $"This is the last resort: if {names} does not answer when the kernel looks again, "
                + "the card is gone until the machine has been without power.");
        yield return new(ConsequenceCode.OverrideLost, "Its driver overrides are lost, and any driver of the host may take it at once.");
    }
}

using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Steps;

namespace GpuTty.Planning.Plans;

/// <summary>Clears an override that some other program, or an interrupted
/// attempt, has left on a function; undone, it is set again.</summary>
internal static class PlanClearOverride
{
    public static PlanResult For(HostSnapshot host, Card card, SwitchIntent intent)
    {
        var function = card.Functions.First(function => function.Address == intent.Card);
        var steps = intent.Direction == Direction.SetOverride ? Restoring.Of(host, intent)
            : function.HasStrayOverride ? [new SetDriverOverride(function.Address, function.DriverOverride, null)]
            : [];
        if (steps.IsEmpty) return new PlanResult.AlreadyThere(card);
        if (SwitchChecks.Kernel(host).Obstacle is { } unwell) return new PlanResult.Blocked([unwell]);
        if (function.HasFallenOffTheBus) return new PlanResult.Blocked([new Obstacle.OffTheBus(function)]);
        ImmutableArray<Consequence> consequences = function.Driver is null && intent.Direction == Direction.ClearOverride
            ? [new(
                ConsequenceCode.StaysWithoutDriver,
                "It has no driver until the kernel probes it again; a switch to the host does that.")]
            : [];
        return new PlanResult.Ready(new SwitchPlan(intent, DesktopImpact.None, Risk.Reversible, steps, consequences));
    }
}

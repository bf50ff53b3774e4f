using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Steps;

namespace GpuTty.Planning.Holders;

/// <summary>What has to happen to everybody who holds a card before its driver can let go.</summary>
/// <param name="Treatments">Every holder of the card or of a module that must be unloaded.</param>
public sealed record HolderPlan(ImmutableArray<HolderTreatment> Treatments)
{
    /// <summary>The desktop itself holds the card: only the hard road frees it.</summary>
    public bool NeedsDesktopStopped => Treatments.Any(t => t.Treatment == Treatment.EndsWithDesktop);

    /// <summary>Services that are stopped, each once.</summary>
    public IEnumerable<UnitName> Units => Treatments
        .Where(t => t.Treatment is Treatment.StopService or Treatment.StopUnit).Select(t => t.Unit!).Distinct();

    /// <summary>Everybody who holds the card, or a module that a switch of it would unload.</summary>
    public static HolderPlan For(HostSnapshot host, Card card) => For(host, card, [.. CardModules.Of(host, card).Select(module => module.Name)]);

    public static HolderPlan For(HostSnapshot host, Card card, IReadOnlyCollection<string> modules)
    {
        var treatments = host.Holders
            .Where(holder => card.Functions.Any(f => holder.Holds(f.Address)) || modules.Any(holder.HoldsModule))
            .Select(holder => HolderTreatment.Of(holder, host)).ToImmutableArray();
        // A sound server goes down with its desktop, but it alone is no reason to close one: it opens the card's sound even where the desktop keeps off.
        var desktopStays = treatments.Where(t => t.Treatment == Treatment.EndsWithDesktop).All(t => t.IsServant);
        return new([.. treatments.Select(t => desktopStays ? t.WithoutDesktop() : t)]);
    }

    /// <summary>Who holds up a run now: what a person may ask it to stop.</summary>
    /// <param name="steps">Of the run; those that unload modules tell which ones count.</param>
    public static HolderPlan During(HostSnapshot host, PciAddress card, IEnumerable<Step> steps) =>
        Card.FindAt(host, card) is { } found ? For(host, found, [.. steps.OfType<UnloadModule>().Select(step => step.Module)]) : new([]);

    /// <summary>Sound servers of users, whichever card they have open now.</summary>
    public static ImmutableArray<UnitName> SoundServers(HostSnapshot host) =>
    [
        .. host.Holders.Where(holder => holder.UserUnit is not null && holder.Nodes.Any(node => node.Kind == NodeKind.Sound))
            .Select(holder => HolderTreatment.Of(holder, host)).Where(t => t.IsServant).Select(t => new UnitName(t.Holder.UserUnit!, t.Holder.Uid)).Distinct(),
    ];

    public IEnumerable<Obstacle> Obstacles(HolderConsent consent) => Treatments.SelectMany<HolderTreatment, Obstacle>(t => t.Treatment switch
    {
        Treatment.RefuseMachine => [new Obstacle.MachineRunning(t.Holder)],
        Treatment.Refuse => [new Obstacle.Untouchable(t.Holder, t.Reason)],
        Treatment.StopUnit or Treatment.EndProcess when consent == HolderConsent.Never => [new Obstacle.InUse(t.Holder, Through(t.Holder))],
        _ => [],
    });

    public IEnumerable<Step> Steps(HolderConsent consent) =>
        Units.Select(Step (unit) => new StopUnit(unit, "it holds the card"))
            .Concat(Treatments.Where(t => t.Treatment == Treatment.EndProcess).Select(t => new EndProcess(
                t.Holder.Pid, t.Holder.StartTime, t.Holder.Name, consent == HolderConsent.Kill ? EndSignal.Kill : EndSignal.Terminate)));

    public IEnumerable<Consequence> Consequences(HolderConsent consent) =>
        Treatments.Where(t => t.Treatment == Treatment.StopUnit).Select(t => t.Unit!).Distinct()
            .Select(unit => new Consequence(ConsequenceCode.UnitStopped, $"{unit} will be stopped."))
            .Concat(Treatments.Where(t => t.Treatment == Treatment.EndProcess)
                .Select(t => new Consequence(ConsequenceCode.ProcessEnded,
                    $"{t.Holder.Label} will be {(consent == HolderConsent.Kill ? "ended, by force if it refuses" : "asked to end")}.")));

    private static string Through(Holder holder) => string.Join(", ", holder.Nodes.Select(node => node.Path).Distinct().Take(3));
}

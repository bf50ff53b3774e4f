using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Desktop;
using GpuTty.Planning.Holders;
using GpuTty.Steps;
using GpuTty.Text;

namespace GpuTty.Planning.Plans;

/// <summary>From the host driver, or from halfway, to vfio-pci.</summary>
internal static class PlanToVm
{
    public static PlanResult For(HostSnapshot host, Card card, SwitchIntent intent)
    {
        var access = VfioAccessPlan.Wanted(card, intent);
        var tuning = TuningPlan.Wanted(host, card, intent);
        ImmutableArray<Obstacle> against = [.. TuningPlan.Obstacles(host, intent), .. ResetPlan.Obstacles(host, card, intent)];
        if (card.Functions.All(f => f.IsOnVfio) && !card.Functions.Any(OverrideNamesOtherDriver))
            return AlreadyAway(host, card, intent, access, tuning, against);
        if (WithoutIommu.Never(host) is { } never) return new PlanResult.Blocked([never]);
        var releases = card.Functions
            .Select(function => (Function: function, How: DriverRelease.Of(host, card, function)))
            .ToImmutableArray();
        var stack = releases
            .SelectMany(release => release.How is DriverRelease.Unload unload ? unload.Stack : [])
            .Distinct()
            .ToImmutableArray();
        var holders = HolderPlan.For(host, card, stack);
        var desktop = DesktopPlan.For(host);
        // Without another card there is no desktop to leave alone, and none to start again before this one is back.
        var isAlone = intent.SingleGpu && Picture.IsOnlyOn(host, card);
        var impact = holders.NeedsDesktopStopped || (isAlone && SeatDesktop.IsUp(host)) ? DesktopImpact.Restart : DesktopImpact.None;
        ImmutableArray<Step> rules = [.. PlanDesktopAccess.Steps(host, card, intent.Desktop), .. Restoring.Rules(host, intent)];

        Obstacle[] obstacles =
        [
            .. SwitchChecks.For(host, card, Direction.ToVm, intent.SingleGpu).Select(check => check.Obstacle).OfType<Obstacle>(),
            .. releases.Select(release => release.How).OfType<DriverRelease.Impossible>().Select(impossible => impossible.Obstacle),
            .. releases.SelectMany(release => NotLoadedAgain(host, release.Function, release.How)),
            .. PlanDesktopAccess.Obstacles(host, card, rules),
            .. impact == DesktopImpact.Restart ? desktop.Obstacles(host, intent) : [],
            .. holders.Obstacles(intent.EndHolders, intent.EndSessions),
            .. against,
        ];
        if (obstacles.Length > 0) return new PlanResult.Blocked([.. obstacles.Distinct()]);

        // On the way back the modules are loaded again.
        var others = StaysDriverless.While(host, card, stack);
        var memory = Memory(host, card, stack, holders, isAlone ? desktop.Units : []) with
        {
            Settings = TuningPlan.Remembered(card, tuning),
        };
        ImmutableArray<Step> steps =
        [
            .. Save(host, card, memory),
            // What may take long or be refused, before anything of the card is touched.
            .. tuning,
            // Before anything is unbound or overridden: loading it binds every unbound function whose override names it.
            .. host.Vfio.IsRegistered ? (Step[])[] : [new LoadModule(VfioSupport.Driver)],
            .. card.Functions
                .Where(f => f.DriverOverride != VfioSupport.Driver)
                .Select(f => new SetDriverOverride(f.Address, f.DriverOverride, VfioSupport.Driver)),
            .. others.Before,
            .. Stale(host, card, access),
            .. access.Select(one => new AllowVfio(one)),
            // What may be refused comes before what cannot be undone.
            .. holders.StepsWithConsent(intent.EndHolders),
            .. impact == DesktopImpact.Restart ? desktop.Down().Concat(holders.AfterDesktop()) : [],
            .. holders.StepsForServices(),
            new AwaitRelease(card.Address) { Within = impact == DesktopImpact.Restart ? desktop.TimeToEnd(host) : null },
            .. Release(host, releases),
            .. card.Functions.Where(f => !f.IsOnVfio).Select(f => new BindDevice(f.Address, VfioSupport.Driver, null)),
            new CheckGroup(card.Address),
            .. access.Select(one => new CheckVfioAccess(one)),
            .. ResetPlan.Steps(card, intent),
            .. others.After,
            .. Consent(isAlone ? intent with { ConfirmWithin = Within(intent) } : intent),
            .. holders.StartAgain(),
            .. PlanDesktopAccess.Remember(host, card, intent.Desktop),
            .. rules,
            .. impact == DesktopImpact.Restart && !isAlone ? desktop.Up() : [],
        ];
        return new PlanResult.Ready(new SwitchPlan(
            intent,
            impact,
            isAlone ? Risk.MayLoseConsole : RiskOf(host, card, impact, desktop),
            steps,
            [
                .. isAlone ? SingleGpu(host, card, intent) : [],
                .. Consequences(host, card, impact, desktop, holders, releases, intent),
                .. PlanDesktopAccess.Cost(rules),
                .. CardConflicts.Consequences(host, card),
                .. TuningPlan.LeftOut(host, intent),
            ]));
    }

    /// <summary>The card is there; who may open its nodes, and what the machine is set to, may still be another.</summary>
    private static PlanResult AlreadyAway(
        HostSnapshot host,
        Card card,
        SwitchIntent intent,
        ImmutableArray<VfioAccess> access,
        ImmutableArray<ChangeSetting> tuning,
        ImmutableArray<Obstacle> against)
    {
        if (ResetPlan.IsWanted(intent) && card.HoldersIn(host).FirstOrDefault() is { } holder)
            return new PlanResult.Blocked([Obstacle.MachineRunning.In(host, holder)]);
        if (!against.IsEmpty) return new PlanResult.Blocked(against);
        var memory = OriginalState.Nothing with { Settings = TuningPlan.Remembered(card, tuning) };
        ImmutableArray<Step> steps =
        [
            .. Save(host, card, memory),
            .. access.Length > 0 || intent.IsUndo ? Stale(host, card, access) : [],
            .. access
                .Select(one => new CheckVfioAccess(one))
                .Where(step => !step.HasHappened(host))
                .SelectMany(step => (Step[])[new AllowVfio(step.Access), step]),
            .. tuning,
            .. ResetPlan.Steps(card, intent),
        ];
        return steps.IsEmpty
            ? new PlanResult.AlreadyThere(card)
            : new PlanResult.Ready(new SwitchPlan(
                intent, DesktopImpact.None, Risk.Reversible, steps, [.. TuningPlan.LeftOut(host, intent)]));
    }

    /// <summary>What is unloaded has to be loaded again on the way back.</summary>
    private static IEnumerable<Obstacle> NotLoadedAgain(HostSnapshot host, PciDevice function, DriverRelease how) =>
        how is not DriverRelease.Unload { Stack: var stack } ? []
        : stack.Select(module =>
            host.ModuleSettings.Forbids(module) is { } rule ? (Obstacle)new Obstacle.ModuleBarred(function, rule with { Module = module })
            : host.NotInstalled.Contains(module) ? new Obstacle.ModuleNotInstalled(function, module, host.Kernel)
            : null)
            .OfType<Obstacle>()
            .Take(1);

    private static IEnumerable<Step> Save(HostSnapshot host, Card card, OriginalState memory)
    {
        var before = host.Memory.Of(card);
        return host.Memory.Knows(memory) ? []
            : [new SaveOriginalState(memory) { Before = before != OriginalState.Nothing ? before : null }];
    }

    /// <summary>What an earlier switch has given to somebody else.</summary>
    private static IEnumerable<Step> Stale(HostSnapshot host, Card card, ImmutableArray<VfioAccess> access) =>
        VfioAccessPlan.Given(host, card).Except(access).Select(one => new DenyVfio(one));

    /// <summary>A way home that stopped early leaves a function on vfio-pci that the next probe would give to somebody else.</summary>
    private static bool OverrideNamesOtherDriver(PciDevice function) =>
        function.DriverOverride is { } driverOverride && !VfioSupport.IsVfioDriver(driverOverride);

    /// <summary>Adds to what an earlier run remembered: halfway, the functions no longer show what they had.</summary>
    /// <param name="desktop">What starts the desktop, where it comes back only with the card.</param>
    private static OriginalState Memory(
        HostSnapshot host, Card card, ImmutableArray<string> stack, HolderPlan holders, IEnumerable<UnitName> desktop)
    {
        var before = host.Memory.Of(card);
        return new OriginalState(
            [.. card.Functions.Select(f => before.Find(f) is { } known && IsHalfWay(f, known) ? known : Unchanged(host, f))],
            [.. before.Modules.Union(stack.Select(module => new OriginalModule(card.Address, module)))],
            [.. before.Units.Union(holders.BackWithCard.Concat(desktop).Select(unit => new OriginalUnit(card.Address, unit)))]);
    }

    /// <summary>A way home that was killed leaves its own override, which names the home driver, beside that driver.</summary>
    private static bool IsHalfWay(PciDevice f, OriginalDevice known) =>
        f.Driver is null || f.IsOnVfio || (f.Driver == known.Driver && f.DriverOverride == known.Driver);

    /// <summary>Also vfio's driver, where the user had put a function there himself, or its override on a function without
    /// a driver, as the rule at boot leaves it. The override on any other is what a killed switch has left.</summary>
    private static OriginalDevice Unchanged(HostSnapshot host, PciDevice f) =>
        new(
            f.Address,
            f.Id,
            f.Driver,
            f.Driver is null ? null : host.ModuleOf(f.Driver),
            f.DriverOverride == VfioSupport.Driver && f.Driver is not null && !f.IsOnVfio ? null : f.DriverOverride);

    /// <summary>Unload first: unloading fails atomically while the driver is busy. Then each function that keeps
    /// its driver loaded for others. Sound that keeps the graphics driver loaded goes before both.</summary>
    private static IEnumerable<Step> Release(HostSnapshot host, ImmutableArray<(PciDevice Function, DriverRelease How)> releases)
    {
        var pinning = releases.SelectMany(release => IntelSound.Of(host, release.Function)).Select(sound => sound.Address).ToHashSet();
        foreach (var (function, how) in releases)
            if (how is DriverRelease.Unbind unbind && pinning.Contains(function.Address))
                yield return new UnbindDevice(function.Address, function.Driver!, unbind.Module)
                {
                    UndoClearsOverride = !function.IsReserved && !HostDriver.NeedsOverride(host, function, function.Driver),
                };
        foreach (var (function, how) in releases)
            if (how is DriverRelease.Unload unload)
                foreach (var module in unload.Stack)
                    yield return module == unload.Module
                        ? new UnloadModule(module, function.Address, function.Driver)
                        {
                            UndoClearsOverride = !HostDriver.NeedsOverride(host, function, function.Driver),
                        }
                        : new UnloadModule(module);
        foreach (var (function, how) in releases)
            if (how is DriverRelease.Unbind unbind && !pinning.Contains(function.Address))
                yield return new UnbindDevice(function.Address, function.Driver!, unbind.Module)
                {
                    UndoClearsOverride = !function.IsReserved && !HostDriver.NeedsOverride(host, function, function.Driver),
                };
    }

    /// <summary>Before anything is started that would have to be stopped again.</summary>
    internal static IEnumerable<Step> Consent(SwitchIntent intent) => intent.ConfirmWithin is { } within ? [new AwaitConsent(within)] : [];

    /// <summary>Single-GPU switches always have a confirmation timeout.</summary>
    private static TimeSpan Within(SwitchIntent intent) => intent.ConfirmWithin ?? AwaitConsent.Usual;

    private static IEnumerable<Consequence> SingleGpu(HostSnapshot host, Card card, SwitchIntent intent) =>
    [
        new(ConsequenceCode.OnlyCardDark,
            "This is the only card: every screen goes dark, and the desktop stays down until the card is returned to the host."
            + (FirmwareScreen.ConsolesLost(host, card) is { } lost ? $" {lost}" : "")),
        new(ConsequenceCode.ConfirmationNeeded,
            $"Unless you confirm within {Counted.Seconds(Within(intent))} (gputty confirm over the network, or Enter without a picture), "
            + "everything is rolled back."),
        new(ConsequenceCode.AutomaticReturn,
            "It is returned automatically when the virtual machine that used it has ended, and by: "
                + $"gputty switch host --card {card.Address.SlotName}"),
    ];

    private static Risk RiskOf(HostSnapshot host, Card card, DesktopImpact impact, DesktopPlan desktop) =>
        host.ConsoleDevice is { } console && card.Contains(console) ? Risk.MayLoseConsole
        : impact == DesktopImpact.Restart && desktop.ClosesSessions ? Risk.EndsSession
        : Risk.Reversible;

    private static IEnumerable<Consequence> Consequences(
        HostSnapshot host,
        Card card,
        DesktopImpact impact,
        DesktopPlan desktop,
        HolderPlan holders,
        ImmutableArray<(PciDevice Function, DriverRelease How)> releases,
        SwitchIntent intent) =>
        [
            .. impact == DesktopImpact.Restart ? desktop.Consequences(host) : [],
            .. holders.Consequences(intent.EndHolders),
            .. GoesWithCard.Consequences(host, card),
            .. releases.Where(r => r.How is DriverRelease.Unbind { SharedWith: not null })
                .Select(r => new Consequence(ConsequenceCode.DriverStaysLoaded,
                    $"{r.Function.Driver} stays loaded, because it also drives "
                        + $"{((DriverRelease.Unbind)r.How).SharedWith!.Address.ShortName}.")),
            .. releases.Where(r => r.How is DriverRelease.Unbind)
                .Select(r => Unseen(host, r.Function.Driver!, ((DriverRelease.Unbind)r.How).Module)).OfType<Consequence>().Distinct(),
            .. releases.Where(r => r is { How: DriverRelease.Unbind, Function.IsGraphics: true })
                .Select(r => BuffersOfDriver.Consequence(host, r.Function, ((DriverRelease.Unbind)r.How).Module, holders))
                .OfType<string>().Distinct().Select(text => new Consequence(ConsequenceCode.HiddenUseUnknown, text)),
            .. card.TravelAlong.Select(f => new Consequence(
                ConsequenceCode.TravelsAlong,
                $"{f.Address.ShortName} {f.Name} goes along: it is in IOMMU group {f.IommuGroup} with the graphics.")),
            .. UnexplainedReferences.Consequences(host, releases.SelectMany(r => r.How is DriverRelease.Unload unload ? unload.Stack : []))
                .Select(text => new Consequence(ConsequenceCode.UnexplainedReferences, text)),
        ];

    /// <summary>Uses of the driver that no look at processes shows; null when there is nothing to say.</summary>
    private static Consequence? Unseen(HostSnapshot host, string driver, string? module) =>
        UnexplainedDriverUse.Consequence(host, driver, module) is not { } text ? null
        : new(
            UnexplainedDriverUse.Of(host, driver, module) is null
                ? ConsequenceCode.HiddenUseUnknown
                : ConsequenceCode.UnexplainedReferences,
            text);
}

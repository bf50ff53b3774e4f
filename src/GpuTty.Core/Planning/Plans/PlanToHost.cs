using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Desktop;
using GpuTty.Planning.Holders;
using GpuTty.Steps;

namespace GpuTty.Planning.Plans;

/// <summary>From vfio-pci, or from halfway, to the driver each function had.</summary>
internal static class PlanToHost
{
    private const string NvidiaPersistence = "nvidia-persistenced.service";
    private const string NvidiaDisplay = "nvidia_drm";

    /// <summary>Where a function belongs.</summary>
    /// <param name="Driver">Null when it had none, or when nobody knows.</param>
    /// <param name="Module">What to load for it.</param>
    /// <param name="WantsDriver">False for functions that had no driver, or that nothing would drive.</param>
    private sealed record Home(PciDevice Function, string? Driver, string? Module, string? Override, bool WantsDriver)
    {
        /// <summary>What keeps it from getting one; null also where nobody has to say so.</summary>
        public string? WhyNoDriver { get; init; }

        /// <summary>A driver that is built in may take it, which the kernel finds out.</summary>
        public bool MayBeBuiltIn { get; init; }

        /// <summary>Drivers that are tried where <see cref="Driver"/> refuses it, which only a guess can.</summary>
        public ImmutableArray<HostDriver> Others { get; init; } = [];

        /// <summary>The override names the driver until that has it; otherwise there is none meanwhile.</summary>
        public bool SetsOverride { get; init; }

        public static Home Unchanged(PciDevice function, string? last) =>
            new(function, function.Driver, null, last, function.Driver is not null);
        public bool IsThere =>
            Driver is not null ? Function.Driver == Driver : !Function.IsReserved && (Function.Driver is not null || !WantsDriver);
        public bool IsLastOverride => Function.DriverOverride == Override;
        public string? OverrideForProbe => SetsOverride ? Driver : null;

        /// <summary>Modules that may be loaded for it.</summary>
        public IEnumerable<string> Modules => Others.Select(other => other.Module).Prepend(Module).OfType<string>();

        /// <summary>The same with each of the other drivers.</summary>
        public IEnumerable<Home> After(HostSnapshot host) => Others.Select((other, index) => this with
        {
            Driver = other.Name,
            Module = other.Module,
            Others = Others[(index + 1)..],
            SetsOverride = HostDriver.NeedsOverride(host, Function, other.Name),
        });
    }

    public static PlanResult For(HostSnapshot host, Card card, SwitchIntent intent)
    {
        var memory = host.Memory.Of(card);
        // A run that was killed before it remembered anything has moved nothing: its undo gives nothing back that the user had taken away.
        var isUntouched = intent.IsUndo && memory.Devices.Length == 0 && card.Display is { Driver: not null, IsOnVfio: false };
        var homes = card.Functions
            .Select(function =>
                isUntouched ? Home.Unchanged(function, function.DriverOverride) : HomeOf(host, memory, function, intent.IsUndo))
            .ToImmutableArray();
        var modules = Modules(host, memory, homes);
        // One that systemd no longer knows, as after systemd-run, must not keep the card from coming home.
        var stopped = memory.Units
            .Select(known => known.Unit)
            .Concat(LostWithMemory(host, card))
            .Where(unit => host.FindUnit(unit) is { IsActive: false })
            .ToImmutableArray();
        var units = stopped
            .Where(unit => host.CanBeStarted(unit) && !(intent.LeavesNvidiaStopped && unit.Name == NvidiaPersistence))
            .ToImmutableArray();
        ImmutableArray<Step> rules = [.. PlanDesktopAccess.Steps(host, card, intent.Desktop), .. Restoring.Rules(host, intent)];
        // What a run remembered that was killed before it moved anything is rolled back like the rest of it.
        var given = VfioAccessPlan.Given(host, card);
        var isHome = homes.All(home => home.IsThere && home.IsLastOverride)
            && modules.Length == 0
            && units.Length == 0
            && memory.Devices.Length == 0
            && given.Length == 0
            && memory.Settings.Length == 0;
        if (isHome && rules.Length == 0) return new PlanResult.AlreadyThere(card);

        // A display that appears under a running compositor is grabbed, or
        // crashes it: unless it is kept off, the desktop goes down around it.
        var plugsIn = homes.Any(home => home is { IsThere: false, WantsDriver: true, Function.IsGraphics: true });
        var hiddenFromSeat = Restoring.IsKeptOffAfter(host, card.Display, rules);
        var impact = plugsIn && SeatDesktop.IsUp(host) && !hiddenFromSeat ? DesktopImpact.Restart : DesktopImpact.None;
        var desktop = DesktopPlan.For(host);
        Obstacle[] obstacles =
        [
            .. SwitchChecks.For(host, card, Direction.ToHost).Select(check => check.Obstacle).OfType<Obstacle>(),
            .. card.Functions.Where(function => function.IsWithXen).Select(function => new Obstacle.HeldByXen(function)),
            .. homes.Where(home =>
                home is { IsThere: false, WantsDriver: true, Driver: null, Module: null, MayBeBuiltIn: false } && home.Function.IsGraphics)
                .Select(home => NoDriver(host, memory, home.Function)),
            .. PlanDesktopAccess.Obstacles(host, card, rules),
            .. impact == DesktopImpact.Restart ? desktop.Obstacles(host, intent) : [],
        ];
        if (obstacles.Length > 0) return new PlanResult.Blocked([.. obstacles.Distinct()]);

        // A sound server that goes on opens the card's sound the moment it appears, and the sound could not be rolled
        // back from then on: that of a desktop that stays up, that of a user who is logged in elsewhere too, and the system's.
        var listeners = !homes.Any(home => home.Function.Class.IsSound && !home.IsThere) ? []
            : HolderPlan.SoundServers(host)
                .Where(unit => impact == DesktopImpact.None || unit.Uid is not { } uid || SeatDesktop.ManagerLivesOn(host, uid))
                .ToImmutableArray();
        var others = StaysDriverless.While(
            host,
            card,
            homes.Where(home => !home.IsThere)
                .SelectMany(home => home.Modules)
                .Where(module => !host.IsLoaded(module)).Concat(modules));
        ImmutableArray<Step> steps =
        [
            // First of all: what is refused here costs nothing.
            .. TuningPlan.Back(memory),
            .. others.Before,
            .. homes.Where(home => !home.IsThere && home.Function.DriverOverride != home.OverrideForProbe)
                .Select(home => new SetDriverOverride(home.Function.Address, home.Function.DriverOverride, home.OverrideForProbe)),
            .. impact == DesktopImpact.Restart ? desktop.Down() : [],
            .. listeners.SelectMany(unit => UnitSockets.Stop(
                UnitSockets.Of(host, unit), unit, "it would open the card's sound", StopUnit.TimeOf(host, unit))),
            .. PlanDesktopAccess.Remember(host, card, intent.Desktop),
            // Before the display appears: whoever would grab it must find the rule already there.
            .. rules,
            .. homes.Where(home => home is { IsThere: false, Function.IsReserved: true })
                .Select(home => new UnbindDevice(
                    home.Function.Address,
                    home.Function.Driver!,
                    home.Function.IsOnVfio ? VfioSupport.Driver : host.ModuleOf(home.Function.Driver!))),
            .. homes.Where(home => home is { IsThere: false, WantsDriver: true })
                .Select(home => Bind(host, card, memory, home)),
            .. modules.Select(module => Load(module, homes)),
            .. others.After,
            .. homes.Where(home => (home.IsThere ? home.Function.DriverOverride : home.OverrideForProbe) != home.Override
                    // Whichever driver the override names in the end.
                    || home is { IsThere: false, Others.IsEmpty: false })
                .Select(home => new SetDriverOverride(
                    home.Function.Address, home.IsThere ? home.Function.DriverOverride : home.OverrideForProbe, home.Override)),
            .. units.Select(unit => new StartUnit(unit, "it was running")),
            // The desktop that went down with the only card.
            .. units.Where(unit => unit == host.DisplayManager?.Unit.Name).Select(unit => new AwaitDesktop { Unit = unit }),
            .. PlanToVm.Consent(intent),
            .. given.Select(access => new DenyVfio(access)),
            .. memory.Devices.Length > 0 || memory.Settings.Length > 0 ? (Step[])[new DropOriginalState(memory)] : [],
            .. listeners.Reverse().SelectMany(unit => UnitSockets.Start(UnitSockets.Of(host, unit), unit)),
            .. impact == DesktopImpact.Restart ? desktop.Up() : [],
        ];
        var risk = impact == DesktopImpact.Restart && desktop.ClosesSessions ? Risk.EndsSession : Risk.Reversible;
        return new PlanResult.Ready(new SwitchPlan(intent, impact, risk, steps,
            [
                .. impact == DesktopImpact.Restart ? desktop.Consequences(host) : [],
                .. WithoutDriver(homes),
                .. stopped.Where(unit => !host.CanBeStarted(unit)).Select(unit => new Consequence(
                    ConsequenceCode.UnitNotStarted,
                    $"{unit} was running before, and is not started: it is masked (systemctl unmask {unit.Name}).")),
                .. PlanDesktopAccess.Cost(rules),
                .. CardConflicts.Consequences(host, card),
            ]));
    }

    private static BindDevice Bind(HostSnapshot host, Card card, OriginalState memory, Home home) =>
        new(home.Function.Address, home.Driver, home.Module, IsTakenOffByUnloading(host, card, memory, home))
        {
            ClearsOverride = !home.SetsOverride && home.Driver is not null,
            OverridesAfterLoading = OverridesAfterLoading(host, home),
            Others = home.Others.IsEmpty ? null :
            [
                .. home.After(host).Select(next =>
                    new OtherDriver(next.Driver!, next.Module, IsTakenOffByUnloading(host, card, memory, next))
                    {
                        ClearsOverride = !next.SetsOverride,
                        OverridesAfterLoading = OverridesAfterLoading(host, next),
                    }),
            ],
        };

    private static bool OverridesAfterLoading(HostSnapshot host, Home home) =>
        !home.Others.IsEmpty && HostDriver.NeedsOverrideAfterLoading(host, home.Function, home.Driver!);

    /// <summary>nvidia_drm is of no use to a card that another driver has taken, and would not load there.</summary>
    private static LoadModule Load(string module, ImmutableArray<Home> homes) => new(module)
    {
        UsedBy = module != NvidiaDisplay ? null : homes
            .Where(home => home is { Module: "nvidia", Driver: not null, IsThere: false, Others.IsEmpty: false })
            .Select(home => new BoundFunction(home.Function.Address, home.Driver!))
            .FirstOrDefault(),
    };

    /// <summary>Bottom first; what drives a function of the card is loaded where that is bound.</summary>
    private static ImmutableArray<string> Modules(HostSnapshot host, OriginalState memory, ImmutableArray<Home> homes)
    {
        // Somebody has given the display to another driver meanwhile: then those
        // of the remembered one have nothing to do, and may not even load.
        var isElsewhere =
            homes.Any(home => home.Function.IsGraphics && memory.Find(home.Function) is { Driver: { } driver } && driver != home.Driver);
        var remembered = isElsewhere ? [] : memory.Modules.Select(known => known.Name).Reverse();
        // Without it the card draws nothing; nobody remembers it where the card went to vfio-pci at boot.
        var draws = homes.Any(home =>
            home is { Module: "nvidia", IsThere: false } && home.Function.CandidateModules.Contains(NvidiaDisplay))
            ? (string[])[NvidiaDisplay]
            : [];
        return [.. remembered.Concat(draws).Distinct()
            .Where(module =>
                !host.IsLoaded(module)
                && homes.All(home => home.Module != module)
                && host.ModuleSettings.Forbids(module) is null
                && !host.NotInstalled.Contains(module)
                && !host.ModulesLocked)];
    }

    /// <summary>What is not loaded now, or was unloaded for the card, is unloaded again;
    /// a driver that others use as well is only unbound.</summary>
    private static bool IsTakenOffByUnloading(HostSnapshot host, Card card, OriginalState memory, Home home) =>
        home.Module is { } module
        && !host.ModulesLocked
        && card.OutsiderOn(host, home.Driver, module) is null
        && (memory.Modules.Any(known => known.Name == module)
            || (home.Driver is { } driver
                && home.Function.IsGraphics
                && !host.IsLoaded(module)
                && host.Drivers.All(there => there.Name != driver)));

    private static Obstacle NoDriver(HostSnapshot host, OriginalState memory, PciDevice function) =>
        memory.Find(function) is { Module: { } module } && host.ModuleSettings.Forbids(module) is { } forbidden
            ? new Obstacle.HostDriverBarred(function, forbidden with { Module = module })
        : memory.Find(function) is { } known && HostDriver.IsMissing(host, known.Driver, known.Module)
            ? new Obstacle.HostDriverNotInstalled(function, known.Module!, host.Kernel)
        : host.ModulesLocked && ModuleWanted(host, memory, function) is { } locked ? new Obstacle.HostDriverLocked(function, locked)
        : function.BarredModules is [var barred, ..] ? new Obstacle.HostDriverBarred(function, barred)
        : KnowsModules(host) ? new Obstacle.NoHomeDriver(function) : new Obstacle.HostModulesUnknown(function, host.Kernel);

    private static string? ModuleWanted(HostSnapshot host, OriginalState memory, PciDevice function) =>
        memory.Find(function) is { Driver: { } driver, Module: { } module } && !IsReservation(driver)
            ? module
            : HostDriver.Of(host, function)?.Module;

    private static IEnumerable<Consequence> WithoutDriver(ImmutableArray<Home> homes) =>
        homes.Where(home => home is { IsThere: false, WantsDriver: false, WhyNoDriver: not null })
            .Select(home => new Consequence(ConsequenceCode.StaysWithoutDriver,
                $"{home.Function.Address.ShortName} ({home.Function.Class.Name}) stays without a driver: {home.WhyNoDriver}."));

    private static bool KnowsModules(HostSnapshot host) => !host.Unknowns.Any(unknown => unknown.Code == UnknownFact.DeviceModules);

    /// <summary>The desktop that went down with the only card, where nobody can read any more that it did.</summary>
    private static IEnumerable<UnitName> LostWithMemory(HostSnapshot host, Card card) =>
        host is { MemoryProblem: not null, DisplayManager.Unit.Name: var desktop } && SwitchChecks.Others(host, card).IsEmpty
            ? [desktop]
            : [];

    /// <param name="isUndo">What the user himself had given to vfio goes back there, and not to the host behind his back.</param>
    private static Home HomeOf(HostSnapshot host, OriginalState memory, PciDevice function, bool isUndo)
    {
        var known = memory.Find(function);
        var isBack = known is not null && (isUndo || (known.Driver ?? known.Override) is not { } had || !IsReservation(had));
        var last = isBack
            ? known!.Override
            : function.DriverOverride is { } driverOverride && IsReservation(driverOverride) ? null : function.DriverOverride;
        // On the host it is, be it with another driver than it had: whoever gave it that meant it.
        if (function is { Driver: not null, IsReserved: false }) return Home.Unchanged(function, last);
        var home = isBack ? Remembered(host, function, known!) : Found(host, function, last);
        return home with
        {
            SetsOverride = HostDriver.NeedsOverride(host, function, home.Driver) || (home.Driver is { } driver && IsReservation(driver)),
        };
    }

    private static Home Remembered(HostSnapshot host, PciDevice function, OriginalDevice known) =>
        WhyNotLoaded(host, known) is { } why
            ? new Home(function, null, null, known.Override, function.IsGraphics) { WhyNoDriver = why }
            : new Home(
                function, known.Driver, HostDriver.ToLoad(host, known.Driver, known.Module), known.Override, known.Driver is not null)
            {
                WhyNoDriver = WhyItHadNone(function),
            };

    private static string? WhyNotLoaded(HostSnapshot host, OriginalDevice known) =>
        HostDriver.Forbids(host, known.Driver, known.Module) is { } forbidden ? Why(forbidden with { Module = known.Module! })
        : HostDriver.IsMissing(host, known.Driver, known.Module) ? $"{known.Module} is not installed for the running kernel {host.Kernel}"
        : HostDriver.IsLocked(host, known.Driver, known.Module) ? WhyLocked(known.Module!)
        : null;

    private static string WhyLocked(string module) => $"{module} cannot be loaded, because {Obstacle.LockedWhy}";

    private static string? WhyItHadNone(PciDevice function) =>
        function.BarredModules is [var barred, ..]
            ? $"it had none before, and {Why(barred)}"
            : function.IsGraphics ? "it had none before" : null;

    private static Home Found(HostSnapshot host, PciDevice function, string? last)
    {
        var best = HostDriver.Of(host, function);
        if (best is { Module: { } module } && HostDriver.IsLocked(host, best.Name, module))
            return new Home(function, null, null, last, function.IsGraphics) { WhyNoDriver = WhyLocked(module) };
        // A display that nothing would drive cannot be given to the host; one that has no driver already is where it was meant to be.
        var wants = best is not null || (function.IsGraphics && (function.IsReserved || !KnowsModules(host)));
        var others = best is null ? [] : HostDriver.After(host, function, best);
        // What a killed run has left must not name one of them in the end while another has the function.
        if (others.Any(other => last == other.Name || last == best!.Name)) last = null;
        return new Home(function, best?.Name, best?.Module, last, wants)
        {
            Others = others,
            MayBeBuiltIn = best is null && HostDriver.MayBeBuiltIn(host, function),
            WhyNoDriver = function.BarredModules is [var barred, ..]
                ? Why(barred)
                : KnowsModules(host) ? "no installed module offers to drive it" : "the module that would drive it is unknown",
        };
    }

    private static string Why(ModuleRule rule) =>
        $"{rule.Module} is {(rule.Kind == ModuleRuleKind.Blacklist ? "blacklisted" : "not allowed to be loaded")} ({rule.Source})";

    private static bool IsReservation(string driver) =>
        VfioSupport.IsVfioDriver(driver) || driver == PlaceholderDrivers.PciStub || PlaceholderDrivers.IsXen(driver);
}

using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Holders;
using GpuTty.Steps;

namespace GpuTty.Planning.Plans;

/// <summary>From vfio-pci, or from half-way, to the driver each function had: kernel.md 3.5, number 4.</summary>
internal static class PlanToHost
{
    /// <summary>Where a function belongs.</summary>
    /// <param name="Driver">Null when it had none, or when nobody knows.</param>
    /// <param name="Module">What to load for it.</param>
    /// <param name="WantsDriver">False for functions that had no driver.</param>
    private sealed record Home(PciDevice Function, string? Driver, string? Module, string? Override, bool WantsDriver)
    {
        public static Home AsItIs(PciDevice function) => new(function, function.Driver, null, function.DriverOverride, function.Driver is not null);
        public bool IsThere => Driver is not null ? Function.Driver == Driver : !Function.IsOnVfio && (Function.Driver is not null || !WantsDriver);
        public bool IsLastOverride => Function.DriverOverride == Override;
    }

    public static PlanResult For(HostSnapshot host, Card card, SwitchIntent intent)
    {
        var memory = host.Memory.Of(card);
        // A run that was killed before it remembered anything has moved nothing: its undo gives nothing back that the user had taken away.
        var isUntouched = intent.IsUndo && memory.Devices.Length == 0 && card.Display is { Driver: not null, IsOnVfio: false };
        var homes = card.Functions.Select(function => isUntouched ? Home.AsItIs(function) : HomeOf(host, memory, function, intent.IsUndo)).ToImmutableArray();
        // Bottom first; what drives a function of the card is loaded where that is bound.
        var modules = memory.Modules.Select(known => known.Name).Reverse()
            .Where(module => !host.IsLoaded(module) && homes.All(home => home.Module != module)).ToImmutableArray();
        // One that systemd no longer knows, as after systemd-run, must not keep the card from coming home.
        var units = memory.Units.Select(known => known.Unit).Concat(LostWithMemory(host, card)).Where(unit => host.FindUnit(unit) is { IsActive: false }).ToImmutableArray();
        var rules = PlanDesktopUse.Steps(host, card, intent.Desktop);
        // What a run remembered that was killed before it moved anything is taken back like the rest of it.
        var isHome = homes.All(home => home.IsThere && home.IsLastOverride) && modules.Length == 0 && units.Length == 0 && memory.Devices.Length == 0;
        if (isHome && rules.Length == 0) return new PlanResult.AlreadyThere(card);

        // A display that appears under a running compositor is grabbed, or crashes it: unless it is kept off, the desktop goes down around it.
        var plugsIn = homes.Any(home => home.Function.IsGraphics && !home.IsThere);
        var keptOff = intent.Desktop is DesktopUse.KeptOff or DesktopUse.KeptOffForGood || (intent.Desktop == DesktopUse.AsItIs && host.IsKeptOff(card.Display));
        var road = plugsIn && HolderTreatment.HasDesktop(host) && !keptOff ? Road.Hard : Road.Soft;
        var desktop = DesktopPlan.For(host);
        Obstacle[] obstacles =
        [
            .. SwitchChecks.For(host, card, Direction.ToHost).Select(check => check.Obstacle).OfType<Obstacle>(),
            .. homes.Where(home => home is { IsThere: false, WantsDriver: true, Driver: null, Module: null } && home.Function.IsGraphics)
                .Select(home => new Obstacle.NoHomeDriver(home.Function)),
            .. PlanDesktopUse.Obstacles(host, card, rules),
            .. road == Road.Hard ? desktop.Obstacles(host, intent) : [],
        ];
        if (obstacles.Length > 0) return new PlanResult.Blocked([.. obstacles.Distinct()]);

        // The sound server of a desktop that stays up opens the card's sound the moment it appears, and could not be taken back from then on.
        var listeners = road == Road.Soft && homes.Any(home => home.Function.Class.IsSound && !home.IsThere) ? HolderPlan.SoundServers(host) : [];
        ImmutableArray<Step> steps =
        [
            .. homes.Where(home => !home.IsThere && home.Function.DriverOverride != home.Driver)
                .Select(home => new AimDevice(home.Function.Address, home.Function.DriverOverride, home.Driver)),
            .. road == Road.Hard ? desktop.Down() : listeners.Select(unit => new StopUnit(unit, "it would open the card's sound")),
            .. PlanDesktopUse.Remember(host, card, intent.Desktop),
            // Before the display appears: whoever would grab it must find the rule already there.
            .. rules,
            .. homes.Where(home => home is { IsThere: false, Function.IsOnVfio: true })
                .Select(home => new UnbindDevice(home.Function.Address, home.Function.Driver!, VfioSupport.Driver)),
            .. homes.Where(home => home is { IsThere: false, WantsDriver: true })
                .Select(home => new BindDevice(home.Function.Address, home.Driver, home.Module, memory.Modules.Any(known => known.Name == home.Module))),
            .. modules.Select(module => new LoadModule(module)),
            .. homes.Where(home => (home.IsThere ? home.Function.DriverOverride : home.Driver) != home.Override)
                .Select(home => new AimDevice(home.Function.Address, home.IsThere ? home.Function.DriverOverride : home.Driver, home.Override)),
            .. units.Select(unit => new StartUnit(unit, "it was running")),
            // The desktop that went down with the only card.
            .. units.Any(unit => unit == host.DisplayManager?.Unit.Name) ? (Step[])[new AwaitDesktop()] : [],
            .. PlanToVm.Consent(intent),
            .. memory.Devices.Length > 0 ? (Step[])[new ForgetHome(memory)] : [],
            .. road == Road.Hard ? desktop.Up() : listeners.Reverse().Select(unit => new StartUnit(unit, "it was running")),
        ];
        var risk = road == Road.Hard && desktop.ClosesSessions ? Risk.EndsSession : Risk.Reversible;
        return new PlanResult.Ready(new SwitchPlan(intent, road, risk, steps,
            [.. road == Road.Hard ? desktop.Consequences(host) : [], .. PlanDesktopUse.Cost(rules), .. OtherMovers.Consequences(host, card)]));
    }

    /// <summary>The desktop that went down with the only card, where nobody can read any more that it did.</summary>
    private static IEnumerable<UnitName> LostWithMemory(HostSnapshot host, Card card) =>
        host is { MemoryProblem: not null, DisplayManager.Unit.Name: var desktop } && SwitchChecks.Others(host, card).IsEmpty ? [desktop] : [];

    /// <param name="isUndo">What the user himself had given to vfio goes back there, and not to the host behind his back.</param>
    private static Home HomeOf(HostSnapshot host, HomeMemory memory, PciDevice function, bool isUndo)
    {
        var best = function.CandidateModules.FirstOrDefault();
        var known = memory.Find(function);
        if (known is not null && (isUndo || known.Driver is null || !VfioSupport.IsVfioDriver(known.Driver)))
            return new Home(function, known.Driver, known.Module, known.Override, known.Driver is not null);
        var stale = function.DriverOverride is { } aim && VfioSupport.IsVfioDriver(aim) ? null : function.DriverOverride;
        // One that is registered has a name, so that binding it can be taken back.
        var registered = known is null ? null : host.Drivers.FirstOrDefault(driver => driver.Module == best)?.Name;
        return new Home(function, registered, best, stale, best is not null || function.IsGraphics);
    }
}

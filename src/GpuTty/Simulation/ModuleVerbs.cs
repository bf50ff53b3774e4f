using System.Collections.Immutable;
using GpuTty.Host.Pci;
using GpuTty.Switching;

namespace GpuTty.Simulation;

/// <summary>modprobe (kernel/module/main.c).</summary>
internal static class ModuleVerbs
{
    /// <summary>Loads what it depends on first; each driver takes the unbound functions that match it.</summary>
    public static Machine Load(Machine machine, string name)
    {
        var module = machine.FindModule(name) ?? throw SimulatedErrors.NotFound(name);
        if (module.IsRegistered) return machine;
        // By its name: a blacklist is not asked, what forbids it is.
        if (machine.ModuleSettings.Forbids(module.Name) is { } rule) throw SimulatedErrors.Forbidden(module.Name, rule);
        machine = machine.Fold(module.SoftDependsOn.Where(name => CanLoad(machine, name)), Load);
        if (FindsNoHardware(machine, name)) throw SimulatedErrors.NoHardware(module.Name);
        machine = machine.Fold(module.DependsOn, Load);
        var registered = module with
        {
            IsLoaded = true,
            Registered = machine.Modules.Max(other => other.Registered) + 1,
            DynamicIds = Told(machine, module),
        };
        var loaded = Nodes.Settle(KernelLines.Loaded(machine.With(registered), registered));
        return module.Driver is null ? loaded
            : loaded.Fold(loaded.Devices.Where(device => device.Driver is null && PciVerbs.Matches(loaded, registered, device)),
                (m, device) => PciVerbs.Bind(m, m.Find(device.Address)!, registered));
    }

    private static bool CanLoad(Machine machine, string name) =>
        machine.FindModule(name) is not null && machine.ModuleSettings.Forbids(name) is null;

    /// <summary>What an option ids= says when the module is loaded.</summary>
    private static ImmutableArray<DynamicId> Told(Machine machine, ModuleFile module) =>
        [.. machine.ModuleSettings.Ids.Where(id => id.Driver == module.Driver)];

    /// <summary>All or nothing: a busy module is refused at once; an idle one loses all its devices.</summary>
    public static Machine Unload(Machine machine, string name)
    {
        if (machine.FindModule(name) is not { } module) return machine;
        if (module.IsBuiltIn) throw SimulatedErrors.BuiltIn(module.Name);
        if (!module.IsLoaded) return machine;
        if (machine.References(module.Name) > 0) throw SimulatedErrors.InUse(module.Name);
        var unbound =
            machine.Fold(machine.Devices.Where(device => device.Driver is not null && device.Driver == module.Driver), PciVerbs.Unbound);
        return KernelLines.Unloaded(unbound.With(module with { IsLoaded = false, DynamicIds = [] }), module);
    }

    /// <summary>nvidia's module refuses to load where no card is left for it.</summary>
    public static bool FindsNoHardware(Machine machine, string name) =>
        machine.FindModule(name) is { IsRegistered: false } module
        && (module.DependsOn.Any(lower => FindsNoHardware(machine, lower))
            || (module.Name == "nvidia"
                && !machine.Devices.Any(device =>
                    device.Driver is null && !module.Refuses.Contains(device.Address)
                    && PciVerbs.Matches(machine, module with { IsLoaded = true }, device))));

    /// <summary>What the log says when <see cref="Load"/> finds no card.</summary>
    public static Machine NoHardware(Machine machine) =>
        machine.Fold(
            machine.Devices.Where(device =>
                device.Class.IsDisplay && device.Id.Vendor == 0x10de && device.Driver is not null and not "nvidia"),
            (m, device) => m.Say($"NVRM: GPU {device.Address} is already bound to {device.Driver}.", LogLevel.Warning))
        .Say("NVRM: No NVIDIA GPU found.", LogLevel.Warning);
}

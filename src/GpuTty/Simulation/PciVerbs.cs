using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Switching;

namespace GpuTty.Simulation;

/// <summary>What writes below /sys/bus/pci do (drivers/pci/pci-driver.c, drivers/base/dd.c).</summary>
internal static class PciVerbs
{
    /// <summary>driver_override: takes any name, changes nothing about the driver bound now.</summary>
    public static Machine SetOverride(Machine machine, PciAddress address, string? driver) =>
        machine.With(Existing(machine, address) with { DriverOverride = driver });

    public static Machine Unbind(Machine machine, PciAddress address, string driver)
    {
        var device = Existing(machine, address);
        if (device.Driver is null) return machine;
        if (device.Driver != driver) throw SimulatedErrors.NotBoundTo(device, driver);
        if (!machine.IsBusy(address) && !IsUsedUnseen(machine, driver)) return Unbound(machine, device);
        return driver switch
        {
            "nvidia" => Block(machine, device, "os_delay", false)
                .Say($"NVRM: Attempting to remove device {address} with non-zero usage count!", LogLevel.Warning),
            "snd_hda_intel" => Block(machine, device, "snd_card_free", true),
            VfioSupport.Driver => Block(machine, device, "vfio_unregister_group_dev", true)
                .Say($"vfio-pci {address}: Relaying device request to user (#0)", LogLevel.Warning),
            _ => Unbound(machine, device),
        };
    }

    /// <summary>A descriptor on its way in a socket keeps the card as an open one does.</summary>
    private static bool IsUsedUnseen(Machine machine, string driver) =>
        driver == "nvidia" && machine.FindModule("nvidia") is { KernelUses: > 0 };

    /// <summary>
    /// drivers_probe: success also where nothing was bound. Drivers are asked in the order in which they were registered, until
    /// one takes the function (drivers/base/dd.c, __device_attach); there need not be one among them that the caller had in mind.
    /// </summary>
    public static Machine Probe(Machine machine, PciAddress address) =>
        machine.Fold(machine.Modules.Where(module => module.IsRegistered).OrderBy(module => module.Registered), (m, module) =>
            m.Find(address) is not { Driver: null } free || !Matches(m, module, free) ? Asked(m, address) : Bind(m, free, module));

    private static Machine Asked(Machine machine, PciAddress address)
    {
        _ = Existing(machine, address);
        return machine;
    }

    /// <summary>
    /// With an override only the driver of that name; without one the ids that a driver was told, then its table, in which vfio-pci's line
    /// counts for overrides alone (drivers/pci/pci-driver.c, pci_match_device).
    /// </summary>
    public static bool Matches(Machine machine, ModuleFile module, PciDevice device) =>
        module is { Driver: { } driver, IsRegistered: true } && !device.IsBridge
        && (device.DriverOverride is { } wanted
            ? wanted == driver && !(machine.RefusesOverrides && driver is not (VfioSupport.Driver or PlaceholderDrivers.PciStub))
            : module.DynamicIds.Any(id => id.Matches(device)) || device.CandidateModules.Contains(module.Name));

    /// <summary>The driver's probe; a failure is only in the kernel's log.</summary>
    public static Machine Bind(Machine machine, PciDevice device, ModuleFile module)
    {
        var driver = module.Driver!;
        // Nothing is said of a function that a driver does not want (ENODEV, drivers/base/dd.c).
        if (module.Refuses.Contains(device.Address)) return machine;
        if (driver == VfioSupport.Driver && (!machine.HasIommu || device.IommuGroup is null))
            return machine.Say($"vfio-pci {device.Address}: probe with driver vfio-pci failed with error -22", LogLevel.Warning);
        if (driver != VfioSupport.Driver && GroupIsOpen(machine, device))
            return machine.Say($"{driver} {device.Address}: probe with driver {driver} failed with error -16", LogLevel.Warning);
        var bound = Nodes.Settle(machine.With(device with { Driver = driver, PowerState = driver == VfioSupport.Driver ? "D3hot" : "D0" }));
        return KernelLines.Bound(bound, bound.Find(device.Address)!);
    }

    public static Machine Unbound(Machine machine, PciDevice device) =>
        KernelLines.Unbound(machine.With(device with { Driver = null, PowerState = "D0", Wedged = null }), device);

    /// <summary>remove: its driver goes first, then nothing of it is left (drivers/pci/remove.c).</summary>
    public static Machine Remove(Machine machine, PciAddress address)
    {
        var device = Existing(machine, address);
        return machine with
        {
            Devices = machine.Devices.Remove(device),
            Forgotten =
                machine.Forgotten.Add(device with
                {
                    Driver = null,
                    DriverOverride = null,
                    Nodes = [],
                    Connectors = [],
                    PowerState = "D0",
                    Wedged = null,
                }),
        };
    }

    /// <summary>rescan: what answers is there again without an override, and the first driver that matches takes it.</summary>
    public static Machine Rescan(Machine machine, PciAddress? bridge)
    {
        var found = machine.Forgotten.Where(device => bridge is null || device.Parent == bridge).ToList();
        var grown = machine with
        {
            Forgotten = machine.Forgotten.RemoveRange(found),
            Devices = [.. machine.Devices.Concat(found).OrderBy(device => device.Address)],
        };
        return grown.Fold(found, (m, device) => Probe(m, device.Address));
    }

    public static Machine Reset(Machine machine, PciAddress address, string method) =>
        Existing(machine, address).ResetMethods.Contains(method)
            ? machine.Say($"vfio-pci {address}: resetting")
            : throw SimulatedErrors.NoReset(address, method);

    /// <summary>A write that waited for the last descriptor is finished by the kernel, whether or not its writer still lives.</summary>
    public static Machine Finish(Machine machine, PciAddress device) =>
        Nodes.Settle(Unbound(machine with { Blocked = null }, machine.Find(device)!));

    /// <summary>A write that does not come back.</summary>
    public static Machine Hang(Machine machine, string path, string where) => machine with
    {
        Blocked = new BlockedWrite(null, new StuckWrite(machine.NextPid, path, where, machine.Now), false),
        NextPid = machine.NextPid + 1,
    };

    private static Machine Block(Machine machine, PciDevice device, string where, bool endsWhenReleased)
    {
        var hung = Hang(machine, $"/sys/bus/pci/drivers/{device.Driver}/unbind", where);
        return hung with { Blocked = hung.Blocked! with { Device = device.Address, EndsWhenReleased = endsWhenReleased } };
    }

    /// <summary>While a virtual machine owns the group, no host driver gets a member (iommu.c, iommu_device_use_default_domain).</summary>
    private static bool GroupIsOpen(Machine machine, PciDevice device) =>
        machine.Devices.Any(other =>
            other.IommuGroup is not null && other.IommuGroup == device.IommuGroup && other.IsOnVfio && machine.IsBusy(other.Address));

    private static PciDevice Existing(Machine machine, PciAddress address) =>
        machine.Find(address) ?? throw SimulatedErrors.NoDevice(address);
}

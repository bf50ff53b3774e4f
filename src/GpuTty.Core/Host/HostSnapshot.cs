using System.Collections.Immutable;

namespace GpuTty.Host;

/// <summary>The machine at one moment: everything that is decided is decided from this.</summary>
public sealed record HostSnapshot
{
    public required DateTimeOffset TakenAt { get; init; }
    public string HostName { get; init; } = "";

    /// <summary>uname -r.</summary>
    public string Kernel { get; init; } = "";

    /// <summary>/proc/cmdline.</summary>
    public string CommandLine { get; init; } = "";

    /// <summary>/proc/sys/kernel/random/boot_id: bindings do not outlive a boot.</summary>
    public string BootId { get; init; } = "";

    /// <summary>/proc/sys/kernel/tainted; null when unreadable. Bit 7: the kernel has died once (Documentation/admin-guide/tainted-kernels.rst).</summary>
    public long? Taint { get; init; }

    public ImmutableArray<PciDevice> Devices { get; init; } = [];
    public ImmutableArray<IommuGroup> Groups { get; init; } = [];
    public ImmutableArray<PciDriver> Drivers { get; init; } = [];
    public ImmutableArray<KernelModule> Modules { get; init; } = [];
    public ImmutableArray<Holder> Holders { get; init; } = [];
    public ImmutableArray<LoginSession> Sessions { get; init; } = [];

    /// <summary>Units that holders belong to, and those remembered in <see cref="Memory"/>.</summary>
    public ImmutableArray<SystemdUnit> Units { get; init; } = [];

    public DisplayManager? DisplayManager { get; init; }
    public ConsoleState Console { get; init; } = new();
    public VfioSupport Vfio { get; init; } = new(false, null);
    public HomeMemory Memory { get; init; } = HomeMemory.Nothing;

    /// <summary>Rules of ours that keep the desktop off a card; also those for devices that are not there now.</summary>
    public ImmutableArray<KeepOffRule> KeptOff { get; init; } = [];

    /// <summary>A PCI write that has not come back; while it lasts nothing else may write.</summary>
    public StuckWrite? Stuck { get; init; }

    public Viewer Viewer { get; init; } = new() { Pid = 0, IsRoot = false };
    public ImmutableArray<Unknown> Unknowns { get; init; } = [];

    /// <summary>The kernel has reported a crash (oops) in this boot; null where it could not be told.</summary>
    public bool? KernelHasDied => Taint is { } taint ? (taint & (1 << 7)) != 0 : null;

    /// <summary>The kernel has printed a WARNING in this boot; null where it could not be told.</summary>
    public bool? KernelHasWarned => Taint is { } taint ? (taint & (1 << 9)) != 0 : null;

    public bool HasIommu => Groups.Length > 0;

    public bool IsKeptOff(PciDevice device) => KeptOff.Any(rule => rule.Matches(device));

    public PciDevice? Find(PciAddress address) => Devices.FirstOrDefault(device => device.Address == address);
    public KernelModule? FindModule(string name) => Modules.FirstOrDefault(m => m.Name == KernelModule.Canonical(name));
    public bool IsLoaded(string module) => FindModule(module) is not null;
    public LoginSession? FindSession(string id) => Sessions.FirstOrDefault(session => session.Id == id);
    public IommuGroup? GroupOf(PciDevice device) => Groups.FirstOrDefault(group => group.Number == device.IommuGroup);

    /// <summary>Null when the unit is not known to this snapshot.</summary>
    public SystemdUnit? FindUnit(UnitName name) =>
        DisplayManager?.Unit.Name == name ? DisplayManager.Unit : Units.FirstOrDefault(unit => unit.Name == name);

    /// <summary>The module behind a driver; null when built in or when no such driver is registered.</summary>
    public string? ModuleOf(string driver) => Drivers.FirstOrDefault(d => d.Name == driver)?.Module;

    /// <summary>True where a process keeps a module loaded, through a node of a device that its driver has or of the driver itself.</summary>
    public bool Pins(Holder holder, string module) =>
        holder.HoldsModule(module)
        || holder.Nodes.Any(node => node.Device is { } address && Find(address)?.Driver is { } driver
            && ModuleOf(driver) is { } pinned && pinned == KernelModule.Canonical(module));

    public IEnumerable<Holder> HoldersOf(PciAddress device) => Holders.Where(holder => holder.Holds(device));
}

/// <summary>A write to sysfs that the kernel has not finished (product.md, principle 4).</summary>
/// <param name="Path">The file written to.</param>
/// <param name="Where">Kernel symbol the writer sleeps in; null when unreadable.</param>
public sealed record StuckWrite(int Pid, string Path, string? Where, DateTimeOffset Since);

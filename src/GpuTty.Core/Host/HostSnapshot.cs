using System.Collections.Immutable;
using GpuTty.Host.Desktop;
using GpuTty.Host.Guests;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;

namespace GpuTty.Host;

/// <summary>The machine at one moment: everything that is decided is decided from this.</summary>
public sealed record HostSnapshot
{
    [JsonPropertyName("taken_at")] public required DateTimeOffset TakenAt { get; init; }
    [JsonPropertyName("host_name")] public string HostName { get; init; } = "";

    /// <summary>uname -r.</summary>
    [JsonPropertyName("kernel")] public string Kernel { get; init; } = "";

    /// <summary>/proc/cmdline.</summary>
    [JsonPropertyName("command_line")] public string CommandLine { get; init; } = "";

    /// <summary>Processor, platform and case; each part may be unknown.</summary>
    [JsonPropertyName("machine_kind")] public MachineKind MachineKind { get; init; } = MachineKind.Unknown;

    /// <summary>There are IOMMU groups, all of them of devices on other buses (/sys/kernel/iommu_groups).</summary>
    [JsonPropertyName("iommu_serves_other_buses")] public bool IommuServesOtherBuses { get; init; }

    /// <summary>/proc/sys/kernel/random/boot_id: bindings do not outlive a boot.</summary>
    [JsonPropertyName("boot_id")] public string BootId { get; init; } = "";

    /// <summary>/proc/sys/kernel/tainted; null when unreadable. Bit 7: the kernel
    /// has died once (Documentation/admin-guide/tainted-kernels.rst).</summary>
    [JsonPropertyName("taint")] public long? Taint { get; init; }

    [JsonPropertyName("devices")] public ImmutableArray<PciDevice> Devices { get; init; } = [];
    [JsonPropertyName("groups")] public ImmutableArray<IommuGroup> Groups { get; init; } = [];
    [JsonPropertyName("drivers")] public ImmutableArray<PciDriver> Drivers { get; init; } = [];
    [JsonPropertyName("modules")] public ImmutableArray<KernelModule> Modules { get; init; } = [];
    [JsonPropertyName("holders")] public ImmutableArray<Holder> Holders { get; init; } = [];
    [JsonPropertyName("sessions")] public ImmutableArray<LoginSession> Sessions { get; init; } = [];

    /// <summary>What was started from the desktops; empty where nobody has asked for it.</summary>
    [JsonPropertyName("programs")] public ImmutableArray<StartedProgram> Programs { get; init; } = [];

    /// <summary>Units that holders belong to, and those remembered in <see cref="Memory"/>.</summary>
    [JsonPropertyName("units")] public ImmutableArray<SystemdUnit> Units { get; init; } = [];

    [JsonPropertyName("display_manager")] public DisplayManager? DisplayManager { get; init; }

    /// <summary>Users whose services go on after their last session (loginctl(1), enable-linger).</summary>
    [JsonPropertyName("lingering")] public ImmutableArray<int> Lingering { get; init; } = [];

    /// <summary>How long a user's services outlive the last session (logind.conf(5),
    /// UserStopDelaySec=); <see cref="Timeout.InfiniteTimeSpan"/> where they never end.</summary>
    [JsonPropertyName("user_stop_delay")] public TimeSpan UserStopDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What starts and stops services here where systemd does not: <c>OpenRC</c>; null where it is unknown.</summary>
    [JsonPropertyName("other_init")] public string? OtherInit { get; init; }
    [JsonPropertyName("console")] public ConsoleState Console { get; init; } = new();

    /// <summary>What modprobe's settings and the kernel command line say about modules.</summary>
    [JsonPropertyName("module_settings")] public ModuleSettings ModuleSettings { get; init; } = ModuleSettings.None;

    /// <summary>No module can be loaded or unloaded until the next start (/proc/sys/kernel/modules_disabled, sysctl(8)); where that
    /// cannot be read <see cref="UnknownFact.Modules"/> is unknown.</summary>
    [JsonPropertyName("modules_locked")] public bool ModulesLocked { get; init; }

    /// <summary>Of the modules that are loaded, or remembered in <see cref="Memory"/>, those that modprobe would not find for this kernel:
    /// once unloaded they cannot be loaded again. With underscores.</summary>
    [JsonPropertyName("not_installed")] public ImmutableArray<string> NotInstalled { get; init; } = [];

    [JsonPropertyName("vfio")] public VfioSupport Vfio { get; init; } = new(false, null);
    [JsonPropertyName("memory")] public OriginalState Memory { get; init; } = OriginalState.Nothing;

    /// <summary>Why it cannot be told what was remembered, in one sentence;
    /// null when it can. <see cref="Memory"/> knows nothing then.</summary>
    [JsonPropertyName("memory_problem")] public string? MemoryProblem { get; init; }

    /// <summary>Rules of ours that keep the desktop off a card; also those for devices that are not there now.</summary>
    [JsonPropertyName("kept_off")] public ImmutableArray<SeatRule> HiddenFromSeat { get; init; } = [];

    /// <summary>Rules of ours that give vfio's nodes of a card another owner.</summary>
    [JsonPropertyName("vfio_accesses")] public ImmutableArray<VfioAccess> VfioAccesses { get; init; } = [];

    /// <summary>What a switch may change for a virtual machine; null where nobody has looked.</summary>
    [JsonPropertyName("machine_settings")] public TunableSettings? TunableSettings { get; init; }

    /// <summary>Settings, not of ours, that tell desktops which cards to open.</summary>
    [JsonPropertyName("compositor_pins")] public ImmutableArray<CompositorDeviceSetting> CompositorDeviceSettings { get; init; } = [];

    /// <summary>Files of ours that name the drivers a desktop may ask.</summary>
    [JsonPropertyName("pinned")] public ImmutableArray<GlDriverAllowList> Pinned { get; init; } = [];

    /// <summary>Installed EGL and Vulkan drivers.</summary>
    [JsonPropertyName("gl_drivers")] public ImmutableArray<GlDriver> GlDrivers { get; init; } = [];

    /// <summary>Other programs whose settings say that they move a device by themselves; those
    /// that cannot be read are unknown (<see cref="UnknownFact.OtherPrograms"/>).</summary>
    [JsonPropertyName("other_keepers")] public ImmutableArray<ConflictingTool> ConflictingTools { get; init; } = [];

    /// <summary>Virtual machines of libvirt and the hook; read only where everything is.</summary>
    [JsonPropertyName("libvirt")] public LibvirtState Libvirt { get; init; } = LibvirtState.None;

    /// <summary>The files that decide about graphics cards; null where nobody has looked at them. They never leave the machine.</summary>
    [JsonIgnore] public SettingsFiles? SettingsFiles { get; init; }

    /// <summary>What only the doctor asks; null where nobody has.</summary>
    [JsonPropertyName("details")] public MachineDetails? Details { get; init; }

    /// <summary>A PCI write that has not come back; while it lasts nothing else may write.</summary>
    [JsonPropertyName("stuck")] public StuckWrite? Stuck { get; init; }

    [JsonPropertyName("viewer")] public CallerLocation Caller { get; init; } = new() { Pid = 0, IsRoot = false };
    /// <summary>What could not be told; of parts that this look was not asked for, what the look before could not tell.</summary>
    [JsonPropertyName("unknowns")] public ImmutableArray<Unknown> Unknowns { get; init; } = [];

    /// <summary>What this very look was asked for; every other part is as old as an earlier look.</summary>
    [JsonIgnore] public SnapshotSections LookedAt { get; init; } = SnapshotSections.All;

    /// <summary>Units that service managers were asked about: one of these that is not
    /// in <see cref="Units"/> is not there. Null where nobody has kept count.</summary>
    [JsonPropertyName("asked_units")] public ImmutableHashSet<UnitName>? AskedUnits { get; init; }

    /// <summary>Users who were asked about and whose own service manager does not run:
    /// nothing of it does, until their next login.</summary>
    [JsonPropertyName("users_without_manager")] public ImmutableArray<int> UsersWithoutManager { get; init; } = [];

    /// <summary>Why these parts are not known as they are now, each reason once: they could not be read, or nobody has looked.</summary>
    public IEnumerable<Unknown> CannotTell(IEnumerable<SnapshotPart> parts)
    {
        var wanted = parts.Distinct().ToList();
        // Settings of the machine are planned from as they were once; each step that changes one asks for a look of its own.
        var missing = wanted
            .Where(part => !LookedAt.HasFlag(part.ToldBy) && !(part.Fact == UnknownFact.TunableSettings && TunableSettings is not null))
            .Select(part => new Unknown(part.Fact, part.ToString(), "it was not read") { Of = part.Of });
        return Unknowns.Where(unknown => wanted.Exists(unknown.Part.Overlaps)).Concat(missing);
    }

    /// <summary>systemd runs the machine (sd_booted(3)): it clears up after
    /// a worker that is killed. Null where nobody has looked.</summary>
    [JsonPropertyName("runs_systemd")] public bool? RunsSystemd { get; init; }

    /// <summary>The kernel's own words about a crash in this boot, where a run of ours heard them; null otherwise.</summary>
    [JsonPropertyName("kernel_crash")] public string? KernelCrash { get; init; }

    /// <summary>The kernel's taint bits that were set, or explained by a WARNING, before those
    /// words were heard: they bear no witness to them. Null where that is not known.</summary>
    [JsonPropertyName("taint_before_crash")] public long? TaintBeforeCrash { get; init; }

    /// <summary>
    /// The kernel has reported a crash (BUG, oops) in this boot; null where it is unknown. Words alone are believed only where the bits
    /// cannot be read: each such report sets one, of die() (7), of a BUG that goes on (9, kernel/sched/core.c) or of bad memory
    /// (5, mm/kasan/report.c). A bit that was there before the words says neither that they are true nor that they are not.
    /// </summary>
    public bool? KernelHasDied
    {
        get
        {
            if (Taint is not { } taint) return KernelCrash is null ? null : true;
            if ((taint & (1 << 7)) != 0) return true;
            var witnesses = taint & ((1 << 9) | (1 << 5));
            if (KernelCrash is null || witnesses == 0) return false;
            return (witnesses & ~(TaintBeforeCrash ?? 0)) != 0 ? true : null;
        }
    }

    /// <summary>The kernel has printed a WARNING in this boot; null where it is unknown.</summary>
    public bool? KernelHasWarned => Taint is { } taint ? (taint & (1 << 9)) != 0 : null;

    public bool HasIommu => Groups.Length > 0;

    /// <summary>The function that draws the text consoles; null where none does or it is unknown.</summary>
    public PciAddress? ConsoleDevice => Console.Shown is { } shown ? shown.Device
        : Console.IsInVgaText ? Devices.FirstOrDefault(device => device.IsBootVga == true)?.Address : null;

    public bool IsKeptOff(PciDevice device) => HiddenFromSeat.Any(rule => rule.Matches(device));

    /// <summary>What a card is for at home: told by the rule that is on, else by what the user
    /// has said in this boot; <see cref="DesktopAccess.Unchanged"/> where nobody has.</summary>
    public DesktopAccess UseOf(PciDevice display)
    {
        var rules = HiddenFromSeat.Where(rule => rule.Matches(display)).ToList();
        if (rules.Count > 0) return rules.Any(rule => rule.IsPermanent) ? DesktopAccess.HiddenPermanently : DesktopAccess.HiddenFromSeat;
        return Memory.Uses.Contains(new CardAccess(display.Address, display.Id, DesktopAccess.Allowed))
            ? DesktopAccess.Allowed
            : DesktopAccess.Unchanged;
    }

    public PciDevice? Find(PciAddress address) => DevicesByAddress.Find(Devices, address);
    public KernelModule? FindModule(string name) => Modules.FirstOrDefault(m => m.Name == KernelModule.Canonical(name));
    public bool IsLoaded(string module) => FindModule(module) is not null;
    public LoginSession? FindSession(string id) => Sessions.FirstOrDefault(session => session.Id == id);
    public IommuGroup? GroupOf(PciDevice device) => Groups.FirstOrDefault(group => group.Number == device.IommuGroup);

    /// <summary>Null when the unit is not known to this snapshot.</summary>
    public SystemdUnit? FindUnit(UnitName name) =>
        DisplayManager?.Unit.Name == name ? DisplayManager.Unit : Units.FirstOrDefault(unit => unit.Name == name);

    /// <summary>True for a unit of a user whose service manager is known not to run.</summary>
    public bool HasNoManager(UnitName unit) => unit.Uid is { } uid && UsersWithoutManager.Contains(uid);

    /// <summary>False where it is known that nothing but a login, or whoever has masked it, makes it start.</summary>
    public bool CanBeStarted(UnitName unit) => !HasNoManager(unit) && FindUnit(unit)?.Traits?.IsMasked != true;

    /// <summary>The module behind a driver; null when built in or when no such driver is registered.</summary>
    public string? ModuleOf(string driver) => Drivers.FirstOrDefault(d => d.Name == driver)?.Module;

    /// <summary>
    /// The module that an open node keeps loaded; null when built in or unknown. A display node belongs to NAME_drm where the driver
    /// NAME has one: the kernel takes the module of the file's operations (drm_drv.c, drm_stub_open), and for nvidia that is nvidia_drm.
    /// </summary>
    public string? ModulePinnedBy(HeldNode node)
    {
        if (node.IsOfAnyDriver) return OnlyGraphicsModule();
        if (node.Module is not null) return node.Module;
        if (node.Device is not { } address || Find(address)?.Driver is not { } driver || ModuleOf(driver) is not { } module) return null;
        return node.Kind is NodeKind.Card or NodeKind.Render or NodeKind.Framebuffer && IsLoaded($"{module}_drm")
            ? $"{module}_drm"
            : module;
    }

    /// <summary>The module that all graphics of the machine have in common, where it is one.</summary>
    private string? OnlyGraphicsModule()
    {
        var modules = Devices.Where(device => device is { Driver: not null, IsOnVfio: false } && device.IsGraphics)
            .Select(device => ModuleOf(device.Driver!))
            .Distinct()
            .ToList();
        return modules is [{ } only] ? IsLoaded($"{only}_drm") ? $"{only}_drm" : only : null;
    }

    /// <summary>True where a process keeps a module loaded, through a node
    /// of a device that its driver has or of the driver itself.</summary>
    public bool Pins(Holder holder, string module) => holder.Nodes.Any(node => ModulePinnedBy(node) == KernelModule.Canonical(module));

    public IEnumerable<Holder> HoldersOf(PciAddress device) => Holders.Where(holder => holder.Holds(device));
}

/// <summary>A write to sysfs that the kernel has not finished.</summary>
/// <param name="Path">The file written to, or the command that waits: <c>rmmod nvidia</c>.</param>
/// <param name="Where">Kernel symbol the writer sleeps in, and its state; null when unreadable.</param>
public sealed record StuckWrite(
    [property: JsonPropertyName("pid")] int Pid,
    [property: JsonPropertyName("path")] string Path,
    [property: JsonPropertyName("where")] string? Where,
    [property: JsonPropertyName("since")] DateTimeOffset Since)
{
    /// <summary>The same with its time as people here read it.</summary>
    public StuckWrite In(TimeZoneInfo zone) => this with { Since = TimeZoneInfo.ConvertTime(Since, zone) };

    /// <summary>What it is, in words: <c>the write to /sys/...</c>.</summary>
    public string What => Path.StartsWith('/') ? $"the write to {Path}" : $"\"{Path}\"";

    /// <summary>Only a note of it was found, which cannot be read: it may last, or be over.</summary>
    [JsonPropertyName("is_note_unreadable")] public bool IsNoteUnreadable { get; init; }

    /// <summary>What the kernel has not done: the rest of a sentence that begins with it.</summary>
    public string Finding => IsNoteUnreadable
        ? $"may not have finished a write of another version of gputty, whose note in {Path} cannot be read"
        : $"has not finished {What} ({Wait})";

    /// <summary>A clause: since when it waits, and where.</summary>
    public string Wait => $"{(Where is null ? "it waits" : $"it waits in {Where},")} since {Since:HH:mm:ss}";
}

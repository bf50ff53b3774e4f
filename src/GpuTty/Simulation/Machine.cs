using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Switching;

namespace GpuTty.Simulation;

/// <summary>
/// A machine at one moment, hardware and software, as plain data. Verbs (the *Verbs files) turn it into another one; what the
/// kernel derives (nodes, reference counts, framebuffers) is derived here too and never set by hand.
/// </summary>
internal sealed record Machine
{
    public required string Name { get; init; }

    /// <summary>The machine's own clock.</summary>
    public DateTimeOffset Now { get; init; }

    public string HostName { get; init; } = "lab";
    public string Kernel { get; init; } = "6.12.48-amd64";
    public string CommandLine { get; init; } = "BOOT_IMAGE=/boot/vmlinuz root=/dev/nvme0n1p2 ro quiet iommu=pt";
    public string BootId { get; init; } = "7d0c6a52-3f1e-4c1b-9a35-2f8f6f0f5a11";
    public long Taint { get; init; }
    public bool HasIommu { get; init; } = true;

    /// <summary>modprobe's settings and what the kernel command line says about modules.</summary>
    public ModuleSettings ModuleSettings { get; init; } = ModuleSettings.None;

    /// <summary>What administrators and earlier attempts have written.</summary>
    public SettingsFiles SettingsFiles { get; init; } = new();

    /// <summary>A kernel in which an override counts only for drivers made for
    /// it: one that names another driver keeps every driver away.</summary>
    public bool RefusesOverrides { get; init; }

    public ImmutableArray<PciDevice> Devices { get; init; } = [];
    public ImmutableArray<Wiring> Wirings { get; init; } = [];
    public ImmutableArray<ModuleFile> Modules { get; init; } = [];
    public ImmutableArray<Framebuffer> Framebuffers { get; init; } = [];

    /// <summary>Index of the framebuffer that shows the consoles.</summary>
    public int? Console { get; init; }
    public int ActiveVt { get; init; } = 3;

    public ImmutableArray<Process> Processes { get; init; } = [];
    /// <summary>Programs of containers that were stopped.</summary>
    public ImmutableArray<Process> Stopped { get; init; } = [];
    public ImmutableArray<Service> Services { get; init; } = [];
    public ImmutableArray<LoginSession> Sessions { get; init; } = [];
    public ImmutableArray<Person> People { get; init; } = [];

    /// <summary>Users whose own service manager has ended with their last session.</summary>
    public ImmutableHashSet<int> WithoutManager { get; init; } = [];
    public Desktop? Desktop { get; init; }

    /// <summary>What runs the machine where systemd does not: <c>OpenRC</c>.</summary>
    public string? OtherInit { get; init; }

    public OriginalState Memory { get; init; } = OriginalState.Nothing;
    public ImmutableArray<SeatRule> HiddenFromSeat { get; init; } = [];
    public ImmutableArray<VfioAccess> VfioAccesses { get; init; } = [];
    public TunableSettings Settings { get; init; } = SettingVerbs.Usual;

    /// <summary>Files that firmware of cards was saved into.</summary>
    public ImmutableArray<string> Saved { get; init; } = [];

    /// <summary>Functions that are in their slots and that the kernel has forgotten.</summary>
    public ImmutableArray<PciDevice> Forgotten { get; init; } = [];
    public ImmutableArray<CompositorDeviceSetting> Pins { get; init; } = [];
    public ImmutableArray<GlDriverAllowList> Pinned { get; init; } = [];

    /// <summary>What every distribution installs for an AMD or Intel GPU; a machine with NVIDIA's driver has its files too.</summary>
    public ImmutableArray<GlDriver> GlDrivers { get; init; } =
    [
        new("/usr/share/glvnd/egl_vendor.d/10_nvidia.json", GlApi.Egl, "libEGL_nvidia.so.0"),
        new("/usr/share/glvnd/egl_vendor.d/50_mesa.json", GlApi.Egl, "libEGL_mesa.so.0"),
        new("/usr/share/vulkan/icd.d/nvidia_icd.json", GlApi.Vulkan, "libGLX_nvidia.so.0"),
        new("/usr/share/vulkan/icd.d/radeon_icd.x86_64.json", GlApi.Vulkan, "/usr/lib/x86_64-linux-gnu/libvulkan_radeon.so"),
    ];

    public BlockedWrite? Blocked { get; init; }
    public CallerLocation Caller { get; init; } =
        new() { Pid = 3711, IsRoot = true, Vt = 3, Session = "1", Ancestors = [3711, 2874, 2790, 1] };
    public ImmutableArray<Unknown> Unknowns { get; init; } = [];

    /// <summary>What happens by itself, and when.</summary>
    public ImmutableArray<Later> Agenda { get; init; } = [];
    public ImmutableList<LogLine> Log { get; init; } = [];
    public int NextPid { get; init; } = 700;
    public int NextSession { get; init; } = 3;

    public PciDevice? Find(PciAddress address) => Devices.FirstOrDefault(device => device.Address == address);
    public ModuleFile? FindModule(string name) => Modules.FirstOrDefault(module => module.Name == KernelModule.Canonical(name));
    public Service? FindService(UnitName name) => Services.FirstOrDefault(service => service.Name == name);
    public Wiring WiringOf(PciAddress device) => Wirings.FirstOrDefault(wiring => wiring.Device == device) ?? new Wiring(device);
    public bool IsLoaded(string module) => FindModule(module) is { IsLoaded: true };

    /// <summary>The module of a registered driver, built in or loaded.</summary>
    public ModuleFile? FindDriver(string driver) => Modules.FirstOrDefault(module => module.Driver == driver && module.IsRegistered);

    public Machine With(PciDevice changed) =>
        this with { Devices = [.. Devices.Select(device => device.Address == changed.Address ? changed : device)] };
    public Machine With(ModuleFile changed) =>
        this with { Modules = [.. Modules.Select(module => module.Name == changed.Name ? changed : module)] };
    public Machine With(Service changed) =>
        this with { Services = [.. Services.Select(service => service.Name == changed.Name ? changed : service)] };
    public Machine With(Process changed) =>
        this with { Processes = [.. Processes.Select(process => process.Pid == changed.Pid ? changed : process)] };
    public Machine With(LoginSession changed) =>
        this with { Sessions = [.. Sessions.Select(session => session.Id == changed.Id ? changed : session)] };

    /// <summary>One change, with everything that follows from it at once.</summary>
    public Machine Change(Func<Machine, Machine> change) => Reactions.To(this, Nodes.Settle(change(this)));

    /// <summary>A change that comes by itself after a while.</summary>
    public Machine After(TimeSpan delay, Func<Machine, Machine> change) =>
        this with { Agenda = Agenda.Add(new Later(Now + delay, change)) };

    /// <summary>The machine at a later moment: everything that was due has happened, in its order.</summary>
    public Machine At(DateTimeOffset now)
    {
        var machine = this;
        while (machine.Agenda.MinBy(later => later.Due) is { } next && next.Due <= now)
        {
            machine = machine with { Now = next.Due > machine.Now ? next.Due : machine.Now, Agenda = machine.Agenda.Remove(next) };
            machine = machine.Change(next.Happen);
        }
        return machine.Now < now ? machine with { Now = now } : machine;
    }

    /// <summary>A line in the kernel's log; a warning of it is a complaint of a driver.</summary>
    public Machine Say(string text, LogLevel level = LogLevel.Info) => Say(new LogLine(Now, level, LogSource.Kernel, text)
    {
        Event = level >= LogLevel.Warning ? KernelEvent.Trouble : KernelEvent.None,
    });

    public Machine Say(LogSource source, string text, LogLevel level = LogLevel.Info) => Say(new LogLine(Now, level, source, text));

    private Machine Say(LogLine line) => this with { Log = Log.Add(line) };

    public Machine Fold<T>(IEnumerable<T> items, Func<Machine, T, Machine> change) => items.Aggregate(this, change);
}

/// <summary>Something that happens by itself at a moment.</summary>
internal sealed record Later(DateTimeOffset Due, Func<Machine, Machine> Happen);

/// <summary>A write that the kernel has not finished.</summary>
/// <param name="Device">The function that is being unbound; null where a module is.</param>
/// <param name="EndsWhenReleased">True where the kernel goes on once the last descriptor is closed; nvidia never does.</param>
internal sealed record BlockedWrite(PciAddress? Device, StuckWrite Write, bool EndsWhenReleased)
{
    /// <summary>How long a write is watched before it counts as stuck.</summary>
    public static readonly TimeSpan Watched = TimeSpan.FromSeconds(10);

    public bool IsGivenUp(DateTimeOffset now) => now - Write.Since >= Watched;
}

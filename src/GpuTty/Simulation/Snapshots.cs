using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Guests;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;

namespace GpuTty.Simulation;

/// <summary>What a reader sees of a machine.</summary>
internal static class Snapshots
{
    public static HostSnapshot Snapshot(this Machine machine, SnapshotSections facts = SnapshotSections.All, HostSnapshot? before = null)
    {
        if (facts.HasFlag(SnapshotSections.Holders)) facts |= SnapshotSections.Devices;
        if (facts.HasFlag(SnapshotSections.State) && before?.TunableSettings is null && machine.Memory.Settings.Length > 0)
            facts |= SnapshotSections.TunableSettings;
        var look = (before ?? Empty(machine)) with
        {
            TakenAt = machine.Now,
            LookedAt = facts,
            Taint = machine.Taint,
            Caller = machine.Caller,
            Stuck = machine.Blocked is { } blocked && blocked.IsGivenUp(machine.Now) ? blocked.Write : null,
            Unknowns = [.. machine.Unknowns
                .Concat(before?.Unknowns.Where(unknown => !facts.HasFlag(unknown.Part.ToldBy)) ?? [])
                .Distinct()],
        };
        if (facts.HasFlag(SnapshotSections.Devices)) look = Devices(look, machine);
        if (facts.HasFlag(SnapshotSections.Modules))
            look = look with { Modules = [.. machine.Modules.Where(module => module.IsLoaded).Select(module => Loaded(machine, module))] };
        if (facts.HasFlag(SnapshotSections.Holders))
        {
            ImmutableArray<Holder> holders = [.. machine.Openers().Select(Holder).OrderBy(holder => holder.Pid)];
            var guests = holders.Where(holder => holder.GuestName is not null).Select(one => new RunningGuest(one.GuestName!, one.Pid));
            look = look with { Holders = holders, Libvirt = look.Libvirt with { Running = [.. guests] } };
        }
        if (facts.HasFlag(SnapshotSections.Desktop)) look = Desktop(look, machine);
        if (facts.HasFlag(SnapshotSections.Programs)) look = look with { Programs = [.. Started(machine)] };
        if (facts.HasFlag(SnapshotSections.Console)) look = look with { Console = Console(machine) };
        if (facts.HasFlag(SnapshotSections.State))
        {
            look = look with
            {
                Memory = machine.Memory,
                HiddenFromSeat = machine.HiddenFromSeat,
                VfioAccesses = machine.VfioAccesses,
                Pinned = machine.Pinned,
            };
        }
        if (facts.HasFlag(SnapshotSections.TunableSettings)) look = look with { TunableSettings = machine.Settings };
        if (facts.HasFlag(SnapshotSections.SettingsFiles)) look = look with { SettingsFiles = machine.SettingsFiles };
        if (facts.HasFlag(SnapshotSections.Details)) look = look with { Details = SimulatedDetails.Of(machine, look) };
        return look;
    }

    private static HostSnapshot Empty(Machine machine) => new()
    {
        TakenAt = machine.Now,
        HostName = machine.HostName,
        Kernel = machine.Kernel,
        CommandLine = machine.CommandLine,
        BootId = machine.BootId,
        Caller = machine.Caller,
        RunsSystemd = machine.OtherInit is null ? null : false,
        OtherInit = machine.OtherInit,
    };

    private static HostSnapshot Devices(HostSnapshot look, Machine machine) => look with
    {
        Devices = Seen(machine),
        ModuleSettings = machine.ModuleSettings,
        Groups = machine.HasIommu ? Groups(machine) : [],
        Drivers = Drivers(machine),
        Vfio = new VfioSupport(machine.FindDriver(VfioSupport.Driver) is not null, machine.FindModule(VfioSupport.Driver) is not null)
        {
            IommuOwner = SeatVerbs.IommuOwner(machine),
        },
    };

    /// <summary>The same array where nothing is seen differently: what is known about its devices is kept with it.</summary>
    private static ImmutableArray<PciDevice> Seen(Machine machine)
    {
        var drivers = Drivers(machine);
        var seen = machine.Devices
            .Select(device => machine.ModuleSettings.Offer(
                machine.HasIommu ? device : device with { IommuGroup = null }, device.CandidateModules, drivers))
            .ToImmutableArray();
        return seen.Zip(machine.Devices).All(pair => ReferenceEquals(pair.First, pair.Second)) ? machine.Devices : seen;
    }

    private static ImmutableArray<PciDriver> Drivers(Machine machine) =>
        [.. machine.Modules
            .Where(module => module is { Driver: not null, IsRegistered: true })
            .Select(Registered)
            .OrderBy(d => d.Name, StringComparer.Ordinal)];

    private static PciDriver Registered(ModuleFile module) => new(module.Driver!, module.IsBuiltIn ? null : module.Name);

    private static ImmutableArray<IommuGroup> Groups(Machine machine) =>
    [
        .. machine.Devices
            .Where(device => device.IommuGroup is not null)
            .GroupBy(device => device.IommuGroup!.Value)
            .OrderBy(group => group.Key)
            .Select(group => new IommuGroup(group.Key, "DMA-FQ", [.. group.Select(device => device.Address).Order()],
                    [new ReservedRegion(0xfee00000, 0xfeefffff, "msi")])),
    ];

    private static KernelModule Loaded(Machine machine, ModuleFile module) =>
        new(module.Name, machine.References(module.Name), [.. machine.UsedBy(module.Name)])
        {
            Version = module.Version,
            SetsModes = module.SetsModes,
        };

    private static Holder Holder(Process process) => new()
    {
        Pid = process.Pid,
        StartTime = process.StartTime,
        Name = process.Software.Name is { Length: > 15 } name ? name[..15] : process.Software.Name,
        Uid = process.User.Uid,
        User = process.User.Name,
        Unit = process.Unit,
        UserUnit = process.UserUnit,
        // What systemd-run starts for a user is in the same slice as the desktop's programs.
        UserSlice = process.UserUnit is not { } unit ? null
            : unit.StartsWith("app-", StringComparison.Ordinal) || unit.StartsWith("run-", StringComparison.Ordinal) ? "app.slice"
            : "session.slice",
        InitScript = process.InitScript,
        Session = process.Unit == $"session-{process.Session}.scope" ? process.Session : null,
        Container = process.Container,
        Nodes = [.. process.Open.Select(open => open.Node)],
    };

    private static IEnumerable<StartedProgram> Started(Machine machine) =>
        from process in machine.Processes
        where machine.Sessions.Any(session => session is { IsGraphical: true, IsGreeter: false } && session.Uid == process.User.Uid)
        let name = process.UserUnit is { } unit
            ? ApplicationUnit.NameOf(unit)
            : process.Unit == $"session-{process.Session}.scope" ? process.Software.Name : null
        where name is not null && !ApplicationUnit.IsPlumbing(name)
        select new StartedProgram(name, process.User.Uid, process.UserUnit is null ? process.Session : null, [process.Pid]);

    private static HostSnapshot Desktop(HostSnapshot look, Machine machine) => look with
    {
        Sessions = machine.Sessions,
        CompositorDeviceSettings = machine.Pins,
        GlDrivers = machine.GlDrivers,
        Lingering = [.. machine.People.Where(person => person.Lingers).Select(person => person.Uid)],
        DisplayManager = machine.Desktop is { HasAlias: true } desktop && machine.FindService(desktop.Unit) is { } unit
            ? new DisplayManager(
                State(unit), machine.Sessions.FirstOrDefault(session => session.IsGraphical && session.Seat is not null)?.Vt)
            : null,
        UsersWithoutManager = [.. machine.WithoutManager.Order()],
        AskedUnits = (look.AskedUnits ?? [])
            .Union(machine.Services.Select(service => service.Name))
            .Union(SessionUnits(machine).Select(unit => unit.Name))
            .Union(machine.Sessions.Select(session => new UnitName(UnitVerbs.GraphicalSession, session.Uid))),
        Units = [
            .. machine.Services
                .Where(service =>
                    (service.Name != machine.Desktop?.Unit || machine.Desktop is { HasAlias: false })
                    && (IsAsked(machine, service.Name) || look.Units.Any(unit => unit.Name == service.Name)))
                .Select(State),
            .. SessionUnits(machine),
        ],
    };

    private static SystemdUnit State(Service service) => new(service.Name, service.State)
    {
        Traits = new UnitTraits
        {
            TriggeredBy = service.Socket?.Name ?? "",
            IsTransient = service.IsTransient,
            IsMasked = service.IsMasked,
        },
    };

    /// <summary>Units that a session started by itself: they live as long as their program.</summary>
    private static IEnumerable<SystemdUnit> SessionUnits(Machine machine) =>
        machine.Processes
            .Where(process => process.UserUnit is not null)
            .Select(process => new UnitName(process.UserUnit!, process.User.Uid))
            .Distinct()
            .Where(name => machine.FindService(name) is null)
            .Select(name => Of(machine, name))
            .Concat(machine.Processes.Where(process => process.UserUnit is not null).Select(process => process.User.Uid).Distinct()
                    .Select(uid => new SystemdUnit(
                        new UnitName(UnitVerbs.GraphicalSession, uid),
                        machine.Processes.Any(process => UnitVerbs.IsPartOf(machine, process, uid)) ? "active" : "inactive")));

    /// <summary>As its manager tells it: what is part of the graphical session
    /// says so, what a desktop has made for a program is transient.</summary>
    private static SystemdUnit Of(Machine machine, UnitName name) => new(name, "active")
    {
        Traits = new UnitTraits
        {
            IsTransient = ApplicationUnit.IsOfDesktop(name.Name),
            PartOf = machine.Processes.Any(process => process.IsIn(name) && process.Software.IsPartOfSession)
                ? UnitVerbs.GraphicalSession
                : "",
        },
    };

    private static bool IsAsked(Machine machine, UnitName name) =>
        machine.Services.Any(service => service.Socket == name)
        || machine.Memory.Units.Any(known => known.Unit == name) || machine.Openers().Any(process => process.IsIn(name))
        || machine.Sessions.Any(session => session.StartedBy == name.Name && name.Uid is null);

    private static ConsoleState Console(Machine machine) => new()
    {
        ActiveVt = machine.ActiveVt,
        Framebuffers = machine.Framebuffers,
        Shown = machine.Framebuffers.FirstOrDefault(fb => fb.Index == machine.Console),
        VtConsoles =
        [
            new VtConsole(0, "(S) dummy device", machine.Framebuffers.Length == 0),
            .. machine.Framebuffers.Length > 0 ? (VtConsole[])[new VtConsole(1, "(M) frame buffer device", true)] : [],
        ],
    };
}

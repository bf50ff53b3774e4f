using System.Collections.Immutable;
using System.Globalization;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;

namespace GpuTty.Host.Holders;

/// <summary>A process that keeps a card, or the driver of one, busy.</summary>
public sealed record Holder
{
    [JsonPropertyName("pid")] public required int Pid { get; init; }

    /// <summary>Clock ticks since boot (field 22 of /proc/PID/stat): with the pid, which process this is even after pids wrap.</summary>
    [JsonPropertyName("start_time")] public required long StartTime { get; init; }

    /// <summary>The kernel's name for it, at most 15 characters, control characters already made visible.</summary>
    [JsonPropertyName("name")] public required string Name { get; init; }

    /// <summary>The program's own name, to compare with, where a script of the distribution wraps it.</summary>
    public string Program => ProgramName.Of(Name);

    [JsonPropertyName("uid")] public required int Uid { get; init; }

    /// <summary>Login name; null when the user database does not know the uid.</summary>
    [JsonPropertyName("user")] public string? User { get; init; }

    /// <summary>System unit whose control group it is in: <c>lightdm.service</c>,
    /// <c>session-2.scope</c>, <c>user@1000.service</c>.</summary>
    [JsonPropertyName("unit")] public string? Unit { get; init; }

    /// <summary>Unit of the user's own manager: <c>pipewire.service</c>.</summary>
    [JsonPropertyName("user_unit")] public string? UserUnit { get; init; }

    /// <summary>Slice of the user's own manager: session.slice, app.slice, background.slice (systemd.special(7)).</summary>
    [JsonPropertyName("user_slice")] public string? UserSlice { get; init; }

    /// <summary>Login session, from <c>session-N.scope</c>, or from elogind's control group.</summary>
    [JsonPropertyName("session")] public string? Session { get; init; }

    /// <summary>Container or machine, as its control group names it.</summary>
    [JsonPropertyName("container")] public string? Container { get; init; }

    /// <summary>Init script it runs under, on OpenRC: <c>display-manager</c>.</summary>
    [JsonPropertyName("init_script")] public string? InitScript { get; init; }

    /// <summary>True for another look at the same process: pids are used again, start times are not.</summary>
    public bool IsSameProcess(Holder other) => Pid == other.Pid && StartTime == other.StartTime;

    /// <summary>
    /// The user whose own manager runs it, the N of <c>user@N.service</c>: who runs in a unit of that
    /// manager need not be that user (sudo from a terminal window). Null where no user's manager does.
    /// </summary>
    public int? ManagerUid =>
        Unit is { } unit && unit.StartsWith("user@", StringComparison.Ordinal) && unit.EndsWith(".service", StringComparison.Ordinal)
        && int.TryParse(
            unit.AsSpan("user@".Length, unit.Length - "user@.service".Length),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var uid)
            ? uid
            : null;

    /// <summary>Its unit of a user's own manager, with that user; null where it is in none.</summary>
    public UnitName? UnitOfUser => UserUnit is { } unit ? new UnitName(unit, ManagerUid ?? Uid) : null;

    [JsonPropertyName("nodes")] public ImmutableArray<HeldNode> Nodes { get; init; } = [];

    /// <summary>What a person would look for it under: its container, session or service.</summary>
    public string PlaceIn(HostSnapshot host) =>
        MachineCalled(GuestNameIn(host)) is { } machine ? machine
        : Session is { } id ? host.FindSession(id)?.Label ?? $"session {id}"
        : UnitOfUser is { } userUnit ? ManagerUid is { } uid && uid != Uid ? $"{userUnit}" : $"{userUnit.Name} of {Owner}"
        : Unit ?? $"programs of {Owner}";

    /// <summary>
    /// PID 1 keeps descriptors for logind, which opens cards for sessions (sd_pid_notify_with_fds); seatd and
    /// elogind do the same. None is ever signalled: they let go when the session that asked for the card ends.
    /// </summary>
    public bool IsSeatManager =>
        Pid == 1 || Unit is "systemd-logind.service" or "init.scope" or "seatd.service" or "elogind.service"
        || (Uid == 0 && Session is null && Program is "elogind" or "elogind-daemon" or "seatd");

    /// <summary>plymouthd draws on every card until the desktop starts, or the text consoles.</summary>
    public bool IsSplashScreen => Uid == 0 && Program == "plymouthd" && Session is null && Container is null;

    /// <summary>It runs a virtual machine.</summary>
    public bool IsVirtualMachine => Nodes.Any(node => node.Kind == NodeKind.Vfio) || IsOfLibvirt;

    /// <summary>It is a guest of libvirt's (machine-qemu-NUMBER-NAME.scope).</summary>
    public bool IsOfLibvirt => Container is not null && Unit?.StartsWith(@"machine-qemu\x2d", StringComparison.Ordinal) == true;

    /// <summary>The number of the guest of libvirt's that it runs, which virsh takes for it as well; null where it runs none.</summary>
    public int? GuestNumber => IsOfLibvirt ? ContainerCommand.GuestNumberOf(Container!) : null;

    /// <summary>
    /// The guest's name as systemd was told it: without the characters that a host name may not have, and cut off where it
    /// is long (libvirt, src/hypervisor/domain_driver.c). For words, and never for a command. Null where it runs no guest,
    /// and where no character was left.
    /// </summary>
    public string? GuestName => GuestNumber is null || Container!.Split('-', 3) is not [_, _, { Length: > 0 } name] ? null : name;

    /// <summary>The guest's name as libvirt knows it; null where none of its files is about this process.</summary>
    public string? GuestNameIn(HostSnapshot host) => GuestNumber is null ? null
        : host.Libvirt.Running.FirstOrDefault(guest => guest.Pid == Pid && IsLeftOf(guest.Name, GuestName ?? ""))?.Name;

    /// <summary>libvirt leaves characters out, and adds none: a file that was left behind by another guest does not fit.</summary>
    private static bool IsLeftOf(string name, string told)
    {
        var at = 0;
        foreach (var c in name)
            if (at < told.Length && told[at] == c) at++;
        return at == told.Length;
    }

    /// <summary>The virtual machine or the container that it runs in, in words; null where it runs in neither.</summary>
    /// <param name="guest">The guest's name as libvirt knows it; null where that is unknown.</param>
    public string? MachineCalled(string? guest) =>
        GuestNumber is { } number
            ? $"virtual machine {(guest is null ? GuestName ?? $"number {number}" : Text.Visible.Text(guest, 80))}"
        : Container is { } container ? $"{(IsVirtualMachine ? "virtual machine" : "container")} {container}"
        : null;

    /// <summary>Login name, or the number of a user whom the user database does not know.</summary>
    public string Owner => User ?? $"user {Uid}";

    public bool Holds(PciAddress device) => Nodes.Any(node => node.Device == device);

    /// <summary>True where a node of the driver itself is open, which pins the module but no card: /dev/nvidiactl.</summary>
    public bool HoldsModule(string module) => Nodes.Any(node => node.Module == KernelModule.Canonical(module));

    /// <summary>True where it has a buffer that keeps the module of the driver that exported it.</summary>
    public bool HasBufferOf(HostSnapshot host, string module) =>
        Nodes.Any(node => node.Kind == NodeKind.DmaBuf && host.ModulePinnedBy(node) == KernelModule.Canonical(module));

    /// <summary>pid and name for people: <c>Xorg (612)</c>.</summary>
    public string Label => $"{Name} ({Pid})";

    /// <summary>The labels of some, and how many more: a line, whoever starts thousands.</summary>
    public static string Names(IEnumerable<Holder> holders) => Text.Counted.Names([.. holders.Select(holder => holder.Label)], 12);

    /// <summary>The same with whose it is, for who is asked to agree: <c>Xorg (612)
    /// of root</c>. The name is the process's own choice, the user is not.</summary>
    public string LabelWithOwner => $"{Label} of {Owner}";
}

/// <summary>One way in which a process holds a node.</summary>
/// <param name="Path">As /proc/PID/fd or maps shows it, perhaps with <c> (deleted)</c>; control characters made visible.</param>
/// <param name="Device">The function the node belongs to; null for nodes of a whole driver.</param>
/// <param name="Module">The module that such a node pins, with underscores; null for nodes of one device.</param>
/// <param name="Descriptor">File descriptor number; null for a memory map.</param>
public sealed record HeldNode(
    [property: JsonPropertyName("path")] string Path,
    [property: JsonPropertyName("kind")] NodeKind Kind,
    [property: JsonPropertyName("device")] PciAddress? Device,
    [property: JsonPropertyName("module")] string? Module,
    [property: JsonPropertyName("descriptor")] int? Descriptor)
{
    public bool IsMapping => Descriptor is null;

    /// <summary>The path, for people; a shared buffer has none that they could look at.</summary>
    [JsonIgnore]
    public string Place =>
        Path == "anon_inode:dmabuf" || Path.StartsWith("/dmabuf:", StringComparison.Ordinal) ? "dmabuf" : Path;

    /// <summary>The same in a list: <c>card1</c>, <c>pcmC0D0p</c>, <c>vfio/12</c>.</summary>
    [JsonIgnore]
    public string ShortPlace
    {
        get
        {
            var name = Place;
            foreach (var start in (string[])["/dev/", "dri/", "snd/", "anon_inode:"])
                if (name.StartsWith(start, StringComparison.Ordinal)) name = name[start.Length..];
            return name;
        }
    }

    /// <summary>A buffer of which the kernel only tells that some graphics
    /// driver exported it (drivers/gpu/drm/drm_prime.c names itself).</summary>
    public bool IsOfAnyDriver => this is { Kind: NodeKind.DmaBuf, Module: "drm" };

    /// <summary>A mapping of the one file through which its driver maps all of its buffers for everybody (i915_gem_mman.c).</summary>
    public bool IsDriversOwnFile => IsMapping && Kind == NodeKind.DmaBuf && Path.Contains("i915.gem", StringComparison.Ordinal);

    /// <summary>Which open file it is: the same for descriptors that share one, by fork,
    /// dup or a socket. Null where that could not be told, and for memory maps.</summary>
    [JsonPropertyName("file")] public OpenFile? File { get; init; }
}

/// <summary>An open file (open file description, open(2)), named by the first
/// of the descriptors that share it; the kernel counts it once.</summary>
public readonly record struct OpenFile(
    [property: JsonPropertyName("pid")] int Pid,
    [property: JsonPropertyName("descriptor")] int Descriptor);

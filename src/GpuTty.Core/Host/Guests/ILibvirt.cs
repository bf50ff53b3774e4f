using System.Collections.Immutable;

namespace GpuTty.Host.Guests;

/// <summary>libvirt as its files show it; nothing of it is ever asked, because it may be waiting for the hook that asks.</summary>
public interface ILibvirt
{
    LibvirtState Read();

    /// <summary>The XML of a defined guest, from its file.</summary>
    /// <exception cref="HostException">There is none, or it cannot be read.</exception>
    string DescriptionOf(string guest);

    /// <summary>Null where only root can tell, and where no libvirt has run since the boot that could.</summary>
    bool? IsRunning(string guest);

    /// <summary>Writes the hook, for everybody to read and run, and has SELinux label it.</summary>
    Task InstallHookAsync(HookScript script, CancellationToken cancel);

    void RemoveHook();
}

/// <summary>What is in the place of the hook.</summary>
public enum HookPresence
{
    [JsonStringEnumMemberName("absent")] Absent,
    [JsonStringEnumMemberName("installed")] Installed,
    /// <summary>Ours, as an earlier version wrote it: it works, but not where AppArmor confines libvirt.</summary>
    [JsonStringEnumMemberName("older")] Older,
    /// <summary>Ours, and changed by hand or by another version, so that what it does cannot be told.</summary>
    [JsonStringEnumMemberName("changed")] Changed,
    /// <summary>A file of somebody else.</summary>
    [JsonStringEnumMemberName("foreign")] Foreign,
    [JsonStringEnumMemberName("unknown")] Unknown,
}

/// <param name="IsInstalled">Its configuration is there.</param>
/// <param name="HookPath">Where the hook is, or would be.</param>
/// <param name="Script">What it says; null unless it is installed, or older, and whole.</param>
/// <param name="Daemon">Unit of the daemon that runs it: virtqemud.service
/// or libvirtd.service; null where none runs, and without the hook.</param>
/// <param name="IsLoaded">Whether that daemon looks for hooks: it decides once, at
/// its start. Null where it does not run, or where it is unknown.</param>
/// <param name="SelinuxAllows">Whether SELinux lets a hook do what it must; null where there is no such rule.</param>
/// <param name="OtherHooks">Paths of other hooks for guests.</param>
/// <param name="Guests">Defined ones, by name.</param>
public sealed record LibvirtState(
    [property: JsonPropertyName("is_installed")] bool IsInstalled,
    [property: JsonPropertyName("hook_path")] string HookPath,
    [property: JsonPropertyName("hook")] HookPresence Hook,
    [property: JsonPropertyName("script")] HookScript? Script,
    [property: JsonPropertyName("daemon")] string? Daemon,
    [property: JsonPropertyName("is_loaded")] bool? IsLoaded,
    [property: JsonPropertyName("selinux_allows")] bool? SelinuxAllows,
    [property: JsonPropertyName("other_hooks")] ImmutableArray<OtherHook> OtherHooks,
    [property: JsonPropertyName("guests")] ImmutableArray<DefinedGuest> Guests)
{
    [JsonPropertyName("unknowns")] public ImmutableArray<Unknown> Unknowns { get; init; } = [];

    /// <summary>Where its configuration and its guests are: <c>/etc/libvirt</c>, or <see cref="FolderOfNixOs"/>.</summary>
    [JsonPropertyName("folder")] public string Folder { get; init; } = "/etc/libvirt";

    /// <summary>Guests of the system that run, as far as their files could be read.</summary>
    [JsonPropertyName("running")] public ImmutableArray<RunningGuest> Running { get; init; } = [];

    /// <summary>Its libvirt has /var/lib in the place of /etc.</summary>
    public const string FolderOfNixOs = "/var/lib/libvirt";

    public const string NotInstalled =
        "libvirt is not installed here: its configuration is neither in /etc/libvirt nor, as on NixOS, in /var/lib/libvirt.";

    /// <summary>What to do where a description was asked for.</summary>
    public const string WithoutIt = "Install libvirt; for QEMU alone: gputty guest qemu";

    public static LibvirtState None { get; } =
        new(false, $"/etc/libvirt/{HookScript.Folder}/{HookScript.Name}", HookPresence.Absent, null, null, null, null, [], []);
}

/// <param name="Name">As libvirt knows it.</param>
/// <param name="Pid">Of its QEMU.</param>
public sealed record RunningGuest(
    [property: JsonPropertyName("name")] string Name, [property: JsonPropertyName("pid")] int Pid);

/// <param name="MovesCards">A word of it that moves devices by itself: <c>nodedev-detach</c>; null where there is none.</param>
public sealed record OtherHook(
    [property: JsonPropertyName("path")] string Path, [property: JsonPropertyName("moves_cards")] string? MovesCards);

/// <param name="Description">Null where it could not be read: <paramref name="Problem"/>.</param>
/// <param name="IsRunning">Null where only root can tell, and where libvirt has not run since the boot.</param>
public sealed record DefinedGuest(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("description")] GuestDescription? Description,
    [property: JsonPropertyName("problem")] string? Problem,
    [property: JsonPropertyName("is_running")] bool? IsRunning);

/// <summary>A machine without libvirt.</summary>
public sealed class NoLibvirt : ILibvirt
{
    public LibvirtState Read() => LibvirtState.None;

    public string DescriptionOf(string guest) =>
        throw new HostException(LibvirtState.NotInstalled, LibvirtState.WithoutIt);

    public bool? IsRunning(string guest) => null;

    public Task InstallHookAsync(HookScript script, CancellationToken cancel) =>
        throw new HostException(LibvirtState.NotInstalled, "Install libvirt first.");

    public void RemoveHook()
    {
    }
}

using System.Collections.Immutable;
using System.Globalization;
using GpuTty.Host;
using GpuTty.Host.Guests;
using GpuTty.Interop;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Desktop;
using GpuTty.Linux.Worker;
using GpuTty.Text;

namespace GpuTty.Linux.Guests;

/// <summary>libvirt's files: its hooks, its guests and which of them run, and how old the daemon is that runs hooks.</summary>
internal sealed class LibvirtFiles(FileSystemRoot root, CommandRunner tools) : ILibvirt
{
    private const int LongestHook = 256 * 1024;

    /// <summary>What hooks of others move devices with.</summary>
    private static readonly string[] s_movers =
    [
        "nodedev-detach", "nodedev-reattach", "vfio-startup", "vfio-teardown", "driver/unbind", "new_id", "modprobe -r", "rmmod",
        "driver_override",
    ];

    private string Folder => root.Any(LibvirtFolder.Of(root));
    private string HookPath => $"{Folder}/{HookScript.Folder}/{HookScript.Name}";

    public LibvirtState Read()
    {
        var unknowns = ImmutableArray.CreateBuilder<Unknown>();
        var (presence, script) = Hook(unknowns);
        var others = OtherHooks(unknowns);
        // Whoever has no hook need not know how old the daemon is.
        var (daemon, isLoaded) = presence == HookPresence.Absent
            ? (null, null)
            : LibvirtDaemon.Of(root, [HookPath, .. others.Select(hook => root.Any(hook.Path.TrimStart('/')))]);
        return new(
            LibvirtFolder.IsThere(root),
            root.Shown(HookPath),
            presence,
            script,
            daemon,
            script is null ? null : isLoaded,
            SelinuxAllows(),
            others,
            Guests(unknowns))
        {
            Unknowns = unknowns.ToImmutable(),
            Folder = root.Shown(Folder),
            Running = [.. Running()],
        };
    }

    /// <summary>The pid of each guest's QEMU is in a file of the guest's whole name (libvirt, src/qemu/qemu_process.c).</summary>
    private IEnumerable<RunningGuest> Running() =>
        from file in SysFiles.Names(root.Run("libvirt/qemu"))
        where file.EndsWith(".pid", StringComparison.Ordinal)
        let pid = int.TryParse(
            SysFiles.Word(root.Run($"libvirt/qemu/{file}")), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0
        where pid > 0
        select new RunningGuest(file[..^".pid".Length], pid);

    public string DescriptionOf(string guest)
    {
        if (guest.Contains('/', StringComparison.Ordinal) || guest is "." or "..")
            throw new HostException($"{Visible.Text(guest, 80)} cannot be the name of a guest.", $"List them: {Virsh.OfSystem} list --all");
        return SysFiles.Text($"{Folder}/qemu/{guest}.xml", DomainXml.Longest, out var error)
            ?? throw (error is null && !LibvirtFolder.IsThere(root) ? new HostException(LibvirtState.NotInstalled, LibvirtState.WithoutIt)
                : error is null ? new HostException(
                $"The system's libvirt ({Virsh.Connection}) knows no guest {Visible.Text(guest, 80)}.",
                $"List them: {Virsh.OfSystem} list --all")
                : new HostException($"The description of {Visible.Text(guest, 80)} cannot be read: {error}.", "Run gputty as root."));
    }

    /// <summary>libvirt keeps the state of each guest that runs in a file of its name. Where it has
    /// not made the folder for them, the guest may be somebody else's.</summary>
    public bool? IsRunning(string guest)
    {
        var folder = root.Run("libvirt/qemu");
        _ = SysFiles.Names(folder, out var unseen);
        return unseen is null && SysFiles.Exists(folder)
            ? !guest.Contains('/', StringComparison.Ordinal) && SysFiles.Exists($"{folder}/{guest}.xml")
            : null;
    }

    public async Task InstallHookAsync(HookScript script, CancellationToken cancel)
    {
        ProgramPlace.Check(root, script.Program);
        SystemFile.Write(HookPath, script.Text(), isProgram: true);
        if (root.IsLive && SysFiles.Exists(root.Sys("fs/selinux/enforce")))
            await tools.RunAsync("restorecon", ["-R", $"{Folder}/hooks"], TimeSpan.FromSeconds(20), cancel);
    }

    public void RemoveHook() => SystemFile.Delete(HookPath);

    private (HookPresence, HookScript?) Hook(ImmutableArray<Unknown>.Builder unknowns)
    {
        var text = SysFiles.Text(HookPath, LongestHook, out var error);
        if (error is not null) unknowns.Add(Unread("the hook", HookPath, error));
        if (text is null) return (error is null ? HookPresence.Absent : HookPresence.Unknown, null);
        if (!HookScript.IsOurs(text)) return (HookPresence.Foreign, null);
        return HookScript.Parse(text) is not { } script ? (HookPresence.Changed, null)
            : script.Text() == text ? (HookPresence.Installed, script)
            : script.OlderText() == text ? (HookPresence.Older, script)
            : (HookPresence.Changed, script);
    }

    private ImmutableArray<OtherHook> OtherHooks(ImmutableArray<Unknown>.Builder unknowns)
    {
        var names = SysFiles.Names($"{Folder}/{HookScript.Folder}", out var error);
        if (error is not null)
            unknowns.Add(new Unknown(
                UnknownFact.Guests,
                "other hooks",
                $"{root.Shown($"{Folder}/{HookScript.Folder}")} cannot be listed: {error}; run as root"));
        var others = ImmutableArray.CreateBuilder<OtherHook>();
        foreach (var path in names
            .Where(name => name != HookScript.Name)
            .Select(name => $"{Folder}/{HookScript.Folder}/{name}")
            .Prepend($"{Folder}/hooks/qemu")
            .Where(path => !Directory.Exists(path)))
        {
            var text = SysFiles.Text(path, LongestHook, out var unread);
            if (unread is not null) unknowns.Add(Unread("what another hook does", path, unread));
            if (text is null && unread is null) continue;
            others.Add(new OtherHook(
                Visible.Text(root.Shown(path), 200),
                text is null ? null : s_movers.FirstOrDefault(word => text.Contains(word, StringComparison.Ordinal))));
        }
        return others.ToImmutable();
    }

    private Unknown Unread(string fact, string path, string why) => new(
        UnknownFact.Guests, fact, $"{Visible.Text(root.Shown(path), 200)} cannot be read: {Visible.Text(why, 200)}; run as root");

    /// <summary>Fedora lets hooks do nothing but where this is on (selinux-policy, virt_hooks_unconfined).</summary>
    private bool? SelinuxAllows() => SysFiles.Text(root.Sys("fs/selinux/enforce"))?.Trim() != "1" ? null
        : SysFiles.Text(root.Sys("fs/selinux/booleans/virt_hooks_unconfined")) is { Length: > 0 } now ? now[0] == '1' : null;

    private ImmutableArray<DefinedGuest> Guests(ImmutableArray<Unknown>.Builder unknowns)
    {
        var folder = $"{Folder}/qemu";
        var names = SysFiles.Names(folder, out var error);
        if (error is not null)
            unknowns.Add(new Unknown(UnknownFact.Guests, "guests", $"{root.Shown(folder)} cannot be listed: {error}; run as root"));
        ImmutableArray<DefinedGuest> guests =
            [.. names.Where(name => name.EndsWith(".xml", StringComparison.Ordinal)).Select(name => GuestOf(folder, name[..^4]))];
        unknowns.AddRange(guests
            .Where(guest => guest.Problem is not null)
            .Select(guest => new Unknown(UnknownFact.Guests, $"whether {guest.Name} wants a card", $"Its description: {guest.Problem}.")));
        return guests;
    }

    private DefinedGuest GuestOf(string folder, string name)
    {
        var text = SysFiles.Text($"{folder}/{name}.xml", DomainXml.Longest, out var error);
        string? problem = null;
        var description = text is null ? null : DomainXml.Read(text, out problem);
        var shown = Visible.Text(name, 80);
        return new DefinedGuest(
            shown,
            description is null ? null : description with { Name = shown },
            description is null ? problem ?? error ?? "it is gone" : null,
            IsRunning(name));
    }
}

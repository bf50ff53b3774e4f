using System.Collections.Immutable;
using System.Globalization;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Interop;

namespace GpuTty.Linux.Processes;

/// <summary>Where the person in front of this process sits.</summary>
internal static class ViewerFacts
{
    private const int TtyMajor = 4;
    private const int LastVt = 63;
    private const int MostAncestors = 64;

    /// <param name="environments">Reads <c>environ</c>; an ancestor that does not answer leaves it open.</param>
    public static Viewer Read(MachineRoot root, ProcMemory environments, ImmutableArray<LoginSession> sessions, List<Unknown> unknowns, CancellationToken cancel = default)
    {
        var ancestors = Ancestors(root, Environment.ProcessId);
        var group = ControlGroup.Parse(Files.Text(root.Proc("self/cgroup"), 64 * 1024));
        var vt = Files.Stat(root.Proc("self/fd/0")) is { IsCharacterDevice: true, Major: TtyMajor, Minor: >= 1 and <= LastVt } tty ? tty.Minor : (int?)null;
        var session = sessions.FirstOrDefault(session => session.Id == group.Session);
        var inSession = session is { IsGraphical: true };
        var (texts, late) = inSession || vt is not null ? ([], []) : environments.Read(ancestors, cancel);
        var inWindow = texts.Values.Any(NamesDesktop);
        if (!inWindow && late.Count > 0)
            unknowns.Add(new Unknown(UnknownFact.Viewer, "whether you are inside a desktop", $"Process {late[0]}, in which this program runs, does not answer."));
        return new Viewer
        {
            Pid = Environment.ProcessId,
            IsRoot = Libc.EffectiveUser() == 0,
            Vt = vt,
            Session = group.Session,
            Unit = group.Unit,
            Units = UnitsOf(root, ancestors),
            // A session of VNC, or of another seat, does not end with the desktop.
            IsInsideDesktop = inSession ? session is { Seat: LoginSession.MainSeat, IsRemote: false } : inWindow,
            Ancestors = ancestors,
        };
    }

    /// <summary>
    /// A terminal in a window runs below the user's service manager, not in the session's scope; but its shell was told of the
    /// screen. sudo and su may have dropped that since, so ancestors count. A display of another host (ssh -X) is not ours.
    /// </summary>
    public static bool NamesDesktop(string? environment) =>
        environment?.Split('\0').Any(variable => variable.StartsWith("WAYLAND_DISPLAY=", StringComparison.Ordinal)
            || variable.StartsWith("DISPLAY=:", StringComparison.Ordinal) || variable.StartsWith("DISPLAY=unix:", StringComparison.Ordinal)) == true;

    /// <summary>The system's units that these processes are in.</summary>
    public static ImmutableArray<string> UnitsOf(MachineRoot root, ImmutableArray<int> pids) =>
    [
        .. pids.Select(pid => Files.Text(root.Proc($"{pid.ToString(CultureInfo.InvariantCulture)}/cgroup"), 64 * 1024))
            .Select(text => ControlGroup.Parse(text).Unit).OfType<string>().Distinct(),
    ];

    private static ImmutableArray<int> Ancestors(MachineRoot root, int pid)
    {
        var chain = ImmutableArray.CreateBuilder<int>();
        while (pid > 0 && chain.Count < MostAncestors)
        {
            chain.Add(pid);
            using var process = Folder.Open(root.Proc(pid.ToString(CultureInfo.InvariantCulture)));
            pid = process is null ? 0 : ProcessStat.Read(process)?.Parent ?? 0;
        }
        return chain.ToImmutable();
    }
}

using System.Collections.Immutable;
using System.Globalization;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Interop;
using GpuTty.Linux.Vt;
using GpuTty.Planning.Desktop;

namespace GpuTty.Linux.Processes;

/// <summary>Where the person in front of a process sits.</summary>
/// <param name="environments">Reads <c>environ</c>; an ancestor that does not answer leaves it open.</param>
/// <param name="isGraphical">See <see cref="ConsoleFinder"/>.</param>
internal sealed class CallerLocationReader(FileSystemRoot root, ProcMemory environments, Func<int, bool?> isGraphical)
{
    private readonly ConsoleFinder _consoles = new(root, isGraphical, pid => environments.Read([pid]).Texts.Values.Any(NamesDesktop));

    /// <summary>The facts of this machine.</summary>
    public static CallerLocationReader OfThisMachine { get; } =
        new(FileSystemRoot.Live, new ProcMemory(FileSystemRoot.Live, "environ"), VirtualTerminal.IsGraphical);

    /// <summary>The processes without which <paramref name="pid"/> has no terminal
    /// any more: itself, its ancestors, and what passes its terminal on.</summary>
    public ImmutableArray<int> NeededBy(int pid)
    {
        var ancestors = ConsoleFinder.AncestorsOf(root, pid);
        return [.. ancestors, .. PlaceOf(pid, ancestors, Term).Relays];
    }

    /// <summary>The virtual console that shows a terminal of this process; null where none does, or where it is not known.</summary>
    /// <param name="device">Its number, packed as in TIOCGDEV.</param>
    public int? ConsoleOf(uint device) =>
        TerminalDevice.Unpacked(device) is { } terminal
            ? PlaceOf(terminal, ConsoleFinder.AncestorsOf(root, Environment.ProcessId), Term).Vt
            : null;

    /// <param name="pid">The process.</param>
    /// <param name="term">Its TERM.</param>
    /// <param name="sessions">Of logind.</param>
    public CallerLocation Read(
        int pid, string? term, ImmutableArray<LoginSession> sessions, List<Unknown> unknowns, CancellationToken cancel = default)
    {
        var ancestors = ConsoleFinder.AncestorsOf(root, pid);
        var group = GroupOf(pid);
        var place = PlaceOf(pid, ancestors, term, cancel);
        ImmutableArray<int> needed = [.. ancestors, .. place.Relays];
        var units = UnitsOf(root, needed);
        // Its console is in graphics mode, and the terminal's master has no terminal: only the unit's name tells which it is.
        var drawn = units.Select(UserspaceConsole.VtOf).FirstOrDefault(vt => vt is not null);
        var own = OwnSession(group.Session, place.Vt ?? drawn, needed, sessions);
        var session = sessions.FirstOrDefault(session => session.Id == own);
        var inSession = session is { IsGraphical: true };
        var isOnConsole = place is { Vt: not null, IsMultiplexed: false };
        // What a shell over ssh is told of a screen is its owner's setting, and no place to sit.
        var (texts, late, tooLong) = inSession || isOnConsole ? ([], [], [])
            : environments.Read([.. needed.Where(pid => !IsRemote(GroupOf(pid).Session, sessions))], cancel);
        var inWindow = texts.Values.Any(NamesDesktop);
        if (!inWindow && late.Count > 0)
            unknowns.Add(new Unknown(
                UnknownFact.CallerLocation,
                "whether you are inside a desktop",
                $"Process {late[0]}, in which this program runs, does not answer."));
        if (!inWindow && tooLong.Count > 0)
            unknowns.Add(new Unknown(
                UnknownFact.CallerLocation,
                "whether you are inside a desktop",
                $"The environment of process {tooLong[0]}, in which this program runs, is longer than any that is read."));
        return new CallerLocation
        {
            Pid = pid,
            IsRoot = Libc.EffectiveUser() == 0,
            Vt = place.Vt ?? (inSession || inWindow ? null : drawn),
            IsVtTold = place.IsTold || inSession || inWindow || session is { IsRemote: true },
            Session = own,
            Unit = group.Unit,
            Units = units,
            // A session of VNC, or of another seat, does not end with the desktop.
            IsInsideDesktop = inSession ? session is { Seat: LoginSession.MainSeat, IsRemote: false } : inWindow,
            Ancestors = needed,
        };
    }

    /// <summary>
    /// A terminal in a window runs below the user's service manager, not in the session's scope; but its shell was told of the
    /// screen. sudo and su may have dropped that since, so ancestors count. A display of another host (ssh -X) is not ours.
    /// </summary>
    public static bool NamesDesktop(string? environment) =>
        environment?.Split('\0').Any(variable => variable.StartsWith("WAYLAND_DISPLAY=", StringComparison.Ordinal)
            || variable.StartsWith("DISPLAY=:", StringComparison.Ordinal)
            || variable.StartsWith("DISPLAY=unix:", StringComparison.Ordinal)) == true;

    /// <summary>The system's units that these processes are in.</summary>
    public static ImmutableArray<string> UnitsOf(FileSystemRoot root, ImmutableArray<int> pids) =>
    [
        .. pids.Select(pid => SysFiles.Text(root.Proc($"{pid.ToString(CultureInfo.InvariantCulture)}/cgroup"), 64 * 1024))
            .Select(text => ControlGroup.Parse(text).Unit).OfType<string>().Distinct(),
    ];

    /// <summary>What the kernel's consoles are called in TERM.</summary>
    private const string ConsoleTerm = "linux";

    private static string? Term => Environment.GetEnvironmentVariable("TERM");

    private TerminalPlace PlaceOf(int pid, ImmutableArray<int> ancestors, string? term, CancellationToken cancel = default) =>
        TerminalOf(pid) is { } terminal ? PlaceOf(terminal, ancestors, term, cancel) : new TerminalPlace(null);

    private TerminalPlace PlaceOf(
        TerminalDevice terminal, ImmutableArray<int> ancestors, string? term, CancellationToken cancel = default) =>
        _consoles.Find(terminal, ancestors, term == ConsoleTerm, cancel);

    /// <summary>That of standard input; where that is none, the controlling one.</summary>
    private TerminalDevice? TerminalOf(int pid)
    {
        var input = root.Proc($"{pid.ToString(CultureInfo.InvariantCulture)}/fd/0");
        if (SysFiles.Stat(input) is { IsCharacterDevice: true } facts && new TerminalDevice(facts.Major, facts.Minor) is var device
            && (device.Vt ?? device.Pts) is not null) return device;
        if (TerminalDevice.OfPath(SysFiles.Link(input)) is { } named) return named;
        return ConsoleFinder.TerminalOf(root, pid);
    }

    /// <summary>run0 opens a session of its own; whoever types sits in the one of the console.</summary>
    private string? OwnSession(string? own, int? vt, ImmutableArray<int> needed, ImmutableArray<LoginSession> sessions) =>
        vt is null || sessions.Any(session => session.Id == own && session.Vt == vt) ? own
        : needed.Select(pid => GroupOf(pid).Session)
            .FirstOrDefault(id => id is not null && sessions.Any(session => session.Id == id && session.Vt == vt)) ?? own;

    private static bool IsRemote(string? id, ImmutableArray<LoginSession> sessions) =>
        id is not null && sessions.Any(session => session.Id == id && session.IsRemote);

    private ControlGroup GroupOf(int pid) =>
        ControlGroup.Parse(SysFiles.Text(root.Proc($"{pid.ToString(CultureInfo.InvariantCulture)}/cgroup"), 64 * 1024));
}

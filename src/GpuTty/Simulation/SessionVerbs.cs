using GpuTty.Host;
using GpuTty.Host.Desktop;

namespace GpuTty.Simulation;

/// <summary>Sessions open, close, and what belongs to them ends a little later; signals to single processes.</summary>
internal static class SessionVerbs
{
    private static readonly TimeSpan s_closing = TimeSpan.FromSeconds(0.8);

    /// <summary>logind's UserStopDelaySec: a user's manager outlives the last session a little.</summary>
    private static readonly TimeSpan s_userStops = TimeSpan.FromSeconds(10);

    /// <summary>The session is closing; its processes get SIGTERM and go.</summary>
    public static Machine Close(Machine machine, string id)
    {
        if (machine.Sessions.FirstOrDefault(session => session.Id == id) is not { State: not "closing" } session) return machine;
        return machine.With(session with { State = "closing", Leader = 0 }).After(s_closing, m => Closed(m, id));
    }

    public static Machine End(Machine machine, string id) =>
        machine.Sessions.Any(session => session.Id == id) ? Close(machine, id) : throw SimulatedErrors.NoSession(id);

    /// <summary>The greeter, or the session of who is logged in without being asked.</summary>
    public static Machine ShowLogin(Machine machine)
    {
        if (machine.Desktop is not { } desktop || machine.FindService(desktop.Unit) is not { IsActive: true }) return machine;
        if (desktop.IsStartedByHand || machine.Sessions.Any(session => IsOf(desktop, session) && session.State != "closing"))
            return machine;
        return desktop.AutoLogin is { } person ? LogIn(machine, person) : Open(machine, desktop, desktop.Greeter, "greeter");
    }

    /// <summary>A person's graphical session, with the services of the user's own manager.</summary>
    public static Machine LogIn(Machine machine, Person person)
    {
        if (machine.Desktop is not { } desktop) return machine;
        var services = machine.Services
            .Where(service => service.Name.Uid == person.Uid && service is { StartsWithSession: true, State: "inactive" })
            .Select(service => service.Name);
        return Open(machine, desktop, person, "user").Fold(services, UnitVerbs.Run);
    }

    /// <summary>Who looks at the machine does so from this console, and belongs to no session.</summary>
    public static Machine SitDown(Machine machine, int vt) =>
        machine with
        {
            ActiveVt = vt,
            Caller = machine.Caller with { Vt = vt, Session = null, Unit = $"gputty-tty{vt}.service", IsInsideDesktop = false },
        };

    public static Machine Signal(Machine machine, int pid, long startTime, EndSignal signal)
    {
        if (Target(machine, pid, startTime) is not { } process || (signal == EndSignal.Terminate && process.Software.IgnoresTerm))
            return machine;
        return Programs.Gone(machine, process);
    }

    public static Process? Target(Machine machine, int pid, long startTime) =>
        machine.Processes.FirstOrDefault(process => process.Pid == pid && process.StartTime == startTime);

    private static Machine Open(Machine machine, Desktop desktop, Person person, string kind)
    {
        var isGreeter = kind == "greeter";
        var number = machine.NextSession;
        var id = isGreeter ? $"c{number}" : $"{number}";
        var vt = isGreeter ? desktop.GreeterVt : desktop.SessionVt;
        var opened = machine with
        {
            NextSession = number + 1,
            WithoutManager = machine.WithoutManager.Remove(person.Uid),
            Sessions = machine.Sessions.Add(new LoginSession
            {
                Id = id,
                Uid = person.Uid,
                User = person.Name,
                Seat = "seat0",
                Vt = vt,
                Type = desktop.Type,
                Class = kind,
                State = "active",
                Leader = machine.NextPid - 3,
                Desktop = desktop.Name,
                StartedBy = desktop.IsStartedByHand ? null : desktop.Unit.Name,
                IsStarterTold = true,
                IsIdle = false,
            }),
            ActiveVt = machine.ActiveVt == machine.Caller.Vt ? machine.ActiveVt : vt,
        };
        return opened.Fold(isGreeter
            ? desktop.GreeterRuns
            : desktop.SessionRuns, (m, software) => m.Start(software, person, process => process with
            {
                Session = id,
                Unit = software.UserUnit is null ? $"session-{id}.scope" : $"user@{person.Uid}.service",
                UserUnit = software.UserUnit,
            }));
    }

    /// <summary>Programs that ignore SIGTERM keep a closing session from being closed.</summary>
    private static Machine Closed(Machine machine, string id)
    {
        if (machine.Sessions.FirstOrDefault(session => session.Id == id) is not { } session) return machine;
        var ended = StopDesktopOf(
            machine.End(process => process.Session == id && process.UserUnit is null && !process.Software.IgnoresTerm), session);
        if (ended.Processes.Any(process => process.Session == id && process.UserUnit is null))
            return ended.After(s_closing, m => Closed(m, id));
        return AfterLast(ended with { Sessions = ended.Sessions.Remove(session) }, session);
    }

    private static Machine AfterLast(Machine machine, LoginSession session)
    {
        var gone = KeepsManager(machine, session.Uid) ? machine : machine.After(s_userStops, m => StopUser(m, session.Uid));
        return machine.Desktop is { } desktop && IsOf(desktop, session) ? gone.After(desktop.LoginScreenTakes, ShowLogin) : gone;
    }

    /// <summary>One that the display manager, or what stands in for it, shows on its seat.</summary>
    public static bool IsOf(Desktop desktop, LoginSession session) =>
        (session.Seat == LoginSession.MainSeat || (session.Seat is not null && session.StartedBy == desktop.Unit.Name))
        && (session.IsGraphical || session.Vt == desktop.SessionVt);

    /// <summary>What the desktop's own shutdown stops through the user's manager:
    /// gnome-session and startplasma stop graphical-session.target.</summary>
    private static Machine StopDesktopOf(Machine machine, LoginSession session) =>
        machine.End(process => process.Session == session.Id && process is { UserUnit: not null, Software.IsPartOfSession: true });

    private static bool KeepsManager(Machine machine, int uid) =>
        machine.Sessions.Any(other => other.Uid == uid && SessionClass.KeepsManager(other.Class))
        || machine.People.Any(person => person.Uid == uid && person.Lingers);

    /// <summary>A user's manager ends, with all that it runs, unless a session or lingering keeps it.</summary>
    public static Machine StopUser(Machine machine, int uid) => KeepsManager(machine, uid) ? machine
        : (machine with { WithoutManager = machine.WithoutManager.Add(uid) })
            .End(process => process.Unit == $"user@{uid}.service")
            .Fold(machine.Services.Where(service => service.Name.Uid == uid).Select(service => service.Name),
                (m, name) => m.End(process => process.IsIn(name)).With(m.FindService(name)! with { State = "inactive" }));
}

using GpuTty.Host.Desktop;

namespace GpuTty.Simulation;

/// <summary>systemctl start and stop.</summary>
internal static class UnitVerbs
{
    /// <summary>Stopped with a user's desktop, and all that is part of it with it (systemd.special(7)).</summary>
    public const string GraphicalSession = "graphical-session.target";

    /// <summary>A unit that a desktop has made for itself in the user's manager.</summary>
    public static bool IsPartOf(Machine machine, Process process, int? uid) =>
        process is { UserUnit: { } unit, Software.IsPartOfSession: true }
        && process.User.Uid == uid
        && machine.FindService(new UnitName(unit, uid)) is null;

    public static TimeSpan StopTakes(Machine machine, UnitName name) => machine.FindService(name)?.StopTakes ?? TimeSpan.FromSeconds(0.2);
    public static TimeSpan StartTakes(Machine machine, UnitName name) => machine.FindService(name)?.StartTakes ?? TimeSpan.FromSeconds(0.2);

    private static bool IsWithoutManager(Machine machine, UnitName name) =>
        name.Uid is { } uid && machine.WithoutManager.Contains(uid);

    /// <summary>On its way to be stopped or started.</summary>
    public static Machine On(Machine machine, UnitName name, string way) => machine.FindService(name) is not { } service ? machine
        : way == "deactivating" && service.State is "inactive" or "failed" || way == "activating" && service.IsActive ? machine
        : IsWithoutManager(machine, name) ? machine
        : machine.With(service with { State = way });

    /// <summary>Ends the unit's processes; stopping the display manager ends what it shows as well.</summary>
    public static Machine Stop(Machine machine, UnitName name)
    {
        if (name.Name == GraphicalSession)
            return machine.Fold(machine.Processes.Where(process => IsPartOf(machine, process, name.Uid)), Programs.Gone);
        if (machine.FindService(name) is not { } service) return StopOfSession(machine, name);
        var wasActive = service.State is not ("inactive" or "failed");
        var stopped = machine.End(process => process.IsIn(name)).With(service with { State = "inactive" });
        if (name == machine.Desktop?.Unit) return StopDesktop(stopped, machine.Desktop);
        return wasActive && service.ComesBackAfter is { } after ? stopped.After(after, m => ComeBack(m, name)) : stopped;
    }

    /// <summary>The end of a stop that took its time. What was asked to start meanwhile
    /// starts after it (systemd.unit(5): jobs of one unit follow each other).</summary>
    public static Machine FinishStop(Machine machine, UnitName name) => machine.FindService(name)?.State switch
    {
        "activating" => On(Stop(machine, name), name, "activating"),
        "active" => Run(Stop(machine, name), name),
        _ => Stop(machine, name),
    };

    public static Machine Start(Machine machine, UnitName name)
    {
        var service = machine.FindService(name) ?? throw SimulatedErrors.NoUnit(name);
        if (service.IsActive) return machine;
        // It comes with that user's next login.
        if (IsWithoutManager(machine, name)) return machine;
        if (service.IsMasked) throw SimulatedErrors.Masked(name);
        if (service.Needs is { } module && !machine.IsLoaded(module)) throw SimulatedErrors.StartFailed(name);
        return Run(machine, name);
    }

    /// <summary>The unit is active and its programs run.</summary>
    public static Machine Run(Machine machine, UnitName name)
    {
        var service = machine.FindService(name)!;
        var active = machine
            .With(service with { State = "active" })
            .Fold(service.Runs, (m, software) => m.Start(software, service.RunsAs, process => process with
            {
                Unit = name.Uid is { } uid ? $"user@{uid}.service" : name.Name,
                UserUnit = name.Uid is null ? null : name.Name,
                Container = service.Container,
            }));
        return machine.Desktop is { } desktop && desktop.Unit == name
            ? active.After(desktop.LoginScreenTakes, SessionVerbs.ShowLogin)
            : active;
    }

    /// <summary>A program that the session started in a unit of its own: gnome-shell.</summary>
    private static Machine StopOfSession(Machine machine, UnitName name) =>
        machine.Fold(machine.Processes.Where(process => process.IsIn(name)), Programs.Gone);

    private static Machine StopDesktop(Machine machine, Desktop desktop) =>
        machine.Fold(
            machine.Sessions
                .Where(session => SessionVerbs.IsOf(desktop, session) && (session.IsGreeter || !desktop.SessionsSurvive))
                .Select(session => session.Id),
            SessionVerbs.Close);

    /// <summary>The socket goes on listening, and the desktop's programs connect to it again.</summary>
    private static Machine ComeBack(Machine machine, UnitName name) =>
        machine.Sessions.Any(session => session.Uid == name.Uid && session is { IsGraphical: true, State: not "closing" })
        && machine.FindService(name) is { State: "inactive" } service
        && (service.Socket is not { } socket || machine.FindService(socket)?.IsActive == true) ? Run(machine, name) : machine;
}

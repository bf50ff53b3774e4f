using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;

namespace GpuTty.Planning.Desktop;

/// <summary>
/// What belongs to the desktop of the seat that the display manager serves. Decided from
/// sessions, seats and control groups; a program is not part of a desktop because of its name.
/// </summary>
public static class SeatDesktop
{
    /// <summary>
    /// A session that restarting the desktop ends: one with a screen of its own on the seat, or on
    /// another seat that the same display manager serves; never one on no seat (VNC, xrdp, ssh).
    /// </summary>
    public static bool Has(HostSnapshot host, LoginSession session) =>
        session is { Seat: { } seat, IsRemote: false } && (seat == LoginSession.MainSeat || IsServedTogether(host, session))
        && (session.IsGraphical ? IsShown(session) : Draws(host, session));

    /// <summary>True where a desktop runs, or its login screen.</summary>
    public static bool IsUp(HostSnapshot host) =>
        host.DisplayManager?.Unit.IsActive == true || host.Sessions.Any(session => Has(host, session)) || IsDrawnWithoutSystemd(host);

    /// <summary>Its console: that of the session that people see, else of the display
    /// manager's greeter; null where none is known.</summary>
    public static int? Vt(HostSnapshot host) =>
        host.Sessions.Where(session => session is { Vt: not null, State: not "closing" } && Has(host, session))
            .OrderBy(session => session.State == "active" ? 0 : 1).ThenBy(session => session.IsGreeter).FirstOrDefault()?.Vt
        ?? host.DisplayManager?.Vt;

    /// <summary>Goes when the display manager has stopped and the sessions have ended, or must be ended right after that.</summary>
    public static bool Contains(HostSnapshot host, Holder holder)
    {
        if (holder.Unit is { } unit && host.DisplayManager is { } manager && manager.Unit.Name == new UnitName(unit)) return true;
        // What is still there of a session that is closing has outlived it, and will outlive the desktop.
        if (holder.Session is { } id) return host.FindSession(id) is { State: not "closing" } session && Has(host, session);
        // Without systemd nobody tells: whoever has a card's own node open draws on its screens.
        if (host.RunsSystemd == false) return holder.Nodes.Any(node => node.Kind == NodeKind.Card);
        if (holder.ManagerUid is not { } uid)
            return holder.Unit is { } starter && host.Sessions.Any(session => session.StartedBy == starter && Has(host, session));
        // Whoever runs there, it ends with the manager of the user whose desktop it is.
        return host.Sessions.Any(session => session.Uid == uid && Has(host, session))
            && (IsOfGraphicalSession(host, holder) || !ManagerLivesOn(host, uid));
    }

    /// <summary>
    /// Whether a unit of a user's own manager belongs to the graphical session: what its manager
    /// tells of it, else where the desktop has put it (systemd.io/DESKTOP_ENVIRONMENTS: slices,
    /// and units named app-*). Sound servers are in session.slice as well, and belong to the user.
    /// </summary>
    public static bool IsOfGraphicalSession(HostSnapshot host, Holder holder)
    {
        if (holder.UnitOfUser is not { } unit) return false;
        var traits = host.FindUnit(unit)?.Traits;
        if (traits?.IsOfGraphicalSession == true || ApplicationUnit.IsOfDesktop(unit.Name)) return true;
        if (traits is { IsTransient: false }) return false;
        return holder.UserSlice is "session.slice" or "background.slice" && !IsSound(holder);
    }

    /// <summary>Part of a graphical session whose user has none any more: his manager has kept it.</summary>
    public static bool IsLeftOver(HostSnapshot host, Holder holder) =>
        IsOfGraphicalSession(host, holder)
        && !host.Sessions.Any(session =>
            session.Uid == (holder.ManagerUid ?? holder.Uid) && session.State != "closing" && (session.IsGraphical || Has(host, session)));

    /// <summary>Plays and records for others, and draws nothing.</summary>
    public static bool IsSound(Holder holder) =>
        holder.Nodes.Any(node => node.Kind == NodeKind.Sound)
        && !holder.Nodes.Any(node => node.Kind is NodeKind.Card or NodeKind.Render or NodeKind.Nvidia);

    /// <summary>The user's services go on when the desktop has ended: another
    /// login of the same user keeps them, lingering does, or logind ends nobody's.</summary>
    public static bool ManagerLivesOn(HostSnapshot host, int uid) =>
        host.UserStopDelay == Timeout.InfiniteTimeSpan
        || host.Lingering.Contains(uid)
        || host.Sessions.Any(session =>
            session.Uid == uid && session.State != "closing" && SessionClass.KeepsManager(session.Class) && !Has(host, session));

    /// <summary>The person who looks sits in it; a worker is told the unit alone.</summary>
    public static bool IsCallers(HostSnapshot host, LoginSession session) =>
        session.Id == host.Caller.Session || host.Caller.Unit == $"session-{session.Id}.scope";

    private static bool IsServedTogether(HostSnapshot host, LoginSession session) =>
        session.StartedBy is { } unit && unit == host.DisplayManager?.Unit.Name.Name;

    private static bool IsShown(LoginSession session) => SessionClass.IsPersons(session.Class) || SessionClass.IsScreenOnly(session.Class);

    /// <summary>
    /// A desktop that was started at a text console keeps the session's type (startx, startplasma-wayland, greetd):
    /// the X server or compositor has a card's own node open, given to it by the seat's manager where there is one.
    /// </summary>
    private static bool Draws(HostSnapshot host, LoginSession session) =>
        session is { Type: "tty", Vt: not null } && SessionClass.IsPersons(session.Class)
        && (host.Holders.Any(holder => holder.Session == session.Id && DrawsOnSeat(host, holder))
            || IsOnlyPlaceOfCompositor(host, session));

    private static bool DrawsOnSeat(HostSnapshot host, Holder holder)
    {
        var managers = host.Holders.Where(holder => holder.IsSeatManager).ToList();
        return holder.Nodes.Any(node => node.Kind == NodeKind.Card
            && (managers.Count == 0 || managers.Any(manager => manager.Nodes.Any(other => other.Path == node.Path))));
    }

    /// <summary>A compositor in a unit of the user's manager shows no session:
    /// it is that of the user's only console that is not the caller's.</summary>
    private static bool IsOnlyPlaceOfCompositor(HostSnapshot host, LoginSession session) =>
        !IsCallers(host, session)
        && host.Holders.Any(holder => holder.Uid == session.Uid && holder.Unit == $"user@{session.Uid}.service"
            && IsOfGraphicalSession(host, holder) && DrawsOnSeat(host, holder))
        && !host.Sessions.Any(other =>
            other.Id != session.Id && !IsCallers(host, other) && other.Uid == session.Uid && other.Seat == session.Seat
            && other.State != "closing" && SessionClass.IsPersons(other.Class));

    private static bool IsDrawnWithoutSystemd(HostSnapshot host) =>
        host.RunsSystemd == false
        && host.Holders.Any(holder => !holder.IsSeatManager && holder.Nodes.Any(node => node.Kind == NodeKind.Card));
}

using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Desktop;
using GpuTty.Planning.Holders;
using GpuTty.Steps;
using GpuTty.Text;

namespace GpuTty.Planning.Plans;

/// <summary>Steps that stop and restart the display manager around a switch.</summary>
/// <param name="Units">What starts the desktop: the display manager, and
/// whatever else would open a session again as soon as it has ended.</param>
/// <param name="Sessions">People's sessions with a desktop; none of a login screen.</param>
public sealed record DesktopPlan(ImmutableArray<UnitName> Units, ImmutableArray<LoginSession> Sessions)
{
    /// <summary>A sentence with more names is not read.</summary>
    private const int MostNamed = 8;

    /// <summary>Beyond what the managers say themselves.</summary>
    private static readonly TimeSpan s_margin = TimeSpan.FromSeconds(5);

    /// <summary>TimeoutStopSec= of user@.service, as systemd ships it.</summary>
    private static readonly TimeSpan s_usualOfUser = TimeSpan.FromSeconds(120);

    /// <summary>Users whose managers go on when their desktops have ended.</summary>
    private ImmutableArray<int> Staying { get; init; } = [];

    public static DesktopPlan For(HostSnapshot host)
    {
        var shown = host.Sessions.Where(session => SeatDesktop.Has(host, session) && session.State != "closing").ToList();
        var starters = shown.Select(session => session.StartedBy).OfType<string>().Distinct()
            .Where(unit => !host.Caller.Units.Contains(unit)).Select(unit => new UnitName(unit));
        return new(
            [.. (host.DisplayManager is { Unit: { IsActive: true } manager } ? (UnitName[])[manager.Name] : []).Union(starters)],
            [.. shown.Where(session => SessionClass.IsPersons(session.Class))])
        {
            Staying = [.. shown.Select(session => session.Uid).Distinct().Where(uid => SeatDesktop.ManagerLivesOn(host, uid))],
        };
    }

    public bool ClosesSessions => Sessions.Length > 0;

    public IEnumerable<Obstacle> Obstacles(HostSnapshot host, SwitchIntent intent)
    {
        var own = Sessions.FirstOrDefault(session => SeatDesktop.IsCallers(host, session));
        if (host.Caller.IsInsideDesktop || own is not null)
            yield return new Obstacle.InsideDesktop(
                (own ?? host.FindSession(host.Caller.Session ?? ""))?.Label ?? "the desktop", FreeConsole(host));
        else if (host.RunsSystemd == false) yield return ByHand(host);
        else if (ClosesSessions && !intent.EndSessions)
            yield return new Obstacle.SessionsWouldEnd(
                string.Join("; ", Sessions.Select(session => session.Label)), IsReturn: intent.Direction == Direction.ToHost);
    }

    /// <summary>Where a login is started as soon as somebody looks (logind.conf(5), NAutoVTs= is 6), and no session is yet.</summary>
    private static int FreeConsole(HostSnapshot host) =>
        Enumerable.Range(3, 4)
            .Append(2)
            .FirstOrDefault(vt => host.DisplayManager?.Vt != vt && host.Sessions.All(session => session.Vt != vt), 3);

    public IEnumerable<Step> Down() =>
    [
        .. Units.Select((unit, at) => new StopUnit(unit, at == 0 ? "the desktop" : "it would start a desktop again")),
        .. Sessions.Select(session => new EndSession(session.Id, session.Label)),
        .. Staying.Select(uid => new EndUnit(new UnitName(GraphicalSession, uid), "the desktop has ended")),
    ];

    public IEnumerable<Step> Up() =>
        Units.IsEmpty ? []
        :
        [
            .. Units.Select((unit, at) => new StartUnit(unit, at == 0 ? "the desktop" : "it was running")),
            new AwaitDesktop { Unit = Units[0] },
        ];

    /// <summary>
    /// How long it may take until all that ends with the desktop has let go: logind's delay,
    /// then what the slowest user's manager is given; null where nobody waits for one.
    /// </summary>
    public TimeSpan? TimeToEnd(HostSnapshot host) =>
        host.Sessions.Where(session => SeatDesktop.Has(host, session)).Select(session => session.Uid).Distinct().Except(Staying)
            .Select(uid =>
                host.UserStopDelay + (host.FindUnit(new UnitName($"user@{uid}.service"))?.Traits?.StopTimeout ?? s_usualOfUser) + s_margin)
            .Select(time => (TimeSpan?)time).Max();

    public IEnumerable<Consequence> Consequences(HostSnapshot host)
    {
        if (ClosesSessions)
            yield return new(ConsequenceCode.SessionsClosed,
                $"{Counted.Of(Sessions.Length, "session")} will be closed, with every program in it: "
                + $"{string.Join("; ", Sessions.Select(session => session.Label + Programs(host, session)))}.");
        foreach (var session in Sessions.Where(session => session.StartedBy is { } unit && host.DisplayManager?.Unit.Name.Name != unit))
            yield return new(ConsequenceCode.DesktopStartedByUnit,
                $"{session.StartedBy} has started session {session.Id} by itself: it is stopped first, "
                    + "and starts the desktop again afterwards.");
        if (!Units.IsEmpty || !ClosesSessions) yield break;
        var untold = Sessions.Where(session => !session.IsStarterTold)
            .Select(session => session.Vt is { } vt ? $"tty{vt}" : $"session {session.Id}")
            .ToList();
        yield return new(
            ConsequenceCode.DesktopNotRestarted,
            "No service starts this desktop again: log in and start it yourself afterwards."
                + (untold.Count == 0
                    ? ""
                    : $" If something logs in by itself on {string.Join(", ", untold)}, stop that first: "
                        + "it would take the card again at once."));
    }

    /// <summary>systemd.special(7): all that belongs to a user's desktop is stopped with it.</summary>
    private const string GraphicalSession = "graphical-session.target";

    private Obstacle.DesktopByHand ByHand(HostSnapshot host)
    {
        var drawing = host.Holders.Where(holder => SeatDesktop.Contains(host, holder) && !holder.IsSeatManager).ToList();
        var what = Sessions.Length > 0 ? string.Join("; ", Sessions.Select(session => session.Label))
            : drawing.Count > 0 ? Counted.Names([.. drawing.Select(holder => holder.Label)], MostNamed) : "its login screen";
        return new(what, host.OtherInit, drawing.Select(holder => holder.InitScript).FirstOrDefault(script => script is not null));
    }

    /// <summary>What may have something that is not saved.</summary>
    private static string Programs(HostSnapshot host, LoginSession session)
    {
        var names = SessionProgram.Of(host, session)
            .Where(program => !Compositor.DrawsForOthers(program.Name))
            .Select(program => program.ToString())
            .ToList();
        return names.Count == 0 ? "" : $" with {Counted.Names(names, MostNamed)}";
    }
}

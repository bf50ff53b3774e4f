using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Holders;
using GpuTty.Steps;
using GpuTty.Text;

namespace GpuTty.Planning.Plans;

/// <summary>Taking the desktop down and bringing it back: the hard road's frame around a switch.</summary>
public sealed record DesktopPlan(DisplayManager? Manager, ImmutableArray<LoginSession> Sessions)
{
    /// <summary>A sentence with more names is not read.</summary>
    private const int MostNamed = 8;

    public static DesktopPlan For(HostSnapshot host) => new(
        host.DisplayManager is { Unit.IsActive: true } manager ? manager : null,
        [.. host.Sessions.Where(session => HolderTreatment.IsDesktopSession(session) && !session.IsGreeter && session.State != "closing")]);

    public bool ClosesSessions => Sessions.Length > 0;

    public IEnumerable<Obstacle> Obstacles(HostSnapshot host, SwitchIntent intent)
    {
        if (host.Viewer.IsInsideDesktop)
            yield return new Obstacle.InsideDesktop(host.FindSession(host.Viewer.Session ?? "")?.Label ?? "the desktop", FreeConsole(host));
        else if (ClosesSessions && !intent.EndSessions)
            yield return new Obstacle.SessionsWouldEnd(string.Join("; ", Sessions.Select(session => session.Label)));
    }

    /// <summary>Where a login is started as soon as somebody looks (logind.conf(5), NAutoVTs= is 6), and no session is yet.</summary>
    private static int FreeConsole(HostSnapshot host) =>
        Enumerable.Range(3, 4).Append(2).FirstOrDefault(vt => host.DisplayManager?.Vt != vt && host.Sessions.All(session => session.Vt != vt), 3);

    public IEnumerable<Step> Down()
    {
        if (Manager is not null) yield return new StopUnit(Manager.Unit.Name, "the desktop");
        foreach (var session in Sessions) yield return new EndSession(session.Id, session.Label);
    }

    public IEnumerable<Step> Up()
    {
        if (Manager is null) yield break;
        yield return new StartUnit(Manager.Unit.Name, "the desktop");
        yield return new AwaitDesktop();
    }

    public IEnumerable<Consequence> Consequences(HostSnapshot host)
    {
        if (ClosesSessions)
            yield return new(ConsequenceCode.SessionsClosed,
                $"{Counted.Of(Sessions.Length, "session")} will be closed, with every program in it: {string.Join("; ", Sessions.Select(session => session.Label + Programs(host, session)))}.");
        if (Manager is null && ClosesSessions)
            yield return new(ConsequenceCode.DesktopNotRestarted, "No display manager runs here: you will have to start your desktop again yourself.");
    }

    /// <summary>What may have something that is not saved.</summary>
    private static string Programs(HostSnapshot host, LoginSession session)
    {
        var names = SessionProgram.Of(host, session).Where(program => !Compositor.DrawsForOthers(program.Name)).Select(program => program.ToString()).ToList();
        return names.Count == 0 ? "" : $" with {Counted.Names(names, MostNamed)}";
    }
}

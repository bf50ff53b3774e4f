using GpuTty.Host;

namespace GpuTty.Tui.Panels;

/// <summary>What is worth saying about a login session.</summary>
internal static class SessionWords
{
    /// <summary>Sessions of people and login screens; not those of user managers and timers.</summary>
    public static IEnumerable<LoginSession> Shown(HostSnapshot host) => host.Sessions.Where(session => session.Class is not ("manager" or "background"));

    /// <summary>
    /// Programs of the session that draw: those that have a node of a card open, in the session's scope or in a unit of the user's
    /// own manager. What draws without a card cannot be told.
    /// </summary>
    public static IEnumerable<string> Programs(HostSnapshot host, LoginSession session) =>
        host.Holders.Where(holder => holder.Nodes.Any(node => node.Kind is NodeKind.Card or NodeKind.Render or NodeKind.Nvidia) && IsIn(holder, session)).Select(holder => holder.Name).Distinct();

    private static bool IsIn(Holder holder, LoginSession session) =>
        holder.Session is { } id ? id == session.Id : session.IsGraphical && holder.Uid == session.Uid && holder.UserUnit is not null;
}

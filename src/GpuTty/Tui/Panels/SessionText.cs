using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Planning.Holders;

namespace GpuTty.Tui.Panels;

/// <summary>What is worth saying about a login session.</summary>
internal static class SessionText
{
    /// <summary>Sessions of people and login screens; not those of user managers and timers.</summary>
    public static IEnumerable<LoginSession> Shown(HostSnapshot host) =>
        host.Sessions.Where(session => !SessionClass.IsManager(session.Class) && !SessionClass.IsBackground(session.Class));

    /// <summary>Programs of the session that draw with a card, and how often each runs.</summary>
    public static IEnumerable<string> Drawing(HostSnapshot host, LoginSession session) =>
        SessionProgram.Of(host, session).Where(program => program.HoldsCard).Select(program => program.ToString());

    /// <summary>The other programs that were started from the session, as systemd tells.</summary>
    public static IEnumerable<string> Started(HostSnapshot host, LoginSession session) =>
        SessionProgram.Of(host, session).Where(program => !program.HoldsCard).Select(program => program.ToString());
}

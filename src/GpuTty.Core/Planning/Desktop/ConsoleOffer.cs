using GpuTty.Host;
using GpuTty.Planning.Checks;

namespace GpuTty.Planning.Desktop;

/// <summary>The way on for who sits inside the desktop that must end, or at a console that draws with the card:
/// the same program on a text console of the kernel, which neither touches.</summary>
public static class ConsoleOffer
{
    // A login is started there as soon as somebody looks (logind.conf(5), NAutoVTs=).
    private const int WithLogin = 1;

    /// <summary>A switch of a card would end what the person looks at.</summary>
    public static bool IsNeeded(HostSnapshot host) => host.Caller.IsInsideDesktop || UserspaceConsole.OfCaller(host) is not null;

    /// <summary>Whether it is the way on after a refusal.</summary>
    public static bool Answers(Obstacle? refusal) => refusal is Obstacle.InsideDesktop or Obstacle.DrawsThisConsole;

    /// <summary>Why it cannot be offered, in one sentence; null when it can.</summary>
    public static string? WhyNot(HostSnapshot host) =>
        !IsNeeded(host) ? "You are not inside the desktop."
        : host.Console.ActiveVt is null ? "This machine has no text consoles."
        : !host.Caller.IsRoot ? "Only root may open a text console: quit and start gputty with sudo."
        : host.RunsSystemd == false ? "Without systemd it would end with the desktop: press Ctrl+Alt+F3, log in and start gputty there."
        : null;

    /// <summary>
    /// Which console to show when the program on console <paramref name="own"/> ends: where the person came from if somebody is still
    /// there, else the desktop, else a login; null where the person has gone elsewhere already.
    /// </summary>
    /// <param name="former">The console that was on the screen before.</param>
    public static int? Afterwards(HostSnapshot host, int own, int former) =>
        host.Console.ActiveVt != own ? null
        : host.Sessions.Any(session => session.Vt == former && session.State != "closing") ? former
        : SeatDesktop.Vt(host) is { } desktop && desktop != own ? desktop
        : WithLogin;
}

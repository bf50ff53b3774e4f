using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Planning;
using GpuTty.Planning.Desktop;
using GpuTty.Planning.Plans;
using GpuTty.Tui.Panels;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <content>The pages of a login session and of the display manager.</content>
internal static partial class Details
{
    private static ImmutableArray<Label> OfSession(HostSnapshot host, LoginSession session) =>
    [
        new Label(session.Label, Theme.Strong),
        session.Id == host.Caller.Session ? "the one that you look through now" : "",
        "",
        Fact("user", $"{session.User} ({session.Uid})"),
        Fact("seat", session.Seat ?? (session.IsRemote ? "none: over the network" : "none")),
        Fact("terminal", session.Vt is { } vt ? $"tty{vt}" : "none"),
        Fact("type", $"{session.Type}{(session.Desktop is { } desktop ? $", {desktop}" : "")}"),
        Fact("class", session.IsGreeter ? "greeter: a login screen, no user is logged in through it" : session.Class),
        Fact(
            "state",
            session.State switch
            {
                "active" => "active: in the foreground of its seat",
                "online" => "online: logged in, in the background",
                var other => other,
            }),
        .. session.StartedBy is { } unit
            ? [Fact("started by", $"{unit}, which starts one again when it ends")]
            : ImmutableArray<Label>.Empty,
        Fact("idle", session.IsIdle switch { true => "yes: keyboard and mouse have rested for a while", false => "no", _ => "unknown" }),
        .. List("uses a card", SessionText.Drawing(host, session).DefaultIfEmpty("no program of it has a card open")),
        .. List("also runs", SessionText.Started(host, session)),
        .. host.Programs.Any(program => program.IsOf(session))
            ? [Fact("", "what was started from this desktop and still runs")]
            : ImmutableArray<Label>.Empty,
        Fact("a switch", SeatDesktop.Has(host, session)
            ? new Label("closes it where the desktop holds the card, with every program in it", Theme.Warn)
            : new Label("leaves it alone; only programs of it that hold the card are asked about")),
    ];

    /// <summary>A row of the panel whole, and for the next switch everything that stands in its way, with what to do about it.</summary>
    private static ImmutableArray<Label> OfLine(HostSnapshot host, Subject.Line line)
    {
        var card = line.Card is { } address ? Card.FindAt(host, address) : null;
        if (DesktopPanel.Rows(host, card, isRunning: false).FirstOrDefault(row => row.Id == line.Id) is not { } row)
            return Gone("It is not there any more.");
        return
        [
            new Label(row.Cells[0].Text, Theme.Strong),
            "",
            row.Cells[1],
            .. line.Id == "next" && card is not null ? InTheWay(host, card) : [],
        ];
    }

    private static IEnumerable<Label> InTheWay(HostSnapshot host, Card card) =>
        SwitchPlanner.Plan(
            host,
            new SwitchIntent(
                card.Address,
                NextDirection.Of(host, card),
                EndSessions: true,
                HolderConsent.Kill)) is PlanResult.Blocked { Obstacles: var obstacles }
            ? obstacles.SelectMany(obstacle => (Label[])["", new Label(obstacle.Problem, Theme.Bad), $"-> {obstacle.RemedyForTui()}"])
            : [];

    private static ImmutableArray<Label> OfDisplayManager(HostSnapshot host) =>
        host.DisplayManager is not { } manager ? Gone("No display manager is here any more.") :
        [
            new Label($"{manager.Unit.Name}", Theme.Strong),
            "found through the alias display-manager.service",
            "",
            Fact("state", new Label(manager.Unit.ActiveState, manager.Unit.ActiveState == "failed" ? Theme.Bad : Theme.Plain)),
            Fact("terminal", manager.Vt is { } vt ? $"tty{vt}" : "unknown"),
            .. List(
                "sessions",
                SessionText.Shown(host)
                    .Where(session => session.IsGraphical)
                    .Select(session => session.Label)
                    .DefaultIfEmpty("none that is graphical")),
            .. List("seats", host.Sessions.Select(session => session.Seat).OfType<string>().Distinct().Order(StringComparer.Ordinal)),
            .. List(
                "kept off",
                host.HiddenFromSeat
                    .Select(rule => $"{rule.Device.SlotName}{(rule.IsPermanent ? " permanently" : " until the next reboot")}")
                    .DefaultIfEmpty("no card")),
            Fact("a switch", "stops it, and starts it again, where the desktop holds the card"),
        ];
}

using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Planning;
using GpuTty.Planning.Desktop;
using GpuTty.Planning.Plans;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Panels;

/// <summary>Panel 5: the display manager, the sessions, whether they are kept off the card, and what the next switch would cost.</summary>
internal static class DesktopPanel
{
    public static ImmutableArray<Column> Columns { get; } = [Column.Whole, Column.Cut];
    private static readonly SnapshotCache<HostSnapshot, (PciAddress?, bool), ImmutableArray<ListRow>> s_known = new();

    /// <param name="isRunning">A switch is under way, so nothing can be said of the next one.</param>
    public static ImmutableArray<ListRow> Rows(HostSnapshot host, Card? card, bool isRunning) =>
        s_known.Get(host, (card?.Address, isRunning), () =>
        [
            new ListRow("manager", "login screen", Manager(host)),
            .. SessionText.Shown(host).SelectMany(session => WithPrograms(host, session)),
            .. card is null ? [] : new[] { new ListRow("keep-off", "keep off", HideFromSeat(host, card)) },
            .. card is null ? [] : Settings(host, card),
            .. card is null ? [] : new[] { new ListRow("next", "next switch", isRunning ? "a switch is running" : NextSwitch(host, card)) },
        ]);

    private static IEnumerable<ListRow> WithPrograms(HostSnapshot host, LoginSession session)
    {
        yield return new ListRow(IdOf(session), $"session {session.Id}", Session(host, session));
        var drawing = string.Join(", ", SessionText.Drawing(host, session));
        if (drawing.Length > 0) yield return ListRow.Heading(new Label($"       uses a card: {drawing}", Theme.Accent));
        var started = string.Join(", ", SessionText.Started(host, session));
        if (started.Length > 0) yield return ListRow.Heading(new Label($"       also started: {started}", Theme.Accent));
    }

    public static string IdOf(LoginSession session) => $"session {session.Id}";

    public static LoginSession? SessionOf(HostSnapshot host, string? id) => host.Sessions.FirstOrDefault(session => IdOf(session) == id);

    private static Label Manager(HostSnapshot host) =>
        host.DisplayManager is not { } manager ? host.RunsSystemd == false ? "not found through systemd" : "none on this machine"
        : new Label($"{manager.Unit.Name} {manager.Unit.ActiveState}{(manager.Vt is { } vt ? $", tty{vt}" : "")}",
            manager.Unit.ActiveState == "failed" ? Theme.Bad : Theme.Plain);

    private static Label Session(HostSnapshot host, LoginSession session) =>
        $"{session.User}, {(session.IsGreeter ? "greeter" : session.Desktop ?? session.Type)}"
        + (session.Vt is { } vt ? $" on tty{vt}" : session.IsRemote ? ", remote" : "")
        + (session.Seat is { } seat && seat != "seat0" ? $", {seat}" : "")
        + (session.Id == host.Caller.Session
            ? " (you)"
            : session.IsIdle == true ? " (idle)" : session.State == "active" ? " (active)" : "");

    private static Label HideFromSeat(HostSnapshot host, Card card) => host.IsKeptOff(card.Display)
        ? new Label($"on: the desktop leaves {card.Address.SlotName} alone, {Until(host, card)}", Theme.Good)
        : $"off: the desktop may use {card.Address.SlotName}";

    private static string Until(HostSnapshot host, Card card) =>
        host.HiddenFromSeat.Any(rule => rule.Matches(card.Display) && rule.IsPermanent)
            ? "also after a reboot"
            : "until the next reboot";

    /// <summary>What decides besides the seat: settings of the desktop, our own pins, and who opens the card past the seat rules.</summary>
    private static IEnumerable<ListRow> Settings(HostSnapshot host, Card card) =>
    [
        .. DeviceSettingEffect.For(
            host,
            card).Select((meaning, index) =>
                new ListRow($"setting {index}", "setting", new Label(meaning.Sentence, meaning.Defeats ? Theme.Warn : Theme.Plain))),
        .. NodesOutsideSeat.Of(
            host,
            card).Select(holder =>
                new ListRow($"behind {holder.Pid}", "past seat", new Label(NodesOutsideSeat.Sentence(holder, card), Theme.Warn))),
        .. host.Pinned.Select(pin => new ListRow(
            $"pin {pin.Path}",
            "pin",
            new Label(
                $"{pin.Unit ?? "every desktop"} asks only the other card's "
                    + $"drivers{(pin.IsPermanent ? ", also after a reboot" : ", until the next reboot")}",
                Theme.Good))),
    ];

    private static Label NextSwitch(HostSnapshot host, Card card)
    {
        var direction = NextDirection.Of(host, card);
        var where = direction == Direction.ToVm ? "to the VM" : "to the host";
        // As if the user had agreed to everything: what it would cost at most.
        return SwitchPlanner.Plan(host, new SwitchIntent(card.Address, direction, EndSessions: true, HolderConsent.Kill)) switch
        {
            PlanResult.Ready { Plan: { DesktopImpact: DesktopImpact.None } plan } when !PlanText.KeepsDesktop(host, plan) =>
                $"{where}: {PlanText.Desktop(host, plan)}",
            PlanResult.Ready { Plan: { DesktopImpact: DesktopImpact.None } } =>
                new Label($"{where}: the desktop keeps running", Theme.Good),
            PlanResult.Ready { Plan: { Risk: Risk.Reversible } } => $"{where}: the login screen restarts, no user is logged in",
            PlanResult.Ready ready => new Label(
                PlanText.RestartsDesktop(host, ready.Plan)
                    ? $"{where}: the desktop restarts, sessions are closed"
                    : $"{where}: {PlanText.Desktop(host, ready.Plan)}",
                Theme.Warn),
            PlanResult.Blocked blocked => new Label($"{where}: refused. {blocked.Obstacles[0].Problem}", Theme.Bad),
            _ => "nothing to do",
        };
    }
}

using System.Collections.Immutable;
using System.CommandLine;
using GpuTty.Cli.Guests;
using GpuTty.Cli.Json;
using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Desktop;
using GpuTty.Planning.Devices;
using GpuTty.Text;

namespace GpuTty.Cli.Commands;

/// <summary><c>gputty status</c>: the machine on one screen, and what to do next.</summary>
internal static class StatusCommand
{
    public static Command Create(CommandContext world)
    {
        var json = Options.Json();
        var command = new Command("status", "Show the cards, who has them, the desktop, the last switch and what the next one would cost")
        {
            json,
        };
        command.SetAction(async (parse, cancel) =>
        {
            var host = await world.ReadAsync(cancel);
            var run = LastRun.Of(world, host);
            var configured = world.Configured();
            var cards = ConfiguredCard.Candidates(host, configured);
            var next = cards.Select(card => NextSwitch.Of(host, card, configured)).ToList();
            var given = GivenCard.Of(world, host);
            if (parse.GetValue(json))
                JsonText.Print(world.Out, StatusDocument.Of(host, run, next, given), context => context.StatusDocument);
            else Print(world.Page, host, run, cards, next, given);
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Print(
        TextPage page,
        HostSnapshot host,
        LastRun run,
        ImmutableArray<Card> cards,
        List<NextSwitch> next,
        IReadOnlyList<GivenCard> given)
    {
        page.Line(new Part(host.HostName, Ink.Strong), $": Linux {host.Kernel}, {Iommu(host)}, {Caller(host.Caller)}");
        page.Line();
        PrintCards(page, host);
        page.Line();
        GivenCard.Print(page, given);
        PrintDesktop(page, host, cards);
        page.Line();
        page.Heading("Last switch");
        page.Line(
            "  ",
            new Part(
                run.State switch { LastRunState.LeftHalfway => "LEFT HALFWAY  ", LastRunState.Running => "RUNNING  ", _ => "" },
                Ink.Warn),
            run.Sentence);
        if (run.NextAction is { } follow) page.Line($"  {follow}");
        page.Line();
        PrintNext(page, host, next, run);
        page.Unknowns(host);
    }

    private static string Iommu(HostSnapshot host) =>
        host.HasIommu ? $"IOMMU on ({Counted.Of(host.Groups.Length, "group")})" : WithoutIommu.InBrief(host);

    private static string Caller(CallerLocation caller) =>
        $"you are {(caller.IsRoot ? "root" : "not root")}{(caller.Vt is { } vt ? $" on tty{vt}" : "")}"
            + $"{(caller.IsInsideDesktop ? " inside the desktop" : "")}";

    private static void PrintCards(TextPage page, HostSnapshot host)
    {
        page.Heading("Cards");
        var cards = Card.FindAll(host);
        if (cards.Length == 0) page.Line("  none");
        foreach (var card in cards)
        {
            page.Line($"  {card.Address.SlotName}  {card.Display.Name}: {OwnerText.Of(card.Owner)}");
            foreach (var line in Table.Lines([.. card.Functions.Select(function => FunctionRow(host, card, function))], indent: 4))
                page.Line(line);
        }
    }

    private static string[] FunctionRow(HostSnapshot host, Card card, PciDevice function) =>
    [
        card.NameOf(function), function.Class.Name, function.Driver ?? "no driver",
        function.IommuGroup is { } group ? $"group {group}" : "no group", string.Join(", ", DeviceMarks.Of(host, function)),
    ];

    private static void PrintDesktop(TextPage page, HostSnapshot host, ImmutableArray<Card> cards)
    {
        page.Heading("Desktop");
        page.Line(host.DisplayManager is { } manager
            ? $"  {manager.Unit.Name} {manager.Unit.ActiveState}{(manager.Vt is { } vt ? $" on tty{vt}" : "")}"
            : OtherService(host) is { } script ? $"  {script}, a service of {host.OtherInit ?? "another init"}"
            : "  no display manager");
        foreach (var session in host.Sessions.Where(session => SeatDesktop.Has(host, session)))
            page.Line($"  {session.Label}{(session.IsGreeter ? " (login screen)" : "")}");
        if (host.HiddenFromSeat.Length > 0)
        {
            var rules = host.HiddenFromSeat.Select(rule =>
                rule.Device.SlotName + (rule.IsPermanent ? " permanently" : " until the next boot"));
            page.Line($"  kept off: {string.Join(", ", rules)}");
        }
        foreach (var card in cards)
        {
            foreach (var meaning in DeviceSettingEffect.For(host, card))
                page.Line("  ", new Part(meaning.Defeats ? "!! " : "", Ink.Warn), $"{card.Address.SlotName}: {meaning.Sentence}");
            foreach (var holder in NodesOutsideSeat.Of(host, card))
                page.Line(
                    "  ",
                    new Part("!! ", Ink.Warn),
                    $"{NodesOutsideSeat.Sentence(holder, card)} See: gputty pin on --card {card.Address.SlotName} --dry-run");
        }
    }

    /// <summary>Without systemd: the init script under which the desktop runs.</summary>
    private static string? OtherService(HostSnapshot host) => host.RunsSystemd != false ? null
        : host.Holders.Where(holder => SeatDesktop.Contains(host, holder) && !holder.IsSeatManager)
            .Select(holder => holder.InitScript).FirstOrDefault(script => script is not null);

    private static void PrintNext(TextPage page, HostSnapshot host, List<NextSwitch> next, LastRun run)
    {
        page.Heading("Next switch");
        if (run.State == LastRunState.Running) page.Line("  WAIT     A switch is running; no other can begin.");
        else if (next.Count == 0 && CardChoice.Find(host, null).Obstacle is { } none) page.Line($"  {none.Problem} {none.Remedy}");
        else foreach (var one in next) PrintOne(page, one);
    }

    private static void PrintOne(TextPage page, NextSwitch next)
    {
        var ink = next.Verdict switch { Verdict.Ready => Ink.Good, Verdict.Review => Ink.Warn, Verdict.Blocked => Ink.Bad, _ => Ink.Plain };
        page.Line("  ", new Part($"{next.Verdict.ToString().ToUpperInvariant(),-7}", ink), $"  {next.Sentence}");
        page.Line($"           {next.NextAction}");
    }
}

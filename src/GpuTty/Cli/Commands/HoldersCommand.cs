using System.CommandLine;
using GpuTty.Cli.Json;
using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Holders;
using GpuTty.Text;

namespace GpuTty.Cli.Commands;

/// <summary><c>gputty holders</c>: who keeps a card busy, through what, and what a switch would do about it.</summary>
internal static class HoldersCommand
{
    public static Command Create(CommandContext world)
    {
        var card = Options.Card(world);
        var json = Options.Json();
        var command = new Command("holders", "Show who keeps a card busy and what a switch would do about it") { card, json };
        command.SetAction(async (parse, cancel) =>
        {
            var host = await world.ReadAsync(cancel);
            var text = parse.GetValue(card);
            var choice = text is null ? null : CardChoice.Find(host, text);
            if (choice?.Obstacle is { } obstacle) return Refusal.Say(world, parse.GetValue(json), host, obstacle);
            var cards = choice?.Card is { } one ? [one] : Card.FindAll(host);
            if (parse.GetValue(json)) JsonText.Print(world.Out, HoldersDocument.Of(host, cards), context => context.HoldersDocument);
            else Print(world.Page, host, cards);
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Print(TextPage page, HostSnapshot host, IReadOnlyList<Card> cards)
    {
        if (cards.Count == 0) page.Line("This machine has no graphics card that Linux can see.");
        foreach (var card in cards) PrintCard(page, host, card);
        page.Unknowns(host);
    }

    private static void PrintCard(TextPage page, HostSnapshot host, Card card)
    {
        var treatments = HolderPlan.For(host, card).Actions;
        page.Heading($"{card}: {(treatments.Length == 0 ? "not held" : Counted.Of(treatments.Length, "holder"))}");
        foreach (var group in treatments
            .GroupBy(treated => treated.Holder.PlaceIn(host))
            .OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            page.Line($"  {group.Key}");
            foreach (var line in Table.Lines([.. group.Select(treated => Row(host, treated))], indent: 4)) page.Line(line);
        }
        foreach (var account in CardModules.Accounts(host, card))
        {
            page.Line("  ", new Part(account.Sentence(host), account.Unexplained > 0 ? Ink.Warn : Ink.Plain));
            foreach (var reason in account.Explained) page.Line($"    {reason.Count} {reason.Why}");
        }
    }

    private static string[] Row(HostSnapshot host, HolderAction treated) =>
    [
        treated.Holder.Label, treated.Holder.Owner,
        string.Join(" ", treated.Nodes.GroupBy(node => node.ShortPlace).Select(Node)), What(host, treated),
    ];

    /// <summary>What a switch does about it, and what that needs.</summary>
    private static string What(HostSnapshot host, HolderAction treated) => treated.Kind switch
    {
        HolderActionKind.EndProcess => $"{treated.Reason}, asked to end {Consent}",
        HolderActionKind.StopUnit when treated.IsLeftOver => $"{treated.Reason}; {Consent} or --end-sessions",
        HolderActionKind.StopUnit => $"{treated.Reason}; {Consent}",
        HolderActionKind.StopContainer when treated.Command is { IsOurs: true } command =>
            $"in {treated.Holder.MachineCalled(treated.Guest)}: gputty stops the container ({command}), {Consent}",
        HolderActionKind.EndsWithDesktop when host.RunsSystemd == false => "you end it with the desktop",
        _ => treated.Reason,
    };

    private const string Consent = "only with --end-holders term";

    /// <summary><c>card1 (mapped)</c>: a map without a descriptor is easily missed.</summary>
    private static string Node(IGrouping<string, HeldNode> node) =>
        $"{node.Key}{(node.All(way => way.IsMapping) ? " (mapped)" : "")}";
}

using System.CommandLine;
using GpuTty.Cli.Json;
using GpuTty.Host;
using GpuTty.Planning;

namespace GpuTty.Cli;

/// <summary><c>gputty keep-off on|off|status</c>: whether desktops may open a card. With the rule on, a switch closes nothing.</summary>
internal static class KeepOffCommand
{
    public static Command Create(World world)
    {
        var what = new Argument<string>("what") { Description = "Keep the desktop off, let it on again, or tell which it is", HelpName = "on|off|status" };
        what.AcceptOnlyFromAmong("on", "off", "status");
        var permanent = new Option<bool>("--permanent") { Description = "Keep it off across restarts of the machine, not only until the next one" };
        var card = Options.Card(world);
        Option<bool> yes = Options.Yes(), dryRun = Options.DryRun(), json = Options.Json(), endSessions = Options.EndSessions();
        endSessions.Description = "Restart the desktop now, closing its sessions, so that it lets go of the card at once";
        var command = new Command("keep-off", "Keep the desktop off a card, so that it can be switched without a logout")
        {
            what, card, permanent, dryRun, yes, endSessions, json,
        };
        command.SetAction(async (parse, cancel) =>
        {
            var verb = parse.GetRequiredValue(what);
            if (verb == "status") return Status(world, await world.ReadAsync(cancel), parse.GetValue(json));
            var run = new SwitchRun(world, new Manner(parse.GetValue(yes), parse.GetValue(dryRun), parse.GetValue(json)));
            if (run.Forbidden() is { } code) return code;
            var host = await world.ReadAsync(cancel);
            var choice = CardChoice.Find(host, parse.GetValue(card));
            if (choice.Obstacle is { } obstacle) return run.Refuse([obstacle]);
            return await run.RunAsync(host, new SwitchIntent(choice.Card!.Address, verb == "on" ? Direction.KeepOff : Direction.LetOn, parse.GetValue(endSessions))
            {
                Desktop = parse.GetValue(permanent) ? DesktopUse.KeptOffForGood : DesktopUse.AsItIs,
            }, cancel);
        });
        return command;
    }

    private static int Status(World world, HostSnapshot host, bool json)
    {
        var cards = Card.FindAll(host);
        if (json)
        {
            JsonText.Print(world.Out, new KeepOffDocument(JsonText.Schema, [.. cards.Select(card => KeepOffFields.Of(host, card))]), context => context.KeepOffDocument);
            return ExitCodes.Done;
        }
        foreach (var line in Table.Lines([.. cards.Select(card => (string[])[card.Address.SlotName, card.Display.Name, Sentence(host, card)])])) world.Page.Line(line);
        return ExitCodes.Done;
    }

    private static string Sentence(HostSnapshot host, Card card)
    {
        var rules = host.KeptOff.Where(rule => rule.Matches(card.Display)).ToList();
        if (rules.Count == 0) return "the desktop may use it";
        var holders = card.HoldersIn(host).Where(holder => HolderTreatment.Of(holder, host).Treatment == Treatment.EndsWithDesktop).ToList();
        return $"kept off {(rules.Any(rule => rule.IsPermanent) ? "for good" : "until the next restart")}"
            + (holders.Count > 0 ? $"; {holders[0].Label} still has it open, until the desktop starts anew" : "");
    }
}

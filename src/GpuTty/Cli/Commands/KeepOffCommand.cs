using System.CommandLine;
using GpuTty.Cli.Json;
using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Holders;

namespace GpuTty.Cli.Commands;

/// <summary><c>gputty keep-off on|off|status</c>: whether desktops may open a card. With the rule on, a switch closes nothing.</summary>
internal static class KeepOffCommand
{
    public static Command Create(CommandContext world)
    {
        var endSessions = Options.EndSessions();
        endSessions.Description = "Restart the desktop now, closing its sessions, so that it lets go of the card at once";
        return new OnOffCommand((host, json) => Status(world, host, json)).Create(
            world, "keep-off", "Keep the desktop off a card, so that it can be switched without a logout",
            "Keep the desktop off the card, allow it again, or show the current setting", Options.Permanent().Description!, endSessions);
    }

    private static void Status(CommandContext world, HostSnapshot host, bool json)
    {
        var cards = Card.FindAll(host);
        if (json)
        {
            JsonText.Print(world.Out, KeepOffDocument.Of(host), context => context.KeepOffDocument);
            return;
        }
        if (cards.IsEmpty) world.Remarks.Line(new Planning.Checks.Obstacle.NoCard().Problem);
        foreach (var line in Table.Lines([.. cards.Select(card =>
            (string[])[card.Address.SlotName, card.Display.Name, Sentence(host, card)])]))
            world.Page.Line(line);
    }

    private static string Sentence(HostSnapshot host, Card card)
    {
        var rules = host.HiddenFromSeat.Where(rule => rule.Matches(card.Display)).ToList();
        if (rules.Count == 0) return "the desktop may use it";
        var holders = HolderPlan.For(host, card, []).Actions.Where(treated => treated.Kind == HolderActionKind.EndsWithDesktop).ToList();
        return $"kept off {(rules.Any(rule => rule.IsPermanent) ? "permanently" : "until the next reboot")}"
            + (holders.Count > 0 ? $"; {holders[0].Holder.Label} still has it open, until the desktop starts anew" : "");
    }
}

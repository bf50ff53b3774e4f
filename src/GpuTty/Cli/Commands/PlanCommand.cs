using System.CommandLine;
using GpuTty.Cli.Json;
using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Planning.Plans;

namespace GpuTty.Cli.Commands;

/// <summary><c>gputty plan vm|host</c>: every step in words and as the exact write or command, before anything is touched.</summary>
internal static class PlanCommand
{
    public static Command Create(CommandContext world)
    {
        var intents = new IntentOptions(world);
        var json = Options.Json();
        var command = new Command("plan", "Show every step of a switch, what it costs, or what stands in the way; changes nothing")
        {
            intents.Direction, intents.Card, intents.EndSessions, intents.EndHolders, intents.HideFromSeat, intents.Permanent,
            intents.For, intents.ConfirmWithin, intents.SingleGpu, intents.Reset, intents.SaveRom, json,
        };
        intents.RefuseContradictions(command);
        command.SetAction(async (parse, cancel) =>
        {
            var host = await world.ReadAsync(cancel, SnapshotSections.Programs);
            var choice = world.Choose(host, parse.GetValue(intents.Card));
            if (choice.Obstacle is { } obstacle) return Refusal.Say(world, parse.GetValue(json), host, obstacle);
            // As a person at a terminal would run it: who may lose the console is asked afterwards.
            var wanted = world.WithGuestSettings(IntentLine.Parse(parse, choice.Card!.Address, world.Configured().Usable()));
            host = await world.Reader().WithNeedsOfAsync(wanted, host, cancel);
            var intent = wanted.AskedOf(host);
            return Print(world, parse.GetValue(json), host, intent, SwitchPlanner.Plan(host, intent));
        });
        return command;
    }

    /// <returns>The exit code: what a switch would be refused for, a plan is refused for.</returns>
    /// <param name="yes">Nobody would be asked: the command that is printed says so as well.</param>
    /// <param name="command">What does it; null for the command that the intent means.</param>
    public static int Print(
        CommandContext world,
        bool json,
        HostSnapshot host,
        SwitchIntent intent,
        PlanResult result,
        bool yes = false,
        string? command = null)
    {
        if (json) JsonText.Print(world.Out, PlanDocument.Of(host, intent, result), context => context.PlanDocument);
        switch (result)
        {
            case PlanResult.Ready ready when !json:
                PlanPrinter.Print(world.Page, host, ready.Plan);
                world.Page.Line();
                command ??= IntentLine.Print(host, NeededConsents.Of(host, intent), world.Configured());
                world.Page.Line($"Nothing has been changed. Do it: {command}{(yes ? " --yes" : "")}");
                break;
            case PlanResult.AlreadyThere there when !json:
                world.Page.Line(new Part("ok ", Ink.Good), $"{DirectionText.AlreadySo(intent, there.Card)}; nothing to do.");
                break;
            case PlanResult.Blocked blocked:
                return Refusal.Say(world, json: false, host, [.. blocked.Obstacles]);
        }
        return ExitCodes.Done;
    }
}

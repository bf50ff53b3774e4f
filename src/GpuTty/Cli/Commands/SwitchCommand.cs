using System.CommandLine;
using GpuTty.Host;

namespace GpuTty.Cli.Commands;

/// <summary><c>gputty switch vm|host</c>.</summary>
internal static class SwitchCommand
{
    public static Command Create(CommandContext world)
    {
        var intents = new IntentOptions(world);
        Option<bool> yes = Options.Yes(), dryRun = Options.DryRun(), json = Options.Json();
        var command = new Command("switch", "Move a card to a virtual machine or back to the host, and follow it")
        {
            intents.Direction, intents.Card, dryRun, yes, intents.EndSessions, intents.EndHolders, intents.HideFromSeat,
            intents.Permanent, intents.For, intents.ConfirmWithin, intents.SingleGpu, intents.Reset, intents.SaveRom, json,
        };
        intents.RefuseContradictions(command);
        command.SetAction(async (parse, cancel) =>
        {
            var run = new SwitchRun(world, new Manner(parse.GetValue(yes), parse.GetValue(dryRun), parse.GetValue(json)));
            if (run.Forbidden() is { } code) return code;
            if (!parse.GetValue(dryRun)) await world.ClearUp();
            var host = await world.ReadAsync(cancel, SnapshotSections.Programs);
            var choice = world.Choose(host, parse.GetValue(intents.Card));
            return choice.Obstacle is { } obstacle
                ? run.Refuse(host, [obstacle])
                : await run.RunAsync(
                    host, world.WithGuestSettings(IntentLine.Parse(parse, choice.Card!.Address, world.Configured().Usable())), cancel);
        });
        return command;
    }
}

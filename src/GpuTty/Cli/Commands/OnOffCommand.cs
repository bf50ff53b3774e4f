using System.CommandLine;
using GpuTty.Host;
using GpuTty.Host.Pci;

namespace GpuTty.Cli.Commands;

/// <summary>A command <c>on|off|status</c> about what desktops may do with a card: two directions of a plan, and a look.</summary>
/// <param name="Status">Tells what is so, as JSON or in words.</param>
/// <param name="OffIsForAll">Whatever the card, off takes away all that any card got: none has to be named.</param>
internal sealed record OnOffCommand(Action<HostSnapshot, bool> Status, bool OffIsForAll = false)
{
    /// <param name="what">Describes the three words.</param>
    /// <param name="permanently">Describes <c>--permanent</c>.</param>
    /// <param name="endSessions">Null where no session has to end for it.</param>
    public Command Create(
        CommandContext world, string name, string description, string what, string permanently, Option<bool>? endSessions = null)
    {
        var verb = new Argument<string>("on|off|status") { Description = what };
        verb.AcceptOnly("on", "off", "status");
        var permanent = Options.Permanent();
        permanent.Description = permanently;
        var card = Options.Card(world);
        Option<bool> yes = Options.Yes(), dryRun = Options.DryRun(), json = Options.Json();
        var command = new Command(name, description) { verb, card, permanent, dryRun, yes };
        if (endSessions is not null) command.Add(endSessions);
        command.Add(json);
        command.Validators.Add(result =>
        {
            if (result.GetResult(verb)?.Tokens is not [{ Value: "status" }]) return;
            foreach (var option in command.Options.Where(option => option != json && result.GetResult(option) is { Implicit: false }))
                result.AddError($"{option.Name} goes with on and off; status shows all there is.");
        });
        command.SetAction(async (parse, cancel) =>
        {
            if (parse.GetRequiredValue(verb) == "status")
            {
                Status(await world.ReadAsync(cancel), parse.GetValue(json));
                return ExitCodes.Done;
            }
            var run = new SwitchRun(world, new Manner(parse.GetValue(yes), parse.GetValue(dryRun), parse.GetValue(json)));
            if (run.Forbidden() is { } code) return code;
            // Only who may end sessions has to tell what is in them.
            var host = await world.ReadAsync(cancel, endSessions is null ? SnapshotSections.None : SnapshotSections.Programs);
            var choice = world.Choose(host, parse.GetValue(card));
            if (OffIsForAll && choice.Card is null && parse.GetRequiredValue(verb) == "off" && parse.GetValue(card) is null
                && Card.FindAll(host) is [var any, ..]) choice = new(any, null);
            if (choice.Obstacle is { } obstacle) return run.Refuse(host, [obstacle]);
            return await run.RunAsync(host, IntentLine.Parse(parse, choice.Card!.Address, world.Configured().Usable()), cancel);
        });
        return command;
    }
}

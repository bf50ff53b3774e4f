using System.CommandLine;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;

namespace GpuTty.Cli.Commands;

/// <summary><c>gputty clear-override ADDRESS</c>: lets a function of a card take any driver again.</summary>
internal static class ClearOverrideCommand
{
    public static Command Create(CommandContext world)
    {
        var address = new Argument<string>("ADDRESS")
        {
            Description = "The function whose override is in the way, such as 0000:01:00.0",
        };
        address.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && !PciAddress.TryParse(text.Trim(), out _))
                result.AddError($"'{text}' is not the address of a function, such as 0000:01:00.0.");
        });
        Option<bool> yes = Options.Yes(), dryRun = Options.DryRun(), json = Options.Json();
        var command = new Command(
            "clear-override", "Clear the driver override of a card's function where it names another driver than the bound one")
        {
            address,
            dryRun,
            yes,
            json,
        };
        command.SetAction(async (parse, cancel) =>
        {
            var run = new SwitchRun(world, new Manner(parse.GetValue(yes), parse.GetValue(dryRun), parse.GetValue(json)));
            var host = await world.ReadAsync(cancel);
            var intent = IntentLine.Parse(parse, PciAddress.Parse(parse.GetRequiredValue(address).Trim()));
            // Whoever has named a device that is not there is told that first, not how to agree to nothing.
            if (host.Find(intent.Card) is null) return run.Refuse(host, [new Obstacle.NoSuchDevice(intent.Card.ToString())]);
            return run.Forbidden() is { } code ? code : await run.RunAsync(host, intent, cancel);
        });
        return command;
    }
}

using System.CommandLine;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;

namespace GpuTty.Cli.Commands;

/// <summary><c>gputty rescan --card ADDRESS</c>: the last resort for functions of a card that are stuck without a driver.</summary>
internal static class RescanCommand
{
    public static Command Create(CommandContext world)
    {
        var card = Options.Card(world);
        card.Required = true;
        card.Description = "Address of the card, or of any of its functions, such as 0000:01:00.0 or 01:00";
        Option<bool> yes = Options.Yes(), dryRun = Options.DryRun(), json = Options.Json();
        var command = new Command(
            "rescan",
            "Last resort: have the kernel forget the functions of a card that are stuck without a driver, and look for them anew")
        {
            card,
            dryRun,
            yes,
            json,
        };
        command.SetAction(async (parse, cancel) =>
        {
            var run = new SwitchRun(world, new Manner(parse.GetValue(yes), parse.GetValue(dryRun), parse.GetValue(json)));
            if (run.Forbidden() is { } code) return code;
            if (!parse.GetValue(dryRun)) await world.ClearUp();
            var host = await world.ReadAsync(cancel);
            var typed = parse.GetRequiredValue(card)!;
            var choice = CardChoice.Find(host, typed);
            // What the kernel has forgotten is no card of this machine, and can be looked for anyway.
            return choice.Card is { } found ? await run.RunAsync(host, Of(found), cancel)
                : AddressOf(typed) is { } address && host.Find(address) is null
                    ? await run.RunAsync(host, new SwitchIntent(address, Direction.Rescan), cancel)
                    : run.Refuse(host, [choice.Obstacle!]);
        });
        return command;
    }

    private static SwitchIntent Of(Card card) =>
        new((card.Functions.FirstOrDefault(function => function.Driver is null) ?? card.Display).Address, Direction.Rescan);

    private static PciAddress? AddressOf(string text) =>
        PciAddress.TryParse(text.Trim(), out var address) || PciAddress.TryParse($"{text.Trim()}.0", out address) ? address : null;
}

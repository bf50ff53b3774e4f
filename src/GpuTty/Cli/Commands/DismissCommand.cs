using System.CommandLine;
using GpuTty.Planning.Devices;
using GpuTty.Switching;

namespace GpuTty.Cli.Commands;

/// <summary><c>gputty dismiss</c>: an interrupted switch is left as it is, and not offered any more. The machine is not touched.</summary>
internal static class DismissCommand
{
    public static Command Create(CommandContext world)
    {
        var command = new Command("dismiss", "Leave an interrupted switch as it is, and stop offering to resume or to undo it");
        command.SetAction((_, cancel) => DismissAsync(world, cancel));
        return command;
    }

    private static async Task<int> DismissAsync(CommandContext world, CancellationToken cancel)
    {
        if (!world.IsRoot)
        {
            world.Remarks.Problem("Only root can dismiss a switch.", "Run it again with sudo.");
            return ExitCodes.NeedsRoot;
        }
        var host = await world.ReadAsync(cancel);
        var service = world.SwitchService();
        var (unfinished, isRunning) = (service.Unfinished(), service.IsRunning());
        if (InterruptedRun.Of(unfinished, host, isRunning) is not { } recovery)
        {
            // What nothing is left of is not offered, and whoever reads its journal alone (install.sh) takes it for unfinished.
            if (!isRunning)
                foreach (var journal in unfinished)
                    if (RunState.Fold(journal) is { IsUnfinished: true } run)
                        await service.DismissAsync(run.Opening, cancel);
            world.Remarks.Line("No switch was interrupted: there is nothing to dismiss.");
            return ExitCodes.Done;
        }
        await service.DismissAsync(recovery.Run.Opening, cancel);
        var slot = recovery.Run.Opening.Intent.Card.SlotName;
        world.Page.Line(
            $"The interrupted switch of card {slot} is not offered any more. Nothing was changed: "
                + $"the card is {OwnerText.Of(recovery.Now)}.");
        return ExitCodes.Done;
    }
}

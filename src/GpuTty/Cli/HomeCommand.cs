using System.CommandLine;
using GpuTty.Host;
using GpuTty.Planning;

namespace GpuTty.Cli;

/// <summary>
/// <c>gputty home</c>, which GpuTty gives to itself after the machine's only card has gone to a virtual machine: when the machine that
/// used it has ended, the card comes home and the desktop with it. A card that goes home another way ends it.
/// </summary>
internal static class HomeCommand
{
    public const string Name = "home";
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    public static Command Create(World world)
    {
        var card = Options.Card(world);
        var command = new Command(Name) { card };
        command.Hidden = true;
        command.SetAction(async (parse, cancel) =>
            CardChoice.Find(await world.ReadAsync(cancel), parse.GetValue(card)).Card is { } found && await WasLetGoAsync(world.Reader(), found.Address, cancel)
                ? await new SwitchRun(world, new Manner(Yes: true, DryRun: false, Json: false))
                    .RunAsync(await world.ReadAsync(cancel), new SwitchIntent(found.Address, Direction.ToHost, EndSessions: true), cancel)
                : ExitCodes.Done);
        return command;
    }

    /// <returns>True once a virtual machine has had the card and has ended; false when the card is no longer with vfio.</returns>
    private static async Task<bool> WasLetGoAsync(IHostReader reader, PciAddress address, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Look);
        HostSnapshot? host = null;
        var wasUsed = false;
        while (true)
        {
            host = await reader.ReadAsync(Facts.Devices | Facts.Holders, host, cancel);
            if (Host.Card.FindAt(host, address) is not { Owner: Owner.Vfio } card) return false;
            var isUsed = card.HoldersIn(host).Any(holder => holder.Nodes.Any(node => node.Kind == NodeKind.Vfio));
            if (wasUsed && !isUsed) return true;
            wasUsed |= isUsed;
            await timer.WaitForNextTickAsync(cancel);
        }
    }
}

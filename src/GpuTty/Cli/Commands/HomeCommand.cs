using System.CommandLine;
using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;

namespace GpuTty.Cli.Commands;

/// <summary>
/// <c>gputty home</c>, which GpuTty gives to itself after the machine's only card has gone to a virtual machine: when the machine that
/// used it has ended, the card comes home and the desktop with it, however many attempts that takes. A card that goes home another way ends it.
/// </summary>
internal static class HomeCommand
{
    public const string Name = "home";
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(30);

    public static Command Create(World world)
    {
        var card = Options.Card(world);
        var command = new Command(Name) { card };
        command.Hidden = true;
        command.SetAction(async (parse, cancel) =>
            CardChoice.Find(await world.ReadAsync(cancel), parse.GetValue(card)).Card is { } found ? await WatchOverAsync(world, found.Address, cancel) : ExitCodes.Done);
        return command;
    }

    /// <summary>That its machine has ended is known only to who has seen it run: whatever fails is tried again here, by nobody else.</summary>
    private static async Task<int> WatchOverAsync(World world, PciAddress card, CancellationToken cancel)
    {
        if (!await WasLetGoAsync(world.Reader(), card, cancel)) return ExitCodes.Done;
        while (await BringHomeAsync(world, card, cancel) != ExitCodes.Done)
        {
            // The first change is what the attempt itself has left.
            await world.Reader().WaitForChangeAsync(Look, cancel);
            await world.Reader().WaitForChangeAsync(Again, cancel);
        }
        return ExitCodes.Done;
    }

    private static async Task<int> BringHomeAsync(World world, PciAddress card, CancellationToken cancel)
    {
        try
        {
            return await new SwitchRun(world, new Manner(Yes: true, DryRun: false, Json: false))
                .RunAsync(await world.ReadAsync(cancel), new SwitchIntent(card, Direction.ToHost, EndSessions: true), cancel);
        }
        catch (HostException refused)
        {
            world.Remarks.Problem(refused.Message, refused.Remedy);
            return ExitCodes.TakenBack;
        }
    }

    /// <returns>True once a virtual machine has had the card and has ended; false when the card is no longer with vfio.</returns>
    private static async Task<bool> WasLetGoAsync(IHostReader reader, PciAddress address, CancellationToken cancel)
    {
        HostSnapshot? host = null;
        var wasUsed = false;
        while (true)
        {
            host = await reader.ReadAsync(Facts.Devices | Facts.Holders, host, cancel);
            var card = Host.Pci.Card.FindAt(host, address);
            // Who cannot be seen has not gone: bringing the card home under a running machine would hang until that ends.
            if (!host.CannotTell([SnapshotPart.Device(address), SnapshotPart.Holders, SnapshotPart.Nodes]).Any())
            {
                if (card is not { Owner: Owner.Vfio }) return false;
                if (wasUsed && !IsUsed(host, card)) return true;
            }
            wasUsed |= card is not null && IsUsed(host, card);
            await reader.WaitForChangeAsync(Look, cancel);
        }
    }

    private static bool IsUsed(HostSnapshot host, Host.Pci.Card card) =>
        card.HoldersIn(host).Any(holder => holder.Nodes.Any(node => node.Kind == NodeKind.Vfio));
}

using System.CommandLine;
using GpuTty.Cli.Guests;
using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;

namespace GpuTty.Cli.Commands;

/// <summary>
/// <c>gputty home</c>, which GpuTty gives to itself after the machine's only card has gone to a virtual machine: when the machine that
/// used it has ended, the card comes home and the desktop with it, however
/// many attempts that takes. A card that goes home another way ends it.
/// </summary>
internal static class AutoReturnCommand
{
    public const string Name = "home";

    /// <summary>No virtual machine is waited for.</summary>
    private const string AtOnce = "--at-once";
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(30);

    public static Command Create(CommandContext world)
    {
        var card = Options.Card(world);
        var atOnce = new Option<bool>(AtOnce);
        var command = new Command(Name) { card, atOnce };
        command.Hidden = true;
        command.SetAction(async (parse, cancel) =>
            CardChoice.Find(await world.ReadAsync(cancel), parse.GetValue(card)).Card is { } found
                ? await WatchOverAsync(world, found.Address, parse.GetValue(atOnce), cancel)
                : ExitCodes.Done);
        return command;
    }

    /// <summary>That its machine has ended is known only to who has seen it
    /// run: whatever fails is tried again here, by nobody else.</summary>
    private static async Task<int> WatchOverAsync(CommandContext world, PciAddress card, bool atOnce, CancellationToken cancel)
    {
        // Taken now: after hours the program's file may be another one, and it is known by its path from here on.
        _ = world.SwitchService();
        if (!await (atOnce ? IsOnlyAsync(world, card, cancel) : WasLetGoAsync(world, card, cancel))) return ExitCodes.Done;
        while (await BringHomeAsync(world, card, cancel) != ExitCodes.Done)
        {
            // The first change is what the attempt itself has left.
            await world.Reader().WaitForChangeAsync(s_look, cancel);
            await world.Reader().WaitForChangeAsync(s_again, cancel);
        }
        return ExitCodes.Done;
    }

    private static async Task<int> BringHomeAsync(CommandContext world, PciAddress card, CancellationToken cancel)
    {
        try
        {
            return await new SwitchRun(world, new Manner(Yes: true, DryRun: false, Json: false))
                .RunAsync(await world.ReadAsync(cancel), new SwitchIntent(card, Direction.ToHost, EndSessions: true), cancel);
        }
        catch (Exception failed) when (IsToBeTriedAgain(failed, cancel))
        {
            Tell(world, failed);
            return ExitCodes.TakenBack;
        }
    }

    /// <summary>A switch to a virtual machine was killed, and who cleared up after it could not see which cards there are.</summary>
    private static async Task<bool> IsOnlyAsync(CommandContext world, PciAddress address, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                var host = await world.ReadAsync(cancel);
                if (!host.CannotTell([SnapshotPart.Devices]).Any())
                    return Host.Pci.Card.FindAt(host, address) is { } card && SwitchChecks.Others(host, card).IsEmpty;
            }
            catch (Exception failed) when (IsToBeTriedAgain(failed, cancel))
            {
                Tell(world, failed);
            }
            await world.Reader().WaitForChangeAsync(s_again, cancel);
        }
    }

    /// <returns>True once a virtual machine has had the card and has ended; false when the card is no longer with vfio.</returns>
    private static async Task<bool> WasLetGoAsync(CommandContext world, PciAddress address, CancellationToken cancel)
    {
        HostSnapshot? host = null;
        // One that was started again in the middle of it has not seen the machine run, and knows anyway.
        var wasUsed = world.Watch.WasInUse(address);
        using var nodes = new CardNodeWatch(world);
        while (true)
        {
            try
            {
                host = await world.Reader().ReadAsync(SnapshotSections.Devices | SnapshotSections.Holders, host, cancel);
                var card = Host.Pci.Card.FindAt(host, address);
                var isUsed = card is not null && IsUsed(host, card);
                // Who cannot be seen has not gone: bringing the card home under a running machine would hang until that ends.
                if (!host.CannotTell([SnapshotPart.Device(address), SnapshotPart.Holders, SnapshotPart.Nodes]).Any())
                {
                    if (card is not { Owner: Owner.Vfio }) return false;
                    if (wasUsed && !isUsed) return true;
                }
                Note(isUsed);
                // From here on also a machine that comes and goes between two looks is heard of.
                if (card is not null && nodes.Follow(card)) continue;
            }
            catch (Exception failed) when (IsToBeTriedAgain(failed, cancel))
            {
                Tell(world, failed);
            }
            Note(await nodes.WaitAsync(cancel));
        }

        void Note(bool isUsed)
        {
            if (isUsed && !wasUsed) world.Watch.NoteInUse(address);
            wasUsed |= isUsed;
        }
    }

    private static bool IsUsed(HostSnapshot host, Host.Pci.Card card) =>
        card.HoldersIn(host).Any(holder => holder.Nodes.Any(node => node.Kind == NodeKind.Vfio));

    /// <summary>Nobody else brings the only card home: no fault ends this but being told to stop.</summary>
    private static bool IsToBeTriedAgain(Exception failed, CancellationToken cancel) =>
        !(failed is OperationCanceledException && cancel.IsCancellationRequested);

    private static void Tell(CommandContext world, Exception failed) =>
        world.Remarks.Problem(failed.Message, failed is HostException refused ? refused.Remedy : "It is tried again.");
}

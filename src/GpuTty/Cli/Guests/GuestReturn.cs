using GpuTty.Host;
using GpuTty.Host.Guests;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Planning.Guests;
using GpuTty.Planning.Plans;
using GpuTty.Switching;

namespace GpuTty.Cli.Guests;

/// <summary>After a guest has ended: the cards that its start gave away come home, in a process of its own that nobody waits for.</summary>
internal static class GuestReturn
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(2);

    /// <summary>The note of a guest's start; null where that gave nothing away, or where it was another boot's.</summary>
    public static GuestGrant? Find(CommandContext world, string name, GuestDescription? guest) =>
        world.Grants.All().FirstOrDefault(grant => guest is null ? grant.Guest == name : grant.Uuid == GuestIdentity.Of(guest));

    /// <summary>Brings all cards of a note home, once nobody uses them. Ends where another start has taken the note over.</summary>
    /// <param name="token">Of the start that has ended.</param>
    /// <param name="isOwn">Asked by the process itself that the card was given for.</param>
    public static async Task<int> RunAsync(CommandContext world, string token, CancellationToken cancel, bool isOwn = false)
    {
        // Taken now: after hours the program's file may be another one, and it is known by its path from here on.
        _ = world.SwitchService();
        while (true)
        {
            using (var entry = world.Grants.TryEnter())
            {
                if (entry is not null)
                {
                    if (world.Grants.All().FirstOrDefault(grant => grant.Token == token) is not { } grant) return ExitCodes.Done;
                    if ((isOwn || !IsAlive(world, grant))
                        && !world.SwitchService().IsRunning()
                        && await FreeAsync(world, grant, cancel)
                        && await TryAllAsync(world, grant, cancel) is { } code)
                        return code;
                }
            }
            await world.Reader().WaitForChangeAsync(s_look, cancel);
        }
    }

    private static bool IsAlive(CommandContext world, GuestGrant grant) => grant.Pid is { } pid && world.IsAlive(pid, grant.StartTime);

    /// <summary>All cards of a note, or, where they are to stay, only the note.</summary>
    /// <returns>Null where another switch was faster: then it is tried again.</returns>
    private static async Task<int?> TryAllAsync(CommandContext world, GuestGrant grant, CancellationToken cancel)
    {
        if (grant.Stays)
        {
            world.Grants.Delete(grant);
            return ExitCodes.Done;
        }
        var configured = world.ConfiguredForGuests();
        try
        {
            foreach (var card in grant.Cards) grant = await BringHomeAsync(world, configured, grant, card, cancel);
            return grant.Problem is null ? ExitCodes.Done : ExitCodes.Refused;
        }
        catch (AlreadyRunningException)
        {
            return null;
        }
    }

    /// <summary>Takes one card of a note home, and off the note; where that fails the note says why.</summary>
    public static async Task<GuestGrant> BringHomeAsync(
        CommandContext world, Configuration configured, GuestGrant grant, PciAddress address, CancellationToken cancel)
    {
        var host = await world.ReadAsync(cancel, SnapshotSections.Programs);
        var problem = Card.FindAt(host, address) is { } card
            ? await ProblemOfAsync(world, host, Intent(card, grant, configured), cancel)
            : null;
        var after = problem is null ? grant with { Cards = grant.Cards.Remove(address) } : grant with { Problem = problem };
        if (after.Cards.IsEmpty) world.Grants.Delete(after);
        else world.Grants.Write(after);
        if (problem is not null)
            world.Remarks.Problem(
                $"Card {address.SlotName} is not returned to the host: {problem}",
                $"Return it to the host: gputty switch host --card {address.SlotName}");
        return after;
    }

    private static SwitchIntent Intent(Card card, GuestGrant grant, Configuration configured)
    {
        var intent = GuestCards.Intent(card, Direction.ToHost, configured);
        return intent with { EndSessions = intent.EndSessions || grant.EndSessions };
    }

    private static async Task<string?> ProblemOfAsync(
        CommandContext world, HostSnapshot host, SwitchIntent intent, CancellationToken cancel)
    {
        try
        {
            switch (SwitchPlanner.Plan(host, intent))
            {
                case PlanResult.Blocked blocked: return GuestCards.ForHook(blocked.Obstacles[0], intent).Problem;
                case not PlanResult.Ready: return null;
                case PlanResult.Ready ready:
                    await world.SwitchService().BeginAsync(ready.Plan, cancel);
                    await world.SwitchService().FollowAsync(_ => { }, _ => { }, cancel);
                    var run = RunState.Fold(world.SwitchService().LastRun());
                    if (run is not null) return run.Outcome == Outcome.Switched ? null : run.Summary ?? "The switch ended in the middle.";
                    // The only card comes home also where nothing can be written down.
                    return SwitchPlanner.Plan(await world.ReadAsync(cancel, SnapshotSections.Programs), intent) switch
                    {
                        PlanResult.Blocked still => GuestCards.ForHook(still.Obstacles[0], intent).Problem,
                        PlanResult.Ready => $"The worker ended before it changed anything; see {world.LogFile}.",
                        _ => null,
                    };
            }
        }
        catch (HostException refused) when (refused is not AlreadyRunningException)
        {
            return refused.Message;
        }
    }

    /// <summary>Who cannot be seen has not gone: a card that is taken from under a running guest hangs until that ends.</summary>
    private static async Task<bool> FreeAsync(CommandContext world, GuestGrant grant, CancellationToken cancel)
    {
        var host = await world.Reader().ReadAsync(SnapshotSections.Devices | SnapshotSections.Holders, null, cancel);
        return !host.CannotTell([SnapshotPart.Holders, SnapshotPart.Nodes]).Any()
            && grant.Away(host).All(card => !GuestCards.IsInUse(host, card));
    }
}

using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Guests;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Guests;
using GpuTty.Planning.Plans;
using GpuTty.Switching;
using GpuTty.Text;

namespace GpuTty.Cli.Guests;

/// <summary>
/// Before a guest starts: the cards it wants go to it, or its start is refused and everything is
/// as it was. Whoever starts it waits meanwhile and has no deadline of its own, so this has one.
/// </summary>
internal sealed class GuestStart(CommandContext world, Configuration configured, CancellationToken cancel)
{
    /// <summary>How long a switch that was called off at the deadline may go on rolling everything back.</summary>
    private static readonly TimeSpan s_takesBackWithin = TimeSpan.FromSeconds(60);

    private readonly long _began = world.Clock.GetTimestamp();

    private TimeSpan Left => configured.HookTimeout - world.Clock.GetElapsedTime(_began);

    /// <returns>Null when the guest may start; else why not.</returns>
    public async Task<Obstacle?> GiveAsync(GuestDescription guest, bool isNamed)
    {
        // Guests that want no function at all are not even waited for.
        if (guest.Devices.IsEmpty && !isNamed) return null;
        var devices = await world.Reader().ReadAsync(SnapshotSections.Devices, null, cancel);
        if (GuestCards.Of(devices, guest, isNamed, configured, []) is { Cards.IsEmpty: true, Refused.IsEmpty: true }) return null;
        if (configured.Error is { } error) return new Obstacle.NotConfigured(error.Problem, error.Remedy);
        using var entry = await EnterAsync();
        if (entry is null) return Late("another virtual machine's start or end is still at it");
        var host = await world.ReadAsync(cancel, SnapshotSections.Programs);
        var wanted = GuestCards.Of(host, guest, isNamed, configured, world.Grants.All());
        if (!wanted.Refused.IsEmpty) return wanted.Refused[0];
        return await GiveAllAsync(GrantOf(guest, host), wanted.Cards);
    }

    /// <summary>Cards that were given to the same guest before belong to this start
    /// too: whatever was going to take them home has been too late.</summary>
    private GuestGrant GrantOf(GuestDescription guest, HostSnapshot host)
    {
        var identity = GuestIdentity.Of(guest);
        var before = world.Grants.All().FirstOrDefault(grant => grant.Uuid == identity)?.Away(host).Select(card => card.Address) ?? [];
        var grant = new GuestGrant(host.BootId, guest.Name, identity, [.. before], Guid.NewGuid().ToString("N"), world.Clock.GetUtcNow());
        if (!grant.Cards.IsEmpty) world.Grants.Write(grant);
        return grant;
    }

    private async Task<Obstacle?> GiveAllAsync(GuestGrant grant, ImmutableArray<Card> cards)
    {
        var given = new List<Card>();
        foreach (var card in cards)
        {
            var (refused, after) = await GiveAsync(grant, card);
            if (refused is null)
            {
                if (after.Cards.Length > grant.Cards.Length) given.Add(card);
                grant = after;
                continue;
            }
            // One start, one result: what it has already got goes back.
            foreach (var back in given) grant = await GuestReturn.BringHomeAsync(world, configured, grant, back.Address, cancel);
            return refused;
        }
        return null;
    }

    private async Task<(Obstacle? Refused, GuestGrant Grant)> GiveAsync(GuestGrant grant, Card card)
    {
        var service = world.SwitchService();
        while (service.IsRunning())
        {
            if (Left <= TimeSpan.Zero) return (Late("another switch is still running"), grant);
            await world.Reader().WaitForChangeAsync(TimeSpan.FromMilliseconds(500), cancel);
        }
        var intent = world.WithGuestSettings(GuestCards.Intent(card, Direction.ToVm, configured), configured);
        var host = await world.ReadAsync(cancel, SnapshotSections.Programs | intent.Needs);
        switch (SwitchPlanner.Plan(host, intent))
        {
            case PlanResult.Blocked blocked: return (GuestCards.ForHook(blocked.Obstacles[0], intent), grant);
            case not PlanResult.Ready: return (null, grant);
            case PlanResult.Ready ready:
                var noted = grant with { Cards = [.. grant.Cards, card.Address] };
                // Before the switch: whoever is killed from now on has left a note of what it is for.
                world.Grants.Write(noted);
                return await SwitchAsync(ready.Plan) is not { } failed ? (null, noted)
                    : failed is Obstacle.StartLeftHalfway ? (failed, noted)
                    : (failed, Withdraw(grant));
        }
    }

    private GuestGrant Withdraw(GuestGrant grant)
    {
        if (grant.Cards.IsEmpty) world.Grants.Delete(grant);
        else world.Grants.Write(grant);
        return grant;
    }

    /// <returns>Null when every step was seen to happen.</returns>
    private async Task<Obstacle?> SwitchAsync(SwitchPlan plan)
    {
        var service = world.SwitchService();
        try
        {
            await service.BeginAsync(plan, cancel);
        }
        catch (HostException refused)
        {
            return new Obstacle.StartFailed(refused.Message, refused.Remedy);
        }
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var follow = service.FollowAsync(_ => { }, _ => { }, end.Token);
        var isLate = !await EndsWithinAsync(follow, Left);
        if (isLate)
        {
            await service.TakeBackAsync(cancel);
            if (!await EndsWithinAsync(follow, s_takesBackWithin))
            {
                await end.CancelAsync();
                return new Obstacle.StartLeftHalfway(
                    $"The card was not there within {Counted.Seconds(configured.HookTimeout)}, and rolling back takes long.",
                    "Follow it: gputty follow");
            }
        }
        await follow;
        var run = RunState.Fold(service.LastRun());
        return run switch
        {
            { Outcome: Outcome.Switched } => null,
            { Outcome: Outcome.TakenBack or Outcome.Refused } when isLate => Late("everything has been rolled back"),
            { Outcome: Outcome.TakenBack or Outcome.Refused } =>
                new Obstacle.StartFailed(
                    run.Summary ?? "The card could not be given, and everything has been rolled back.",
                    $"See why: {world.LogFile}"),
            null => new Obstacle.StartFailed("The worker ended before it changed anything.", $"See why: {world.LogFile}"),
            _ => new Obstacle.StartLeftHalfway(run.Summary ?? "The switch ended in the middle.", "Look at it: gputty status"),
        };
    }

    private async Task<bool> EndsWithinAsync(Task task, TimeSpan time)
    {
        try
        {
            await task.WaitAsync(time > TimeSpan.Zero ? time : TimeSpan.Zero, world.Clock, cancel);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task<IDisposable?> EnterAsync()
    {
        while (true)
        {
            if (world.Grants.TryEnter() is { } entry) return entry;
            if (Left <= TimeSpan.Zero) return null;
            await world.Reader().WaitForChangeAsync(TimeSpan.FromMilliseconds(200), cancel);
        }
    }

    private Obstacle.StartFailed Late(string why) =>
        new(
            $"The card was not there within {Counted.Seconds(configured.HookTimeout)}: {why}.",
            "Try again, or allow more: HOOK_TIMEOUT in /etc/gputty.conf");
}

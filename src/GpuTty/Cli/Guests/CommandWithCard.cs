using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Host.Guests;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Guests;
using GpuTty.Planning.Plans;

namespace GpuTty.Cli.Guests;

/// <summary>
/// <c>gputty run</c>: the card goes to a command, and comes home whatever way that ends, unless it is configured to stay. Another
/// process stands by, in case this one is killed: it does then what this one would have done, once nobody uses the card.
/// </summary>
internal sealed class CommandWithCard(CommandContext world, IReadOnlyList<string> command, string? user)
{
    /// <returns>The command's exit code; an exit code of gputty's where it was not started.</returns>
    public async Task<int> RunAsync(HostSnapshot host, Card card, SwitchIntent intent, CancellationToken cancel)
    {
        var name = $"gputty run ({Environment.ProcessId})";
        var token = Guid.NewGuid().ToString("N");
        if (GuestCards.Against(host, GuestIdentity.Of(token), card, world.Grants.All()) is { Length: > 0 } against)
            return Refusal.Say(world, json: false, host, against);
        switch (SwitchPlanner.Plan(host, intent))
        {
            case PlanResult.Blocked blocked:
                return Refusal.Say(
                    world,
                    json: false,
                    host,
                    [.. blocked.Obstacles.Select(obstacle =>
                        obstacle is Obstacle.OnlyCard ? GuestCards.ForHook(obstacle, intent) : obstacle)]);
            // Who may open its node is all that changes.
            case PlanResult.Ready when card.Functions.All(function => function.IsOnVfio):
                if (await SwitchAsync(host, intent, cancel) is not ExitCodes.Done and var failed) return failed;
                break;
            case PlanResult.Ready:
                var (pid, start) = world.Self();
                var grant = new GuestGrant(host.BootId, name, GuestIdentity.Of(token), [card.Address], token, world.Clock.GetUtcNow())
                {
                    Pid = pid,
                    StartTime = start,
                    EndSessions = intent.EndSessions,
                    Stays = world.Configured()[ConfigurationKey.AfterVm] == "keep",
                };
                if (await GiveAsync(host, intent, grant, cancel) is { } code) return code;
                break;
        }
        var status = await world.RunForeground(command, user);
        // A card that was away before is no matter of ours.
        if (world.Grants.All().FirstOrDefault(grant => grant.Token == token) is { } given)
        {
            if (given.Stays) world.Grants.Delete(given);
            else await GuestReturn.RunAsync(world, token, cancel, isOwn: true);
        }
        return status;
    }

    /// <returns>Null when the card is there; else the exit code.</returns>
    private async Task<int?> GiveAsync(HostSnapshot host, SwitchIntent intent, GuestGrant grant, CancellationToken cancel)
    {
        using var entry = world.Grants.TryEnter();
        if (entry is null)
        {
            world.Remarks.Problem("A virtual machine is being started or ended, and the card with it.", "Try again in a moment.");
            return ExitCodes.AnotherSwitch;
        }
        world.Grants.Write(grant);
        try
        {
            await world.StartBeside($"gputty-return-{grant.Token}.service", ["hook", "return", grant.Token]);
        }
        catch (HostException failed) when (!grant.Stays)
        {
            world.Grants.Delete(grant);
            world.Remarks.Problem($"The card would not be returned to the host if this were killed: {failed.Message}", failed.Remedy);
            return ExitCodes.Refused;
        }
        catch (HostException)
        {
            // Only the note would be left.
        }
        var code = await SwitchAsync(host, intent, cancel);
        if (code == ExitCodes.Done) return null;
        // What was left halfway is brought home by the one that stands by.
        if (code != ExitCodes.LeftHalfway) world.Grants.Delete(grant);
        else if (grant.Stays) world.Grants.Write(grant with { Stays = false });
        return code;
    }

    /// <summary>Standard output belongs to the command.</summary>
    private Task<int> SwitchAsync(HostSnapshot host, SwitchIntent intent, CancellationToken cancel) =>
        new SwitchRun(world with { Out = world.Error }, new Manner(Yes: true, DryRun: false, Json: false)).RunAsync(host, intent, cancel);
}

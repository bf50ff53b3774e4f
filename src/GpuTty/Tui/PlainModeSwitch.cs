using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Text;

namespace GpuTty.Tui;

/// <content>From a request to a plan that was confirmed.</content>
internal sealed partial class PlainMode
{
    /// <returns>True where it was run.</returns>
    private async Task<bool> SwitchAsync(SwitchIntent intent, HostSnapshot host, CancellationToken cancel)
    {
        if (await PlanAsync(intent, host) is not { } plan) return false;
        Tell(plan, withCommands: false);
        foreach (var loss in plan.Consequences) Say($"You lose: {loss}");
        if (host.RunsSystemd == false) Say(SwitchChecks.NobodyClearsUp);
        if (plan.Risk == Risk.MayLoseConsole) Say("This card draws the text consoles: this screen may go dark.");
        if (!host.Caller.IsRoot)
        {
            Say("Only root may move a card: quit and start gputty with sudo.");
            return false;
        }
        if (!await IsConfirmedAsync(plan))
        {
            Say(Unchanged);
            return false;
        }
        await service.BeginAsync(plan, cancel);
        await FollowAsync(cancel);
        return true;
    }

    private Task<bool> IsConfirmedAsync(SwitchPlan plan)
    {
        var wanted = plan.Risk == Risk.MayLoseConsole ? plan.Intent.Card.SlotName : "yes";
        return IsYesAsync($"{plan.Intent.Question()} Type {wanted} to do it, c for the exact commands", wanted, plan);
    }

    private void Tell(SwitchPlan plan, bool withCommands)
    {
        foreach (var (step, index) in plan.Steps.Select((step, index) => (step, index)))
        {
            Say($"{index + 1}. {step.Describe()}{(plan.Irreversible.Contains(step) ? " (cannot be undone)" : "")}{AtMost(step.Limit())}");
            if (withCommands) foreach (var line in Screens.StepCommands.Of(step)) Say($"   {line.Text}");
        }
    }

    private static string AtMost(TimeSpan limit) => limit > TimeSpan.FromSeconds(10) ? $", at most {Counted.Seconds(limit)}" : "";

    /// <summary>A card that comes home under a desktop: the user says once a boot what it is for; null when nothing is said.</summary>
    private async Task<SwitchIntent?> ForAsync(SwitchIntent intent, HostSnapshot host, bool isNewRequest)
    {
        if (!isNewRequest || !RequiredConsents.LacksUse(host, intent) || !RequiredConsents.For(host, intent).Refused.IsEmpty) return intent;
        return await AskAsync(
            "What is the card for on the host? compute (the desktop stays off it) or monitors (the desktop may use it)") switch
        {
            "compute" => intent with { Desktop = DesktopAccess.HiddenFromSeat },
            "monitors" => intent with { Desktop = DesktopAccess.Allowed },
            _ => WithoutChange(),
        };
    }

    private SwitchIntent? WithoutChange()
    {
        Say(Unchanged);
        return null;
    }

    /// <summary>Asks for each consent that the plan wants; null when it is refused, or the user does.</summary>
    private async Task<SwitchPlan?> PlanAsync(SwitchIntent intent, HostSnapshot host)
    {
        while (true)
        {
            switch (SwitchPlanner.Plan(host, intent.AskedOf(host)))
            {
                case PlanResult.Ready ready: return ready.Plan;
                case PlanResult.AlreadyThere there:
                    Say($"{DirectionText.AlreadySo(intent, there.Card)}; nothing to do.");
                    return null;
                case PlanResult.Blocked { Obstacles: var obstacles }:
                    foreach (var obstacle in obstacles) Refuse(obstacle);
                    if (RequiredConsents.For(host, intent) is { Refused.IsEmpty: true, OnlyCard: false }
                        && await AgreeAsync(intent, obstacles) is { } agreed)
                    {
                        intent = agreed;
                        continue;
                    }
                    return null;
            }
        }
    }

    /// <summary>A letter is neither.</summary>
    /// <param name="plan">What it is about, for who asks for its commands.</param>
    private async Task<bool> IsYesAsync(string question, string wanted = "yes", SwitchPlan? plan = null)
    {
        while (true)
        {
            var answer = await AskAnewAsync(question);
            if (answer == "c" && plan is not null) Tell(plan, withCommands: true);
            else if (answer is "y" or "Y" && wanted == "yes") Say("A letter is not enough for this: type the whole word yes, or no.");
            else return answer == wanted;
        }
    }

    private async Task<SwitchIntent?> AgreeAsync(SwitchIntent intent, IEnumerable<Obstacle> obstacles)
    {
        if (obstacles.Any(obstacle => obstacle is Obstacle.SessionsWouldEnd))
            return await IsYesAsync("Save your work. Close these sessions? yes or no")
                ? intent with { EndSessions = true }
                : WithoutChange();
        return await AskAnewAsync("End these programs? ask, force or no") switch
        {
            "ask" => intent with { EndHolders = HolderConsent.Terminate },
            "force" => intent with { EndHolders = HolderConsent.Kill },
            _ => WithoutChange(),
        };
    }
}

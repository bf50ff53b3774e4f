using System.Collections.Immutable;
using GpuTty.Cli.Commands;
using GpuTty.Cli.Json;
using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Switching;

namespace GpuTty.Cli;

/// <summary>How a switch was asked for.</summary>
internal sealed record Manner(bool Yes, bool DryRun, bool Json);

/// <summary>From an intent to a run: look, plan, show, confirm, hand in,
/// follow. A dry run ends after the showing and writes nothing.</summary>
internal sealed class SwitchRun(CommandContext world, Manner manner)
{
    private readonly ISwitchService _desk = world.SwitchService();

    /// <summary>Everything that forbids a start whatever the plan; null when nothing does.</summary>
    public int? Forbidden()
    {
        if (manner.DryRun) return null;
        if (!manner.Yes && manner.Json)
            return Say(CommandOutcome.UsageError, "--json cannot prompt.", "Add --yes, or --dry-run to see the plan.");
        if (!manner.Yes && !world.IsTerminal)
            return Say(CommandOutcome.UsageError, "There is no terminal to ask on.", "Add --yes to agree, or --dry-run to see the plan.");
        if (!world.IsRoot)
            return Say(
                CommandOutcome.NeedsRoot,
                "Only root can switch a card.",
                "Run it again with sudo; plan and --dry-run need no root.");
        return _desk.IsRunning() ? AnotherIsRunning() : null;
    }

    public async Task<int> RunAsync(HostSnapshot host, SwitchIntent intent, CancellationToken cancel)
    {
        host = await world.Reader().WithNeedsOfAsync(intent, host, cancel);
        // Nobody who has said --yes can be counted on to answer later.
        if (!manner.Yes) intent = intent.AskedOf(host);
        var result = SwitchPlanner.Plan(host, intent);
        if (manner.DryRun) return PlanCommand.Print(world, manner.Json, host, intent, result, manner.Yes);
        return result switch
        {
            PlanResult.Blocked blocked => Refuse(host, blocked.Obstacles),
            PlanResult.Ready ready when manner.Yes || Confirm(host, ready.Plan) => await BeginAsync(host, ready.Plan, cancel),
            PlanResult.Ready => Say(CommandOutcome.Refused, "Cancelled. Nothing was changed.", "The card is where it was."),
            _ => AlreadyThere(host, intent, result),
        };
    }

    public int Refuse(HostSnapshot host, ImmutableArray<Obstacle> obstacles)
    {
        if (!manner.Json || manner.DryRun) return Refusal.Say(world, manner.Json, host, [.. obstacles]);
        PrintResult(RunDocument.Result(CommandOutcome.Refused) with
        {
            Obstacles = [.. obstacles.Select(ObstacleFields.Of)],
            Unknowns = UnknownFields.Of(host),
        });
        return Refusal.Say(world, json: false, host, [.. obstacles]);
    }

    private int AlreadyThere(HostSnapshot host, SwitchIntent intent, PlanResult result)
    {
        if (!manner.Json) return PlanCommand.Print(world, json: false, host, intent, result);
        PrintResult(RunDocument.Result(CommandOutcome.NothingToDo) with { Unknowns = UnknownFields.Of(host) });
        return ExitCodes.Done;
    }

    private async Task<int> BeginAsync(HostSnapshot host, SwitchPlan plan, CancellationToken cancel)
    {
        using var calledOff = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            using (world.OnInterrupt(calledOff.Cancel))
                await _desk.BeginAsync(plan, calledOff.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            world.Remarks.Line("Cancelled. Nothing was changed.");
            return ExitCodes.Interrupted;
        }
        catch (AlreadyRunningException)
        {
            return AnotherIsRunning();
        }
        catch (HostException refusal)
        {
            return Say(CommandOutcome.Refused, refusal.Message, refusal.Remedy);
        }
        return await new RunPrinter(world, _desk, manner.Json, UnknownFields.Of(host)).FollowAsync(cancel);
    }

    /// <summary>No is the answer to everything but a yes; where the console may go dark, the card has to be named.</summary>
    private bool Confirm(HostSnapshot host, SwitchPlan plan)
    {
        PlanPrinter.Print(world.Page, host, plan);
        if (host.RunsSystemd == false) world.Page.Line(SwitchChecks.NobodyClearsUp);
        world.Page.Line();
        if (plan.Risk == Risk.MayLoseConsole)
        {
            var slot = plan.Intent.Card.SlotName;
            return Answer($"You may lose this console. To go on, type the card's address ({slot}): ") == slot;
        }
        return Answer("Do this now? [y/N] ")?.ToLowerInvariant() is "y" or "yes";
    }

    /// <summary>What was typed before the question was there is no answer to it.</summary>
    private string? Answer(string question)
    {
        world.ForgetTyped();
        world.Page.Ask(question);
        return world.In.ReadLine()?.Trim();
    }

    private int AnotherIsRunning()
    {
        var run = RunState.Fold(_desk.LastRun());
        return Say(
            CommandOutcome.AlreadyRunning,
            $"Another switch is running{(run is null ? "" : $": {LastRun.Progress(run)}")}.",
            "Follow it: gputty follow");
    }

    public int Say(CommandOutcome outcome, string problem, string remedy)
    {
        if (manner.Json) PrintResult(RunDocument.Result(outcome) with { Problem = problem, Remedy = remedy });
        world.Remarks.Problem(problem, remedy);
        return ExitCodes.Of(outcome);
    }

    private void PrintResult(RunDocument result) => JsonText.PrintLine(world.Out, result, context => context.RunDocument);
}

using System.CommandLine;
using GpuTty.Cli.Json;
using GpuTty.Switching;

namespace GpuTty.Cli.Commands;

/// <summary><c>gputty confirm</c>: from another console, over ssh or from a script: confirms a pending switch.</summary>
internal static class ConfirmCommand
{
    private const string Kept = "Confirmed: the switch goes on.";
    private static readonly TimeSpan s_heardWithin = TimeSpan.FromSeconds(5);

    public static Command Create(CommandContext world)
    {
        var json = Options.Json();
        var command = new Command("confirm", "Confirm a pending switch; without confirmation it is rolled back") { json };
        command.SetAction((parse, cancel) => ConfirmAsync(world, parse.GetValue(json), cancel));
        return command;
    }

    private static async Task<int> ConfirmAsync(CommandContext world, bool json, CancellationToken cancel)
    {
        if (!world.IsRoot) return Refuse(CommandOutcome.NeedsRoot, "Only root can confirm a switch.", "Run it again with sudo.");
        var service = world.SwitchService();
        if (!service.IsRunning() || RunState.Fold(service.LastRun())?.AwaitedConsent is not { } step)
            return Refuse(CommandOutcome.Refused, "No switch is waiting for confirmation.", "See the current state: gputty status");
        await service.RequestAsync(new RunRequest.Keep(step), cancel);
        switch (await WasHeardAsync(world, service, step, cancel))
        {
            case true:
                if (json) Print(RunDocument.Result(CommandOutcome.Completed) with { Summary = Kept });
                else world.Page.Line(Kept);
                return ExitCodes.Done;
            case false:
                return Refuse(
                    CommandOutcome.RolledBack, "The confirmation came too late: everything is rolled back.", "Follow it: gputty follow");
            case null:
                return Refuse(
                    CommandOutcome.Unknown,
                    "The switch has not answered yet, so it is unknown whether the confirmation was in time.",
                    "Follow it: gputty follow");
        }

        int Refuse(CommandOutcome outcome, string problem, string remedy)
        {
            if (json) Print(RunDocument.Result(outcome) with { Problem = problem, Remedy = remedy });
            world.Remarks.Problem(problem, remedy);
            return ExitCodes.Of(outcome);
        }

        void Print(RunDocument result) => JsonText.PrintLine(world.Out, result, context => context.RunDocument);
    }

    /// <returns>Null where neither was seen in time.</returns>
    private static async Task<bool?> WasHeardAsync(CommandContext world, ISwitchService service, int step, CancellationToken cancel)
    {
        bool? heard = null;
        using var late = new CancellationTokenSource(s_heardWithin, world.Clock);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        try
        {
            await service.FollowAsync(entry =>
            {
                if (entry is RunEvent.Done done && done.Step == step) heard = true;
                else if (entry is RunEvent.TakingBack) heard ??= false;
                if (heard is not null) enough.Cancel();
            }, _ => { }, enough.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // Heard, or no longer to be heard.
        }
        return heard;
    }
}

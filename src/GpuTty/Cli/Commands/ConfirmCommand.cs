using System.CommandLine;
using GpuTty.Steps;
using GpuTty.Switching;

namespace GpuTty.Cli.Commands;

/// <summary><c>gputty confirm</c>: from another console, over ssh or from a script: the switch that waits for a person may stay.</summary>
internal static class ConfirmCommand
{
    private static readonly TimeSpan HeardWithin = TimeSpan.FromSeconds(5);

    public static Command Create(World world)
    {
        var command = new Command("confirm", "Keep a switch that waits for you to say that it may stay; otherwise it is taken back");
        command.SetAction((_, cancel) => ConfirmAsync(world, cancel));
        return command;
    }

    private static async Task<int> ConfirmAsync(World world, CancellationToken cancel)
    {
        if (!world.IsRoot)
        {
            world.Remarks.Problem("Only root can answer for a switch.", "Run it again with sudo.");
            return ExitCodes.NeedsRoot;
        }
        var desk = world.Desk();
        if (!desk.IsRunning() || Waiting(RunState.Fold(desk.LastRun())) is not { } step)
        {
            world.Remarks.Problem("No switch waits for an answer.", "See how things are: gputty status");
            return ExitCodes.Refused;
        }
        await desk.WishAsync(new Wish.Keep(step), cancel);
        if (await WasHeardAsync(desk, step, cancel))
        {
            world.Page.Line("Kept: the switch goes on.");
            return ExitCodes.Done;
        }
        world.Remarks.Problem("The answer came too late: everything is taken back.", "Follow it: gputty follow");
        return ExitCodes.TakenBack;
    }

    /// <summary>The step that waits for a person; null when none does.</summary>
    public static int? Waiting(RunState? run) => run is { IsTakingBack: false, Current: >= 0 } && run.Steps[run.Current].Step is AwaitConsent ? run.Current : null;

    private static async Task<bool> WasHeardAsync(ISwitchDesk desk, int step, CancellationToken cancel)
    {
        var heard = false;
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        enough.CancelAfter(HeardWithin);
        try
        {
            await desk.FollowAsync(entry =>
            {
                heard |= entry is RunEvent.Done done && done.Step == step;
                if (heard || entry is RunEvent.TakingBack) enough.Cancel();
            }, _ => { }, enough.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // Heard, or no longer to be heard.
        }
        return heard;
    }
}

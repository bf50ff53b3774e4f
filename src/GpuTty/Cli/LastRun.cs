using GpuTty.Host;
using GpuTty.Switching;

namespace GpuTty.Cli;

/// <summary>What the journal tells about the last switch, half-done ones above all.</summary>
/// <param name="Code">none, running, half-done, ended, history or unreadable.</param>
internal sealed record LastRun(string Code, string Sentence, string? NextAction = null)
{
    public static LastRun Of(World world, HostSnapshot host)
    {
        try
        {
            var desk = world.Desk();
            if (!desk.IsRunning() && world.JournalProblem() is { } problem)
                return new("unreadable", $"{problem} It is not acted on.", "The cards themselves show where they are; move one with: gputty switch");
            return Of([.. desk.LastRun()], desk.IsRunning(), host);
        }
        catch (HostException unreadable)
        {
            return new("unreadable", unreadable.Message, unreadable.Remedy);
        }
    }

    private static LastRun Of(List<RunEvent> journal, bool isRunning, HostSnapshot host)
    {
        if (RunState.Fold(journal) is not { } run)
            return isRunning ? new("running", "A switch is about to begin.", "Follow it: gputty follow") : new("none", "No switch has run since the machine started.");
        var what = $"Card {run.Opening.Intent.Card.SlotName} {Words.Target(run.Opening.Intent.Direction)}";
        if (isRunning) return new("running", $"{what}: {Progress(run)}.", "Follow it: gputty follow");
        if (run.Opening.BootId != host.BootId)
            return new("history", "No switch has run since the machine started.");
        return Recovery.Of(journal, host, isRunning) is { } recovery ? HalfDone(recovery, what, host) : new("ended", $"{what}: {run.Summary}");
    }

    private static LastRun HalfDone(Recovery recovery, string what, HostSnapshot host) => new("half-done",
        $"{what}: {Ended(recovery.Run)} The card is {Words.Of(recovery.Now)}.",
        $"Take it back: gputty undo (or go on: {NextSwitch.CommandFor("switch", host, recovery.Resume)})");

    private static string Ended(RunState run) => run switch
    {
        { Summary: { } summary } => summary,
        _ => $"interrupted at {Progress(run)}.",
    };

    /// <summary><c>step 3 of 9, Stop lightdm.service</c>.</summary>
    public static string Progress(RunState run)
    {
        var reached = run.Steps.Count(step => step.Status != StepStatus.Waiting);
        var verb = run.IsTakingBack ? "taking everything back from " : "";
        return reached == 0 ? "before its first step" : $"{verb}step {reached} of {run.Steps.Length}, {run.Steps[reached - 1].Step.Describe()}";
    }
}

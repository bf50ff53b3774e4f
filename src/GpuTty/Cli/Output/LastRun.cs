using System.Text.Json.Serialization;
using GpuTty.Host;
using GpuTty.Host.Settings;
using GpuTty.Planning.Devices;
using GpuTty.Planning.Plans;
using GpuTty.Switching;

namespace GpuTty.Cli.Output;

/// <summary>What is known of the last switch.</summary>
internal enum LastRunState
{
    /// <summary>None has run.</summary>
    [JsonStringEnumMemberName("none")] None,
    /// <summary>The last one was before the machine started: only history.</summary>
    [JsonStringEnumMemberName("previous-boot")] PreviousBoot,
    [JsonStringEnumMemberName("running")] Running,
    [JsonStringEnumMemberName("ended")] Ended,
    /// <summary>Interrupted, or not everything could be rolled back.</summary>
    [JsonStringEnumMemberName("left-halfway")] LeftHalfway,
    /// <summary>Its journal cannot be read.</summary>
    [JsonStringEnumMemberName("unreadable")] Unreadable,
}

/// <summary>What the journal tells about the last switch, those left halfway above all.</summary>
internal sealed record LastRun(LastRunState State, string Sentence, string? NextAction = null)
{
    private Outcome? Ending { get; init; }

    /// <summary>True where root may read what this user may not.</summary>
    private bool NeedsRoot { get; init; }

    /// <summary>How it ended, as far as that is known now; null while it runs.</summary>
    public CommandOutcome? Outcome => State switch
    {
        LastRunState.Unreadable when NeedsRoot => CommandOutcome.NeedsRoot,
        LastRunState.None or LastRunState.PreviousBoot => CommandOutcome.NoRun,
        LastRunState.Ended => CommandOutcomes.Of(Ending!.Value),
        LastRunState.LeftHalfway => CommandOutcome.LeftHalfway,
        LastRunState.Unreadable => CommandOutcome.Unknown,
        _ => null,
    };

    public static LastRun Of(CommandContext world, HostSnapshot host)
    {
        try
        {
            var service = world.SwitchService();
            if (!service.IsRunning() && world.JournalProblem() is { } problem)
                return world.IsRoot
                    ? new(
                        LastRunState.Unreadable,
                        $"{problem} It is not acted on.",
                        "The cards themselves show where they are; move one with: gputty switch")
                    : new(
                        LastRunState.Unreadable,
                        problem,
                        "The cards themselves show where they are; to know more, run it again with sudo.")
                    {
                        NeedsRoot = true,
                    };
            var isRunning = service.IsRunning();
            return InterruptedRun.Of(service.Unfinished(), host, isRunning) is { } recovery
                ? HalfDone(recovery, What(recovery.Run), host, world.Configured())
                : Of([.. service.LastRun()], isRunning, host);
        }
        catch (HostException unreadable)
        {
            return new(LastRunState.Unreadable, unreadable.Message, unreadable.Remedy);
        }
    }

    private static LastRun Of(List<RunEvent> journal, bool isRunning, HostSnapshot host)
    {
        if (RunState.Fold(journal) is not { } run)
            return isRunning
                ? new(LastRunState.Running, "A switch is about to begin.", "Follow it: gputty follow")
                : new(LastRunState.None, "No switch has run since the machine started.");
        var what = What(run);
        if (isRunning) return new(LastRunState.Running, $"{what}: {Progress(run)}.", "Follow it: gputty follow");
        if (run.Opening.BootId != host.BootId)
            return new(LastRunState.PreviousBoot, "No switch has run since the machine started.");
        if (run.IsDismissed)
            return new(LastRunState.Ended, $"{what}: it was interrupted, and you left it as it is.")
            {
                Ending = run.Outcome ?? Switching.Outcome.LeftHalfway,
            };
        var isWhole = run.Outcome is not null and not Switching.Outcome.LeftHalfway;
        var outcome = (isWhole ? null : InterruptedRun.EndOf(run, host)) ?? run.Outcome ?? Switching.Outcome.LeftHalfway;
        return new(LastRunState.Ended, $"{what}: {(isWhole ? run.Summary : Since(outcome))}") { Ending = outcome };
    }

    private static string What(RunState run) =>
        $"Card {run.Opening.Intent.Card.SlotName} {DirectionText.Of(run.Opening.Intent.Direction)}";

    /// <summary>Of a run that did not end well and of which nothing is left.</summary>
    private static string Since(Outcome outcome) =>
        "it was interrupted, and "
            + $"{(outcome == Switching.Outcome.Switched ? "everything it wanted is done" : "nothing of it is left to undo")}.";

    private static LastRun HalfDone(InterruptedRun recovery, string what, HostSnapshot host, Configuration configured) => new(
        LastRunState.LeftHalfway,
        $"{what}: {Ended(recovery.Run)} The card is {OwnerText.Of(recovery.Now)}.",
        recovery.Run.Opening.Intent.IsUndo ? $"Finish it: {Typed(host, recovery.Resume, configured)}"
        : $"Undo it: {Typed(host, recovery.TakeBack, configured)} (or resume: {Typed(host, recovery.Resume, configured)}; "
            + "or leave it as it is: gputty dismiss)");

    private static string Typed(HostSnapshot host, SwitchIntent intent, Configuration configured) =>
        IntentLine.Print(host, NeededConsents.Of(host, intent), configured);

    private static string Ended(RunState run) => run switch
    {
        { Summary: { } summary } => summary,
        _ => $"interrupted at {Progress(run)}.",
    };

    /// <summary><c>step 3 of 9, Stop lightdm.service</c>.</summary>
    public static string Progress(RunState run)
    {
        var reached = run.Steps.Count(step => step.Status != StepStatus.Waiting);
        var verb = run.IsTakingBack ? "rolling everything back from " : "";
        return reached == 0
            ? "before its first step"
            : $"{verb}step {reached} of {run.Steps.Length}, {run.Steps[reached - 1].Step.Describe()}";
    }
}

using System.Text.Json.Serialization;
using GpuTty.Planning.Plans;
using GpuTty.Switching;

namespace GpuTty.Cli;

/// <summary>How a command ended, or what a plan has come to: the closed list of gputty(1). Each has one exit code.</summary>
internal enum CommandOutcome
{
    /// <summary>A plan that can be run; nothing has been changed.</summary>
    [JsonStringEnumMemberName("ready")] Ready,
    /// <summary>Every step was seen to happen.</summary>
    [JsonStringEnumMemberName("completed")] Completed,
    /// <summary>It is so already, or there is nothing to undo.</summary>
    [JsonStringEnumMemberName("nothing-to-do")] NothingToDo,
    /// <summary>No switch has run since the machine started.</summary>
    [JsonStringEnumMemberName("no-run")] NoRun,
    [JsonStringEnumMemberName("usage-error")] UsageError,
    [JsonStringEnumMemberName("refused")] Refused,
    /// <summary>The journal of the last switch cannot be read, or a switch has not answered.</summary>
    [JsonStringEnumMemberName("unknown")] Unknown,
    [JsonStringEnumMemberName("rolled-back")] RolledBack,
    [JsonStringEnumMemberName("left-halfway")] LeftHalfway,
    [JsonStringEnumMemberName("needs-root")] NeedsRoot,
    [JsonStringEnumMemberName("already-running")] AlreadyRunning,
}

internal static class CommandOutcomes
{
    public static CommandOutcome Of(Outcome outcome) => outcome switch
    {
        Outcome.Switched => CommandOutcome.Completed,
        Outcome.TakenBack => CommandOutcome.RolledBack,
        Outcome.Refused => CommandOutcome.Refused,
        _ => CommandOutcome.LeftHalfway,
    };

    public static CommandOutcome Of(PlanResult result) => result switch
    {
        PlanResult.Ready => CommandOutcome.Ready,
        PlanResult.AlreadyThere => CommandOutcome.NothingToDo,
        _ => CommandOutcome.Refused,
    };
}

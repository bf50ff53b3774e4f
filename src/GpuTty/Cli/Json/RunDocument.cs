using System.Text.Json.Serialization;
using GpuTty.Cli.Output;
using GpuTty.Switching;

namespace GpuTty.Cli.Json;

/// <summary>A line of `switch --json` and `follow --json`; the last one has the event "result".</summary>
internal sealed record RunDocument(string Event)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public DateTimeOffset? At { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? Step { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Description { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public double? LimitSeconds { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public double? TookSeconds { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? WaitingFor { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Problem { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Remedy { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Outcome { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Summary { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? ExitCode { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public IReadOnlyList<ObstacleFields>? Obstacles { get; init; }

    public static RunDocument Of(RunEvent entry, RunState? run)
    {
        var line = new RunDocument(Name(entry)) { At = entry.At };
        return entry switch
        {
            RunEvent.Opened opened => line with { Description = $"card {opened.Intent.Card} {Words.Target(opened.Intent.Direction)}" },
            RunEvent.Begun begun => line with { Step = begun.Step + 1, Description = Describe(run, begun.Step), LimitSeconds = begun.Limit.TotalSeconds },
            RunEvent.Waiting waiting => line with { Step = waiting.Step + 1, WaitingFor = waiting.For },
            RunEvent.Extended extended => line with { Step = extended.Step + 1, LimitSeconds = extended.Limit.TotalSeconds },
            RunEvent.Inserted inserted => line with { Step = inserted.Step + 1, Description = inserted.What.Describe() },
            RunEvent.Done done => line with { Step = done.Step + 1, TookSeconds = Math.Round(done.Took.TotalSeconds, 3) },
            RunEvent.Failed failed => line with { Step = failed.Step + 1, Problem = failed.Problem, Remedy = failed.Remedy },
            RunEvent.TakingBack back => line with { Problem = back.Why },
            RunEvent.TakenBack taken => line with { Step = taken.Step + 1, Description = Describe(run, taken.Step) },
            RunEvent.NotTakenBack stuck => line with { Step = stuck.Step + 1, Problem = stuck.Problem, Remedy = stuck.Remedy },
            RunEvent.DesktopRestored restored => line with { Summary = restored.Summary },
            RunEvent.Closed closed => line with { Outcome = Words.Of(closed.Outcome), Summary = closed.Summary },
            _ => line,
        };
    }

    private static string? Describe(RunState? run, int step) => run is not null && step >= 0 && step < run.Steps.Length ? run.Steps[step].Step.Describe() : null;

    /// <summary>The journal's own words for its events.</summary>
    private static string Name(RunEvent entry) => entry switch
    {
        RunEvent.Opened => "opened",
        RunEvent.Begun => "begun",
        RunEvent.Waiting => "waiting",
        RunEvent.Extended => "extended",
        RunEvent.Inserted => "inserted",
        RunEvent.Done => "done",
        RunEvent.Failed => "failed",
        RunEvent.TakingBack => "taking-back",
        RunEvent.TakenBack => "taken-back",
        RunEvent.NotTakenBack => "not-taken-back",
        RunEvent.DesktopRestored => "desktop-restored",
        _ => "closed",
    };
}

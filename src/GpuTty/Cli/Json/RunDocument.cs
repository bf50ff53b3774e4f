using System.Text.Json.Serialization;
using GpuTty.Planning.Plans;
using GpuTty.Switching;

namespace GpuTty.Cli.Json;

/// <summary>What a line of a run is about; the last line is the result.</summary>
internal enum LineEvent
{
    [JsonStringEnumMemberName("opened")] Opened,
    [JsonStringEnumMemberName("begun")] Begun,
    [JsonStringEnumMemberName("waiting")] Waiting,
    [JsonStringEnumMemberName("extended")] Extended,
    [JsonStringEnumMemberName("inserted")] Inserted,
    [JsonStringEnumMemberName("done")] Done,
    [JsonStringEnumMemberName("failed")] Failed,
    [JsonStringEnumMemberName("rolling-back")] RollingBack,
    [JsonStringEnumMemberName("rolled-back")] RolledBack,
    [JsonStringEnumMemberName("roll-back-failed")] RollBackFailed,
    [JsonStringEnumMemberName("desktop-restored")] DesktopRestored,
    [JsonStringEnumMemberName("closed")] Closed,
    [JsonStringEnumMemberName("dismissed")] Dismissed,
    [JsonStringEnumMemberName("result")] Result,
}

/// <summary>A line of `switch --json`, `follow --json` and the like. Fields that a line has nothing to say about are left out.</summary>
internal sealed record RunDocument
{
    [JsonPropertyName("schema")]
    public int Schema { get; init; } = JsonText.Schema;

    [JsonPropertyName("event")]
    public required LineEvent Event { get; init; }

    [JsonPropertyName("at"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? At { get; init; }

    [JsonPropertyName("card"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Card { get; init; }

    [JsonPropertyName("direction"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Direction? Direction { get; init; }

    [JsonPropertyName("step"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Step { get; init; }

    [JsonPropertyName("action"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Action { get; init; }

    [JsonPropertyName("description"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Description { get; init; }

    [JsonPropertyName("limit_seconds"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? LimitSeconds { get; init; }

    [JsonPropertyName("took_seconds"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? TookSeconds { get; init; }

    [JsonPropertyName("waiting_for"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? WaitingFor { get; init; }

    [JsonPropertyName("failure_code"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FailureCode? FailureCode { get; init; }

    [JsonPropertyName("problem"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Problem { get; init; }

    [JsonPropertyName("remedy"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Remedy { get; init; }

    [JsonPropertyName("outcome"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CommandOutcome? Outcome { get; init; }

    [JsonPropertyName("exit_code"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ExitCode { get; init; }

    [JsonPropertyName("summary"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Summary { get; init; }

    [JsonPropertyName("obstacles"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ObstacleFields>? Obstacles { get; init; }

    /// <summary>Of the look at the machine that the line comes from; lines of the journal come from none, and are whole.</summary>
    [JsonPropertyName("unknowns")]
    public IReadOnlyList<UnknownFields> Unknowns { get; init; } = [];

    /// <summary>The last line of a command, with its exit code.</summary>
    public static RunDocument Result(CommandOutcome outcome) =>
        new() { Event = LineEvent.Result, Outcome = outcome, ExitCode = ExitCodes.Of(outcome) };

    /// <param name="run">The run with <paramref name="entry"/> already in it.</param>
    public static RunDocument Of(RunEvent entry, RunState? run) => entry switch
    {
        RunEvent.Opened opened => Line(LineEvent.Opened, entry) with
        {
            Card = opened.Intent.Card.ToString(),
            Direction = opened.Intent.Direction,
            Description = $"card {opened.Intent.Card} {DirectionText.Of(opened.Intent.Direction)}",
        },
        RunEvent.Begun begun => OfStep(LineEvent.Begun, entry, run, begun.Step) with { LimitSeconds = begun.Limit.TotalSeconds },
        RunEvent.Waiting waiting => OfStep(LineEvent.Waiting, entry, run, waiting.Step) with { WaitingFor = waiting.For },
        RunEvent.Extended extended =>
            OfStep(LineEvent.Extended, entry, run, extended.Step) with { LimitSeconds = extended.Limit.TotalSeconds },
        RunEvent.Inserted inserted => OfStep(LineEvent.Inserted, entry, run, inserted.Step),
        RunEvent.Done done => OfStep(LineEvent.Done, entry, run, done.Step) with { TookSeconds = Math.Round(done.Took.TotalSeconds, 3) },
        RunEvent.Failed failed => OfStep(LineEvent.Failed, entry, run, failed.Step) with
        {
            FailureCode = failed.Code,
            Problem = failed.Problem,
            Remedy = failed.Remedy,
        },
        RunEvent.TakingBack back => Line(LineEvent.RollingBack, entry) with { FailureCode = back.Code, Problem = back.Why },
        RunEvent.TakenBack taken => OfStep(LineEvent.RolledBack, entry, run, taken.Step),
        RunEvent.NotTakenBack stuck => OfStep(LineEvent.RollBackFailed, entry, run, stuck.Step) with
        {
            FailureCode = stuck.Code,
            Problem = stuck.Problem,
            Remedy = stuck.Remedy,
        },
        RunEvent.DesktopRestored restored => Line(LineEvent.DesktopRestored, entry) with { Summary = restored.Summary },
        RunEvent.Closed closed =>
            Line(LineEvent.Closed, entry) with { Outcome = CommandOutcomes.Of(closed.Outcome), Summary = closed.Summary },
        RunEvent.Dismissed => Line(LineEvent.Dismissed, entry),
        _ => throw new InvalidOperationException($"{entry.GetType().Name} has no line."),
    };

    private static RunDocument Line(LineEvent name, RunEvent entry) => new() { Event = name, At = entry.At };

    private static RunDocument OfStep(LineEvent name, RunEvent entry, RunState? run, int index)
    {
        var step = run is not null && index >= 0 && index < run.Steps.Length ? run.Steps[index].Step : null;
        return Line(name, entry) with { Step = index + 1, Action = step?.Code(), Description = step?.Describe() };
    }
}

using System.Text.Json.Serialization;
using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Planning.Plans;
using GpuTty.Steps;

namespace GpuTty.Cli.Json;

/// <param name="Outcome">ready, nothing-to-do or refused.</param>
/// <param name="DesktopSummary">Null without a plan.</param>
/// <param name="Risk">Null without a plan.</param>
internal sealed record PlanDocument(
    [property: JsonPropertyName("schema")] int Schema,
    [property: JsonPropertyName("outcome")] CommandOutcome Outcome,
    [property: JsonPropertyName("exit_code")] int ExitCode,
    [property: JsonPropertyName("card")] string Card,
    [property: JsonPropertyName("direction")] Direction Direction,
    [property: JsonPropertyName("desktop_impact")] DesktopImpact? DesktopSummary,
    [property: JsonPropertyName("risk")] Risk? Risk,
    [property: JsonPropertyName("steps")] IReadOnlyList<StepFields> Steps,
    [property: JsonPropertyName("consequences")] IReadOnlyList<ConsequenceFields> Consequences,
    [property: JsonPropertyName("obstacles")] IReadOnlyList<ObstacleFields> Obstacles,
    [property: JsonPropertyName("unknowns")] IReadOnlyList<UnknownFields> Unknowns)
{
    public static PlanDocument Of(HostSnapshot host, SwitchIntent intent, PlanResult result)
    {
        var plan = (result as PlanResult.Ready)?.Plan;
        var outcome = CommandOutcomes.Of(result);
        return new(
            JsonText.Schema,
            outcome,
            ExitCodes.Of(outcome),
            intent.Card.ToString(),
            intent.Direction,
            plan?.DesktopImpact,
            plan?.Risk,
            [.. (plan?.Steps ?? []).Select(StepFields.Of)],
            plan is null ? [] : ConsequenceFields.Of(plan),
            [.. result is PlanResult.Blocked blocked ? blocked.Obstacles.Select(ObstacleFields.Of) : []],
            UnknownFields.Of(host));
    }
}

internal sealed record StepFields(
    [property: JsonPropertyName("step")] int Step,
    [property: JsonPropertyName("action")] string Action,
    [property: JsonPropertyName("description")] string Description,
    [property: JsonPropertyName("commands")] IReadOnlyList<string> Commands,
    [property: JsonPropertyName("limit_seconds")] double LimitSeconds,
    [property: JsonPropertyName("irreversible")] bool Irreversible)
{
    public static StepFields Of(Step step, int index) => new(
        index + 1,
        step.Code(),
        step.Describe(),
        PlanPrinter.Commands(step),
        step.Limit().TotalSeconds,
        step.IsIrreversible());
}

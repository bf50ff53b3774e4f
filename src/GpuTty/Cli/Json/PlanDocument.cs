using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Planning.Plans;
using GpuTty.Steps;

namespace GpuTty.Cli.Json;

/// <param name="Result">ready, already-there or refused.</param>
/// <param name="Road">soft, hard, or null without a plan.</param>
/// <param name="Risk">reversible, ends-session, may-lose-console, or null without a plan.</param>
internal sealed record PlanDocument(
    int Schema, string Result, string Card, string Direction, string? Road, string? Risk,
    IReadOnlyList<StepFields> Steps, IReadOnlyList<string> Consequences, IReadOnlyList<ObstacleFields> Obstacles, IReadOnlyList<UnknownFields> Unknowns)
{
    public static PlanDocument Of(HostSnapshot host, SwitchIntent intent, PlanResult result)
    {
        var plan = (result as PlanResult.Ready)?.Plan;
        return new(JsonText.Schema,
            result switch { PlanResult.Ready => "ready", PlanResult.AlreadyThere => "already-there", _ => "refused" },
            intent.Card.ToString(), Words.Of(intent.Direction), plan?.Road.ToString().ToLowerInvariant(), plan is null ? null : Words.Of(plan.Risk),
            [.. (plan?.Steps ?? []).Select(StepFields.Of)], plan?.Consequences ?? [],
            [.. result is PlanResult.Blocked blocked ? blocked.Obstacles.Select(ObstacleFields.Of) : []],
            UnknownFields.Of(host));
    }
}

internal sealed record StepFields(int Step, string Description, IReadOnlyList<string> Commands, double LimitSeconds, bool IsFinal)
{
    public static StepFields Of(Step step, int index) => new(
        index + 1, step.Describe(), PlanText.Commands(step), step.Limit().TotalSeconds, step.Undo() is null && !step.IsHarmless());
}

using System.Text.Json.Serialization;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;

namespace GpuTty.Cli.Json;

internal sealed record ObstacleFields(
    [property: JsonPropertyName("code")] string Code,
    [property: JsonPropertyName("problem")] string Problem,
    [property: JsonPropertyName("remedy")] string Remedy)
{
    public static ObstacleFields Of(Obstacle obstacle) => new(obstacle.Code, obstacle.Problem, obstacle.Remedy);
}

internal sealed record ConsequenceFields(
    [property: JsonPropertyName("code")] ConsequenceCode? Code,
    [property: JsonPropertyName("text")] string Text)
{
    public static IReadOnlyList<ConsequenceFields> Of(SwitchPlan plan) =>
        [.. plan.Consequences.Select(consequence => new ConsequenceFields(consequence.Code, consequence.Text))];
}

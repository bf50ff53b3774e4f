using System.Text.Json.Serialization;
using GpuTty.Host;
using GpuTty.Planning.Checks;

namespace GpuTty.Cli.Json;

/// <summary>What a command prints in the place of its own document where it cannot be told.</summary>
/// <param name="Problem">Null where obstacles say it.</param>
/// <param name="Remedy">Null likewise.</param>
internal sealed record RefusalDocument(
    [property: JsonPropertyName("schema")] int Schema,
    [property: JsonPropertyName("outcome")] CommandOutcome Outcome,
    [property: JsonPropertyName("exit_code")] int ExitCode,
    [property: JsonPropertyName("obstacles")] IReadOnlyList<ObstacleFields> Obstacles,
    [property: JsonPropertyName("problem")] string? Problem,
    [property: JsonPropertyName("remedy")] string? Remedy,
    [property: JsonPropertyName("unknowns")] IReadOnlyList<UnknownFields> Unknowns)
{
    public static RefusalDocument Of(HostSnapshot host, IEnumerable<Obstacle> obstacles) => new(
        JsonText.Schema,
        CommandOutcome.Refused,
        ExitCodes.Of(CommandOutcome.Refused),
        [.. obstacles.Select(ObstacleFields.Of)],
        null,
        null,
        UnknownFields.Of(host));

    /// <summary>Before there was a look at the machine.</summary>
    public static RefusalDocument Of(CommandOutcome outcome, string problem, string remedy) =>
        new(JsonText.Schema, outcome, ExitCodes.Of(outcome), [], problem, remedy, []);
}

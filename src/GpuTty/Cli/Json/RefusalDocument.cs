using System.Text.Json.Serialization;
using GpuTty.Host;
using GpuTty.Planning.Checks;

namespace GpuTty.Cli.Json;

/// <summary>What a command prints that does not know which card is meant.</summary>
internal sealed record RefusalDocument(
    [property: JsonPropertyName("schema")] int Schema,
    [property: JsonPropertyName("outcome")] CommandOutcome Outcome,
    [property: JsonPropertyName("exit_code")] int ExitCode,
    [property: JsonPropertyName("obstacles")] IReadOnlyList<ObstacleFields> Obstacles,
    [property: JsonPropertyName("unknowns")] IReadOnlyList<UnknownFields> Unknowns)
{
    public static RefusalDocument Of(HostSnapshot host, IEnumerable<Obstacle> obstacles) => new(
        JsonText.Schema,
        CommandOutcome.Refused,
        ExitCodes.Of(CommandOutcome.Refused),
        [.. obstacles.Select(ObstacleFields.Of)],
        UnknownFields.Of(host));
}

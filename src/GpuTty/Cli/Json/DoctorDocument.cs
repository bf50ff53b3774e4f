using System.Text.Json.Serialization;
using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;

namespace GpuTty.Cli.Json;

internal sealed record DoctorDocument(
    [property: JsonPropertyName("schema")] int Schema,
    [property: JsonPropertyName("cards")] IReadOnlyList<CardChecks> Cards,
    [property: JsonPropertyName("unknowns")] IReadOnlyList<UnknownFields> Unknowns)
{
    public static DoctorDocument Of(HostSnapshot host, IEnumerable<Examination> examinations) =>
        new(JsonText.Schema, [.. examinations.Select(CardChecks.Of)], UnknownFields.Of(host));
}

internal sealed record CardChecks(
    [property: JsonPropertyName("card")] string Card,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("direction")] Direction Direction,
    [property: JsonPropertyName("checks")] IReadOnlyList<CheckFields> Checks)
{
    public static CardChecks Of(Examination examined) =>
        new(examined.Card.Address.ToString(), examined.Card.Display.Name, examined.Direction, [.. examined.Checks.Select(CheckFields.Of)]);
}

internal enum CheckResult
{
    [JsonStringEnumMemberName("ok")] Ok,
    [JsonStringEnumMemberName("failed")] Failed,
    [JsonStringEnumMemberName("unknown")] Unknown,
}

/// <param name="FindingCode">Null where there is an obstacle.</param>
internal sealed record CheckFields(
    [property: JsonPropertyName("code")] CheckCode Code,
    [property: JsonPropertyName("question")] string Question,
    [property: JsonPropertyName("result")] CheckResult Result,
    [property: JsonPropertyName("finding_code")] FindingCode? FindingCode,
    [property: JsonPropertyName("finding")] string Finding,
    [property: JsonPropertyName("obstacle")] ObstacleFields? Obstacle)
{
    public static CheckFields Of(Check check) => new(check.Code, check.Question,
        check.Holds switch { true => CheckResult.Ok, false => CheckResult.Failed, null => CheckResult.Unknown },
        check.FindingCode, check.Finding, check.Obstacle is { } obstacle ? ObstacleFields.Of(obstacle) : null);
}

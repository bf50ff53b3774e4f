using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Planning.Checks;

namespace GpuTty.Cli.Json;

internal sealed record DoctorDocument(int Schema, IReadOnlyList<CardChecks> Cards, IReadOnlyList<UnknownFields> Unknowns)
{
    public static DoctorDocument Of(HostSnapshot host, IEnumerable<Examination> examinations) =>
        new(JsonText.Schema, [.. examinations.Select(CardChecks.Of)], UnknownFields.Of(host));
}

internal sealed record CardChecks(string Card, string Name, string Direction, IReadOnlyList<CheckFields> Checks)
{
    public static CardChecks Of(Examination examined) =>
        new(examined.Card.Address.ToString(), examined.Card.Display.Name, Words.Of(examined.Direction), [.. examined.Checks.Select(CheckFields.Of)]);
}

/// <param name="Result">ok, failed or unknown.</param>
internal sealed record CheckFields(string Question, string Result, string Finding, ObstacleFields? Obstacle)
{
    public static CheckFields Of(Check check) => new(check.Question,
        check.Holds switch { true => "ok", false => "failed", null => "unknown" },
        check.Finding, check.Obstacle is { } obstacle ? ObstacleFields.Of(obstacle) : null);
}

internal sealed record ObstacleFields(string Code, string Problem, string Remedy)
{
    public static ObstacleFields Of(Obstacle obstacle) => new(obstacle.Code, obstacle.Problem, obstacle.Remedy);
}

/// <summary>What a command prints that does not know which card is meant.</summary>
internal sealed record RefusalDocument(int Schema, string Result, IReadOnlyList<ObstacleFields> Obstacles)
{
    public static RefusalDocument Of(params IEnumerable<Obstacle> obstacles) => new(JsonText.Schema, "refused", [.. obstacles.Select(ObstacleFields.Of)]);
}

internal sealed record MachinesDocument(int Schema, IReadOnlyList<NamedMachine> Machines);

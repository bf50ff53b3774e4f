using System.Text.Json.Serialization;
using GpuTty.Cli.Output;
using GpuTty.Diagnosis;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;

namespace GpuTty.Cli.Json;

internal sealed record DoctorDocument(
    [property: JsonPropertyName("schema")] int Schema,
    [property: JsonPropertyName("answers")] IReadOnlyList<AnswerFields> Answers,
    [property: JsonPropertyName("cards")] IReadOnlyList<CardChecks> Cards,
    [property: JsonPropertyName("findings")] IReadOnlyList<FindingFields> Findings,
    [property: JsonPropertyName("unknowns")] IReadOnlyList<UnknownFields> Unknowns)
{
    public static DoctorDocument Of(
        HostSnapshot host, IEnumerable<Answer> answers, IEnumerable<CardDiagnosis> examinations, IEnumerable<Finding> findings) =>
        new(
            JsonText.Schema,
            [.. answers.Select(AnswerFields.Of)],
            [.. examinations.Select(CardChecks.Of)],
            [.. findings.Select(FindingFields.Of)],
            UnknownFields.Of(host));

    /// <summary>Of the whole machine: cards that are seldom given away too.</summary>
    public static DoctorDocument Of(HostSnapshot host, IReadOnlyList<Card> cards, Configuration configured)
    {
        var findings = GpuTty.Diagnosis.Findings.Of(host);
        return Of(
            host,
            cards.Select(card => Answer.Of(host, card, findings, configured)),
            cards.Select(card => CardDiagnosis.Of(host, card)),
            findings);
    }
}

internal sealed record AnswerFields(
    [property: JsonPropertyName("card")] string Card,
    [property: JsonPropertyName("direction")] Direction Direction,
    [property: JsonPropertyName("answer")] AnswerCode Answer,
    [property: JsonPropertyName("sentence")] string Sentence,
    [property: JsonPropertyName("first")] IReadOnlyList<FirstThingFields> First,
    [property: JsonPropertyName("next_action")] string? NextAction)
{
    public static AnswerFields Of(Answer answer) => new(answer.Card.Address.ToString(), answer.Direction, answer.Code, answer.Sentence,
        [.. answer.First.Select(first => new FirstThingFields(first.Code, first.Problem, first.Action))], answer.NextAction);
}

internal sealed record FirstThingFields(
    [property: JsonPropertyName("code")] string Code,
    [property: JsonPropertyName("problem")] string Problem,
    [property: JsonPropertyName("remedy")] string Remedy);

internal sealed record FindingFields(
    [property: JsonPropertyName("code")] DiagnosisCode Code,
    [property: JsonPropertyName("group")] FindingGroup Group,
    [property: JsonPropertyName("meets_switch")] SwitchEffect Effect,
    [property: JsonPropertyName("sentence")] string Sentence,
    [property: JsonPropertyName("remedy")] string Remedy,
    [property: JsonPropertyName("command")] string? Command,
    [property: JsonPropertyName("path")] string? Path,
    [property: JsonPropertyName("line")] int? Line)
{
    public static FindingFields Of(Finding finding) =>
        new(
            finding.Code,
            finding.Group,
            finding.Effect,
            finding.Sentence,
            finding.Action,
            finding.Command,
            finding.Where?.Path,
            finding.Where?.Line);

    /// <summary>The same, of a machine that is elsewhere: a command, and no change of a file.</summary>
    public Finding Finding() => new(
        Code,
        Group,
        Effect,
        Sentence,
        Command is { } typed && Remedy.EndsWith($": {typed}", StringComparison.Ordinal) ? Remedy[..^(typed.Length + 2)] : Remedy,
        Command is { } command ? Correction.ByCommand(command) : null,
        Path is { } path ? new SourceLine(path, Line) : null);
}

internal sealed record CardChecks(
    [property: JsonPropertyName("card")] string Card,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("direction")] Direction Direction,
    [property: JsonPropertyName("checks")] IReadOnlyList<CheckFields> Checks)
{
    public static CardChecks Of(CardDiagnosis examined) =>
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

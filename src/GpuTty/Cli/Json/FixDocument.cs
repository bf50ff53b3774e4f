using System.Text.Json.Serialization;
using GpuTty.Cli.Output;
using GpuTty.Diagnosis;
using GpuTty.Host;
using GpuTty.Host.Settings;

namespace GpuTty.Cli.Json;

/// <summary>What is done to a file.</summary>
internal enum FileVerb
{
    [JsonStringEnumMemberName("remove")] Remove,
    [JsonStringEnumMemberName("edit")] Edit,
    [JsonStringEnumMemberName("rename")] Rename,
    /// <summary>A link to /dev/null hides a package's file.</summary>
    [JsonStringEnumMemberName("mask")] Mask,
    [JsonStringEnumMemberName("forbid-running")] ForbidRunning,
}

internal sealed record FixDocument(
    [property: JsonPropertyName("schema")] int Schema,
    [property: JsonPropertyName("outcome")] CommandOutcome Outcome,
    [property: JsonPropertyName("exit_code")] int ExitCode,
    [property: JsonPropertyName("changes")] IReadOnlyList<FileChangeFields> Changes,
    [property: JsonPropertyName("restored")] IReadOnlyList<RestoredFields> Restored,
    [property: JsonPropertyName("by_hand")] IReadOnlyList<LeftFindingFields> ByHand,
    [property: JsonPropertyName("optional")] IReadOnlyList<LeftFindingFields> Optional,
    [property: JsonPropertyName("follow")] IReadOnlyList<string> Follow,
    [property: JsonPropertyName("needs_restart")] bool NeedsRestart,
    [property: JsonPropertyName("copies")] string? Copies,
    [property: JsonPropertyName("remaining")] IReadOnlyList<DiagnosisCode> Remaining,
    [property: JsonPropertyName("problem")] string? Problem,
    [property: JsonPropertyName("remedy")] string? Remedy,
    [property: JsonPropertyName("unknowns")] IReadOnlyList<UnknownFields> Unknowns)
{
    public static FixDocument Of(CommandOutcome outcome) =>
        new(JsonText.Schema, outcome, ExitCodes.Of(outcome), [], [], [], [], [], false, null, [], null, null, []);

    public static FixDocument Of(CommandOutcome outcome, CorrectionPlan plan, HostSnapshot host) => Of(outcome) with
    {
        Unknowns = UnknownFields.Of(host),
        Changes = [.. plan.Changes.Select(FileChangeFields.Of)],
        ByHand = [.. plan.ByHand.Select(left => LeftFindingFields.Of(left.Finding, left.Reason))],
        Optional = [.. plan.Optional.Select(finding => LeftFindingFields.Of(finding, null))],
        Follow = plan.Follow,
        NeedsRestart = plan.NeedsRestart,
    };
}

internal sealed record FileChangeFields(
    [property: JsonPropertyName("path")] string Path,
    [property: JsonPropertyName("change")] FileVerb Change,
    [property: JsonPropertyName("to")] string? To,
    [property: JsonPropertyName("codes")] IReadOnlyList<DiagnosisCode> Codes,
    [property: JsonPropertyName("lines")] IReadOnlyList<ChangedLineFields> Lines)
{
    public static FileChangeFields Of(PlannedChange planned) => new(planned.Change.Path, VerbOf(planned.Change),
        (planned.Change as FileChange.Renaming)?.To, [.. planned.Findings.Select(finding => finding.Code).Distinct()],
        [.. FixPrinter.Lines(planned.Change).Select(line => new ChangedLineFields(line.Number, line.Before, line.After))]);

    private static FileVerb VerbOf(FileChange change) => change switch
    {
        FileChange.Removal => FileVerb.Remove,
        FileChange.Edit => FileVerb.Edit,
        FileChange.Renaming => FileVerb.Rename,
        FileChange.Masking => FileVerb.Mask,
        _ => FileVerb.ForbidRunning,
    };
}

internal sealed record ChangedLineFields(
    [property: JsonPropertyName("number")] int Number,
    [property: JsonPropertyName("before")] string Before,
    [property: JsonPropertyName("after")] string? After);

internal sealed record RestoredFields(
    [property: JsonPropertyName("path")] string Path,
    [property: JsonPropertyName("what")] Restoration What);

internal sealed record LeftFindingFields(
    [property: JsonPropertyName("code")] DiagnosisCode Code,
    [property: JsonPropertyName("path")] string? Path,
    [property: JsonPropertyName("reason")] string? Reason,
    [property: JsonPropertyName("remedy")] string Remedy)
{
    public static LeftFindingFields Of(Finding finding, string? reason) =>
        new(finding.Code, finding.Where?.ToString(), reason, finding.Action);
}

using System.Collections.Immutable;

namespace GpuTty.Diagnosis;

/// <summary>All that the doctor says of a machine, in the order in which people read it.</summary>
/// <param name="Answers">First of all: for each card whether it can go, or why there is none.</param>
/// <param name="Entries">What that rests on: problems, attention, what is unknown, what is as it should be.</param>
/// <param name="HasFix">Files are among it that gputty can put right.</param>
public sealed record DiagnosisPage(
    ImmutableArray<DiagnosisAnswer> Answers, ImmutableArray<DiagnosisEntry> Entries, bool HasFix)
{
    public static ImmutableArray<FindingGroup> Order { get; } =
        [FindingGroup.Problem, FindingGroup.Attention, FindingGroup.Unknown, FindingGroup.Ok];

    /// <summary>The entries of a group as its heading calls it.</summary>
    public static string Heading(FindingGroup group) => group switch
    {
        FindingGroup.Problem => "Problems",
        FindingGroup.Attention => "Attention",
        FindingGroup.Unknown => "Unknown",
        _ => "Ok",
    };
}

/// <param name="IsBad">Nothing can be done yet.</param>
/// <param name="First">What is to be done first, in this order.</param>
/// <param name="NextAction">Null where something is in the way, and where there is nothing to do.</param>
public sealed record DiagnosisAnswer(
    string Sentence, bool IsBad, ImmutableArray<(string Problem, string Action)> First, string? NextAction);

/// <summary>A line of a group.</summary>
/// <param name="Action">Null where there is nothing to do.</param>
/// <param name="Tells">Code, when it meets a switch, and where it is written; null for what could not be read at all.</param>
/// <param name="Code">What it can be explained by; null as <paramref name="Tells"/>.</param>
/// <param name="Explanation">Of that code; null as <paramref name="Tells"/>.</param>
/// <param name="CanBeFixed">gputty can change the file that it is about.</param>
public sealed record DiagnosisEntry(
    FindingGroup Group,
    string Sentence,
    string? Action,
    string? Tells = null,
    string? Code = null,
    Explanation? Explanation = null,
    bool CanBeFixed = false);

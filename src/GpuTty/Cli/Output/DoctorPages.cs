using System.Collections.Immutable;
using GpuTty.Cli.Json;
using GpuTty.Diagnosis;
using GpuTty.Host;
using GpuTty.Host.Settings;
using GpuTty.Planning.Checks;

namespace GpuTty.Cli.Output;

/// <summary>Puts together what doctor says, for whoever prints or draws it.</summary>
internal static class DoctorPages
{
    /// <summary>Of the cards that can be meant.</summary>
    public static DiagnosisPage Of(HostSnapshot host, ImmutableArray<Finding> findings, Configuration configured)
    {
        var cards = ConfiguredCard.Candidates(host, configured);
        return Of(
            host,
            [.. cards.Select(card => Answer.Of(host, card, findings, configured))],
            [.. cards.Select(card => CardDiagnosis.Of(host, card))],
            findings,
            cards.IsEmpty ? CardChoice.Find(host, null).Obstacle : null);
    }

    /// <param name="none">Why there is no card; what was found may say more.</param>
    public static DiagnosisPage Of(
        HostSnapshot host,
        IReadOnlyList<Answer> answers,
        IReadOnlyList<CardDiagnosis> examined,
        ImmutableArray<Finding> findings,
        Obstacle? none)
    {
        ImmutableArray<DiagnosisEntry> entries =
        [
            .. examined.SelectMany(one => Checked(one, isAlone: examined.Count == 1)).DistinctBy(entry => entry.Sentence),
            .. findings.Select(Found),
            .. host.Unknowns.Select(unknown => new DiagnosisEntry(
                FindingGroup.Unknown, $"Unknown {unknown.Fact}: {unknown.Reason}", unknown.Remedy)),
        ];
        return new DiagnosisPage(
            [
                .. none is null ? [] : (DiagnosisAnswer[])[new DiagnosisAnswer(none.Problem, true, [], none.Remedy)],
                .. answers.Select(answer => new DiagnosisAnswer(
                    answer.Sentence,
                    answer.Code == AnswerCode.NotYet,
                    [.. answer.First.Select(first => (first.Problem, first.Action))],
                    answer.NextAction)),
            ],
            [.. DiagnosisPage.Order.SelectMany(group => entries.Where(entry => entry.Group == group))],
            findings.Any(CanBeFixed));
    }

    private static bool CanBeFixed(Finding finding) =>
        finding is { Group: FindingGroup.Problem or FindingGroup.Attention, Correction.Changes.Length: > 0 };

    /// <summary>Of checks that findings tell in more words only those of the findings are shown.</summary>
    private static IEnumerable<DiagnosisEntry> Checked(CardDiagnosis one, bool isAlone) =>
        from check in one.Checks
        where check.FindingCode is not (FindingCode.ConflictingTool or FindingCode.DriverOverrideDiffers)
        let kind = check.Obstacle is Obstacle.CouldNotTell
            ? FindingGroup.Unknown
            : check.Holds switch { true => FindingGroup.Ok, false => FindingGroup.Problem, null => FindingGroup.Attention }
        let code = CodeText.Of(check.Code)
        select new DiagnosisEntry(
            kind,
            $"{(isAlone ? "" : $"{one.Card.Address.SlotName}: ")}{check.Question} {check.Finding}",
            check.Obstacle?.Remedy,
            code,
            code,
            CodeText.Explanation(code));

    private static DiagnosisEntry Found(Finding finding)
    {
        string?[] tells =
        [
            CodeText.Of(finding.Code),
            finding.Effect switch { SwitchEffect.Now => "now", SwitchEffect.NextBoot => "at the next boot", _ => null },
            finding.Where?.ToString(),
        ];
        return new(
            finding.Group,
            finding.Sentence,
            finding.Group == FindingGroup.Ok ? null : finding.Action,
            string.Join(", ", tells.OfType<string>()),
            CodeText.Of(finding.Code),
            Explanations.Of(finding.Code),
            CanBeFixed(finding));
    }
}

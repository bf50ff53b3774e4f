using System.Collections.Immutable;
using GpuTty.Host.Settings;

namespace GpuTty.Diagnosis;

/// <summary>One file, and the findings that its change undoes.</summary>
public sealed record PlannedChange(FileChange Change, ImmutableArray<Finding> Findings);

/// <summary>A finding that gputty does not undo by itself.</summary>
/// <param name="Reason">Why its file is left alone, in a clause; null where only another program, or a person, can undo it.</param>
public sealed record LeftFinding(Finding Finding, string? Reason);

/// <summary>What <c>gputty doctor --fix</c> would do: pure, so that it can be shown before anything is changed.</summary>
/// <param name="Changes">One for each file.</param>
/// <param name="ByHand">Findings that are meant, and cannot be undone here.</param>
/// <param name="Optional">Findings that are undone only where their code is named.</param>
/// <param name="Follow">Commands that have to be run afterwards, in this order.</param>
/// <param name="NeedsRestart">Only the next start of the machine goes without what was found.</param>
public sealed record CorrectionPlan(
    ImmutableArray<PlannedChange> Changes,
    ImmutableArray<LeftFinding> ByHand,
    ImmutableArray<Finding> Optional,
    ImmutableArray<string> Follow,
    bool NeedsRestart)
{
    /// <param name="findings">All of the machine.</param>
    /// <param name="codes">Only these; where there are none, all that are under attention or problems and not optional.</param>
    /// <param name="refusal">Why a file is left alone; null where it can be changed.</param>
    public static CorrectionPlan Of(
        IEnumerable<Finding> findings, IReadOnlyCollection<DiagnosisCode> codes, Func<FileChange, string?> refusal)
    {
        var all = findings.ToList();
        var asked = all.Where(finding => IsMeant(finding, codes))
            .Select(finding => (Finding: finding, Changes: finding.Correction?.Changes ?? []))
            .Select(one => (one.Finding, one.Changes, Reason: one.Changes.Select(refusal).FirstOrDefault(why => why is not null)))
            .ToList();
        var done = asked.Where(one => one.Changes.Length > 0 && one.Reason is null).ToList();
        var changed = done.Select(one => one.Finding.Where?.Path).ToHashSet();
        ImmutableArray<PlannedChange> changes =
        [
            .. done.SelectMany(one => one.Changes.Select(change => (Change: change, one.Finding))).GroupBy(one => one.Change.Path)
                .Select(file => new PlannedChange(
                    FileChange.Together([.. file.Select(one => one.Change)]),
                    [.. file.Select(one => one.Finding).Distinct()])),
        ];
        return new(
            changes,
            [
                // What has nothing of its own to undo it, and nothing that a person has to do, is undone with the others of its file.
                .. asked
                    .Where(one =>
                        one.Reason is not null
                        || (one.Changes.Length == 0
                            && (one.Finding.Correction is not null
                                || one.Finding.Advice.EndsWith('.')
                                || !changed.Contains(one.Finding.Where?.Path))))
                    .Select(one => new LeftFinding(one.Finding, one.Reason)),
            ],
            codes.Count > 0
                ? []
                : [.. all.Where(finding =>
                    finding is { Group: FindingGroup.Problem or FindingGroup.Attention, Correction.IsOptional: true }
                    && !changes.Any(change => TakesAway(change.Change, finding.Where)))],
            [.. done.SelectMany(one => one.Finding.Correction!.Follow).Distinct().OrderBy(IsOfTheBoot)],
            done.Exists(one => one.Finding.Correction!.NeedsRestart));
    }

    /// <summary>What stands there goes for another reason.</summary>
    private static bool TakesAway(FileChange change, SourceLine? where) => change.Path == where?.Path && change switch
    {
        FileChange.Removal => true,
        FileChange.Edit edit => edit.Cuts.Any(cut => cut.Word is null && cut.First <= where.Line && where.Line <= cut.Last),
        _ => false,
    };

    private static bool IsMeant(Finding finding, IReadOnlyCollection<DiagnosisCode> codes) =>
        codes.Count > 0 ? codes.Contains(finding.Code) && finding.Where is not null
        : finding.Group is FindingGroup.Problem or FindingGroup.Attention && finding.Correction is not { IsOptional: true };

    /// <summary>What is still there after all changes: the same code in the same file, and gputty would change it
    /// in the same way. What is left to its owner there is no failure.</summary>
    public ImmutableArray<Finding> Remaining(IEnumerable<Finding> after)
    {
        var undone = Changes.SelectMany(change => change.Findings).Select(Kind).ToHashSet();
        return [.. after.Where(finding => finding.Correction is { Changes.Length: > 0 } && undone.Contains(Kind(finding)))];

        static (DiagnosisCode, string?, bool?) Kind(Finding finding) =>
            (finding.Code, finding.Where?.Path, finding.Correction?.IsOptional);
    }

    /// <summary>First what the running system takes in, then the images that the machine starts from.</summary>
    private static bool IsOfTheBoot(string command) => command is not ("systemctl daemon-reload" or "udevadm control --reload");
}

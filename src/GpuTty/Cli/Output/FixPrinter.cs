using System.Collections.Immutable;
using GpuTty.Cli.Json;
using GpuTty.Diagnosis;
using GpuTty.Host.Settings;

namespace GpuTty.Cli.Output;

/// <summary>Changes of files, as people read them before they say yes: each file, and each line that goes.</summary>
internal static class FixPrinter
{
    public static void Print(TextPage page, CorrectionPlan plan)
    {
        foreach (var (change, findings) in plan.Changes)
        {
            page.Line(
                new Part(Sentence(change), Ink.Strong),
                $" [{string.Join(", ", findings.Select(finding => CodeText.Of(finding.Code)).Distinct())}]");
            foreach (var line in Lines(change))
            {
                page.Line(new Part($"    - {line.Before}", Ink.Bad));
                if (line.After is { } after) page.Line(new Part($"    + {after}", Ink.Good));
            }
        }
        Left(
            page,
            "Not done by gputty:",
            plan.ByHand.Select(left => (left.Finding, left.Reason is { } reason ? $"{reason}." : left.Finding.Action)));
        Left(
            page,
            "Left as they are, because you may need them; to change them, name the code after --fix:",
            plan.Optional.Select(finding => (finding, finding.Sentence)));
    }

    /// <summary>Of a file that goes, all its lines; of one that is hidden, those that no longer hold.</summary>
    public static ImmutableArray<ChangedLine> Lines(FileChange change) => change switch
    {
        FileChange.Edit edit => edit.Lines,
        FileChange.Removal { File: { } file } =>
            [.. file.Lines.Where(line => line.Text.Length > 0).Select(line => new ChangedLine(line.Number, line.Text, null))],
        FileChange.Masking { Hidden: var file } =>
            [.. file.Lines
                .Where(line => line.Text.TrimStart() is [not ('#' or ';'), ..])
                .Select(line => new ChangedLine(line.Number, line.Text, null))],
        _ => [],
    };

    /// <summary>What the machine takes in only when somebody has it do so.</summary>
    public static void PrintFollow(TextPage page, CorrectionPlan plan)
    {
        if (plan.Follow.IsEmpty && !plan.NeedsRestart) return;
        page.Line("Then run this yourself:");
        foreach (var command in plan.Follow) page.Line($"    {command}");
        if (plan.NeedsRestart) page.Line("    Reboot: until then the machine runs as it was booted.");
    }

    public static void Print(TextPage page, KeptCorrection kept)
    {
        page.Heading($"Changed {kept.At.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC:");
        foreach (var (path, back) in kept.Files)
            page.Line(back == Restoration.ChangedSince ? new Part("!! ", Ink.Bad) : "   ", $"{path} {Words(back)}.");
    }

    private static string Words(Restoration back) => back switch
    {
        Restoration.Restored => "is restored",
        Restoration.Removed => "is removed, because it was not there",
        Restoration.AsBefore => "is already as it was",
        _ => "has been changed since",
    };

    private static string Sentence(FileChange change) => change switch
    {
        FileChange.Removal => $"{change.Path} is removed",
        FileChange.Edit => $"{change.Path} is changed",
        FileChange.Renaming renaming => $"{change.Path} is renamed to {renaming.To}",
        FileChange.Masking => $"{change.Path} is created as a link to /dev/null, so that the package's file of that name has no effect",
        _ => $"{change.Path} is made non-executable",
    };

    private static void Left(TextPage page, string title, IEnumerable<(Finding Finding, string Sentence)> left)
    {
        var all = left.ToList();
        if (all.Count == 0) return;
        page.Line(title);
        foreach (var (finding, sentence) in all)
            page.Line($"    {sentence} [{CodeText.Of(finding.Code)}{(finding.Where is { } where ? $", {where}" : "")}]");
    }
}

using System.Collections.Immutable;
using GpuTty.Cli.Json;
using GpuTty.Diagnosis;
using GpuTty.Host;
using GpuTty.Planning.Checks;

namespace GpuTty.Cli.Output;

/// <summary>What doctor says to people: the answer first, then what it rests on, the worst first.</summary>
internal static class DoctorText
{
    /// <summary>A line of a group.</summary>
    /// <param name="Action">Null where there is nothing to do.</param>
    /// <param name="Tells">Code, when it meets a switch, and where it is written.</param>
    private sealed record Entry(FindingGroup Group, string Sentence, string? Action, string Tells);

    /// <param name="none">Why there is no card; what was found may say more.</param>
    public static void Print(
        TextPage page,
        HostSnapshot host,
        IReadOnlyList<Answer> answers,
        IReadOnlyList<CardDiagnosis> examined,
        ImmutableArray<Finding> findings,
        Obstacle? none = null)
    {
        if (none is not null)
        {
            page.Line(new Part(none.Problem, Ink.Bad));
            page.Line($"  {none.Remedy}");
        }
        foreach (var answer in answers) PrintAnswer(page, answer);
        ImmutableArray<Entry> entries = [
            .. examined.SelectMany(one => Checked(one, isAlone: examined.Count == 1)).DistinctBy(entry => entry.Sentence),
            .. findings.Select(Found),
        ];
        Group(page, "Problems", new Part("!!", Ink.Bad), entries.Where(entry => entry.Group == FindingGroup.Problem));
        Group(page, "Attention", new Part("! ", Ink.Warn), entries.Where(entry => entry.Group == FindingGroup.Attention));
        PrintUnknown(page, host, entries.Where(entry => entry.Group == FindingGroup.Unknown));
        Group(page, "Ok", new Part("ok", Ink.Good), entries.Where(entry => entry.Group == FindingGroup.Ok));
        page.Line();
        page.Line("What a code in brackets means: gputty doctor --explain CODE");
        if (findings.Any(finding => finding is { Group: FindingGroup.Problem or FindingGroup.Attention, Correction.Changes.Length: > 0 }))
            page.Line("To correct files, with each change shown first: gputty doctor --fix");
    }

    private static void PrintAnswer(TextPage page, Answer answer)
    {
        page.Line(new Part(answer.Sentence, answer.Code == AnswerCode.NotYet ? Ink.Bad : Ink.Strong));
        foreach (var (index, first) in answer.First.Index())
        {
            page.Line($"  {index + 1}. {first.Problem}");
            page.Line($"     {first.Action}");
        }
        if (answer.NextAction is { } next) page.Line($"  {next}");
    }

    private static void Group(TextPage page, string title, Part mark, IEnumerable<Entry> entries)
    {
        var all = entries.ToList();
        if (all.Count == 0) return;
        page.Line();
        page.Heading(title);
        foreach (var entry in all)
        {
            page.Line("  ", mark, $"  {entry.Sentence} [{entry.Tells}]");
            if (entry.Action is { } action) page.Line($"      {action}");
        }
    }

    private static void PrintUnknown(TextPage page, HostSnapshot host, IEnumerable<Entry> entries)
    {
        List<(string Sentence, string? Action)> all = [
            .. entries.Select(entry => ($"{entry.Sentence} [{entry.Tells}]", entry.Action)),
            .. host.Unknowns.Select(unknown => ($"Unknown {unknown.Fact}: {unknown.Reason}", (string?)unknown.Remedy)),
        ];
        if (all.Count == 0) return;
        page.Line();
        page.Heading("Unknown");
        foreach (var (sentence, action) in all)
        {
            page.Line("  ", new Part("??", Ink.Warn), $" {sentence}");
            if (action is not null) page.Line($"      {action}");
        }
    }

    /// <summary>Of checks that findings tell in more words only those of the findings are shown.</summary>
    private static IEnumerable<Entry> Checked(CardDiagnosis one, bool isAlone) =>
        from check in one.Checks
        where check.FindingCode is not (FindingCode.ConflictingTool or FindingCode.DriverOverrideDiffers)
        let kind = check.Obstacle is Obstacle.CouldNotTell
            ? FindingGroup.Unknown
            : check.Holds switch { true => FindingGroup.Ok, false => FindingGroup.Problem, null => FindingGroup.Attention }
        select new Entry(
            kind,
            $"{(isAlone ? "" : $"{one.Card.Address.SlotName}: ")}{check.Question} {check.Finding}",
            check.Obstacle?.Remedy,
            CodeWords.Of(check.Code));

    private static Entry Found(Finding finding)
    {
        string?[] tells =
        [
            CodeWords.Of(finding.Code),
            finding.Effect switch { SwitchEffect.Now => "now", SwitchEffect.NextBoot => "at the next start", _ => null },
            finding.Where?.ToString(),
        ];
        var action = finding.Group == FindingGroup.Ok ? null : finding.Action;
        return new(finding.Group, finding.Sentence, action, string.Join(", ", tells.OfType<string>()));
    }
}

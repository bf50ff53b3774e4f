using GpuTty.Diagnosis;

namespace GpuTty.Cli.Output;

/// <summary>What doctor says to people: the answer first, then what it rests on, the worst first.</summary>
internal static class DoctorPrinter
{
    public static void Print(TextPage page, DiagnosisPage said)
    {
        foreach (var answer in said.Answers) PrintAnswer(page, answer);
        foreach (var group in said.Entries.GroupBy(entry => entry.Group)) PrintGroup(page, group);
        page.Line();
        page.Line("What a code in brackets means: gputty doctor --explain CODE");
        if (said.HasFix) page.Line("To correct files, with each change shown first: gputty doctor --fix");
    }

    private static void PrintAnswer(TextPage page, DiagnosisAnswer answer)
    {
        page.Line(new Part(answer.Sentence, answer.IsBad ? Ink.Bad : Ink.Strong));
        foreach (var (index, first) in answer.First.Index())
        {
            page.Line($"  {index + 1}. {first.Problem}");
            page.Line($"     {first.Action}");
        }
        if (answer.NextAction is { } next) page.Line($"  {next}");
    }

    private static void PrintGroup(TextPage page, IGrouping<FindingGroup, DiagnosisEntry> group)
    {
        page.Line();
        page.Heading(DiagnosisPage.Heading(group.Key));
        foreach (var entry in group)
        {
            page.Line("  ", Mark(group.Key), $" {entry.Sentence}{(entry.Tells is { } tells ? $" [{tells}]" : "")}");
            if (entry.Action is { } action) page.Line($"      {action}");
        }
    }

    private static Part Mark(FindingGroup group) => group switch
    {
        FindingGroup.Problem => new Part("!! ", Ink.Bad),
        FindingGroup.Attention => new Part("!  ", Ink.Warn),
        FindingGroup.Unknown => new Part("?? ", Ink.Warn),
        _ => new Part("ok ", Ink.Good),
    };
}

using GpuTty.Planning.Plans;
using GpuTty.Switching;
using GpuTty.Text;

namespace GpuTty.Cli.Output;

/// <summary>A run as lines: one when a step begins, one when it ends, one for each thing that is waited for.</summary>
internal static class RunLines
{
    private const string Indent = "        ";

    /// <param name="run">The run with <paramref name="entry"/> already in it.</param>
    public static void Print(TextPage page, RunEvent entry, RunState run)
    {
        switch (entry)
        {
            case RunEvent.Opened opened:
                page.Heading(
                    $"Card {opened.Intent.Card.SlotName} {DirectionText.Of(opened.Intent.Direction)}: "
                        + $"{Counted.Of(opened.Steps.Length, "step")}");
                break;
            case RunEvent.Begun begun:
                page.Line($"{Number(run, begun.Step)} {Describe(run, begun.Step)} (at most {begun.Limit.TotalSeconds:0} s)");
                break;
            case RunEvent.Waiting waiting:
                page.Line($"{Indent}{waiting.For}");
                break;
            case RunEvent.Extended extended:
                page.Line($"{Indent}at most {extended.Limit.TotalSeconds:0} s now");
                break;
            case RunEvent.Inserted inserted:
                page.Line($"{Number(run, inserted.Step)} one step more: {Describe(run, inserted.Step)}");
                break;
            case RunEvent.Done done:
                page.Line(Indent, new Part("ok", Ink.Good), $" after {ValueText.Seconds(done.Took)}");
                break;
            case RunEvent.Failed failed:
                page.Line(Indent, new Part("!!", Ink.Bad), $" {failed.Problem}");
                page.Line($"{Indent}   {failed.Remedy}");
                break;
            case RunEvent.TakingBack:
                page.Heading("Rolling everything back");
                break;
            case RunEvent.TakenBack taken:
                page.Line($"{Number(run, taken.Step)} rolled back: {Describe(run, taken.Step)}");
                break;
            case RunEvent.NotTakenBack stuck:
                page.Line(
                    $"{Number(run, stuck.Step)} ",
                    new Part("!!", Ink.Bad),
                    $" not rolled back: {Describe(run, stuck.Step)}: {stuck.Problem}");
                page.Line($"{Indent}   {stuck.Remedy}");
                break;
            case RunEvent.DesktopRestored restored:
                page.Line(restored.Summary);
                break;
        }
    }

    /// <summary>What the kernel and other programs said, where it matters; the steps speak for themselves.</summary>
    public static void Print(TextPage page, LogLine line)
    {
        if (line.Source == LogSource.Step || line.Level < LogLevel.Warning) return;
        page.Line(Indent, new Part(line.Source.ToString().ToLowerInvariant(), Ink.Warn), $"  {line.Text}");
    }

    private static string Describe(RunState run, int step) => step >= 0 && step < run.Steps.Length ? run.Steps[step].Step.Describe() : "";

    private static string Number(RunState run, int step)
    {
        var width = run.Steps.Length.ToString().Length;
        return $"[{(step + 1).ToString().PadLeft(width)}/{run.Steps.Length}]".PadRight(Indent.Length - 1);
    }
}

using System.Collections.Immutable;
using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>A step as the user sees it.</summary>
/// <param name="Note">How long it took, or how long it may still take.</param>
internal sealed record StepLine(string Text, StepStatus Status = StepStatus.Waiting, string Note = "")
{
    public (string Sign, Style Style) Looks => SignOf(Status);

    public static (string Sign, Style Style) SignOf(StepStatus status) => status switch
    {
        StepStatus.Running => ("[> ]", Theme.Strong),
        StepStatus.Done => ("[ok]", Theme.Good),
        StepStatus.Failed or StepStatus.NotTakenBack => ("[!!]", Theme.Bad),
        StepStatus.TakenBack => ("[<-]", Theme.Warn),
        _ => ("[  ]", Theme.Plain),
    };
}

/// <summary>What is done, what is being done, what is still to come. Scrolls with the current step.</summary>
internal sealed record StepList(params ImmutableArray<StepLine> Steps)
{
    private const int SignWidth = 5;

    /// <summary>The first line in sight, where the user has scrolled; null while the list follows the current step.</summary>
    public int? Top { get; init; }

    /// <summary>The index of the step that runs or failed; else of the first that waits; else of the last; -1 without any.</summary>
    private int Current => First(step => step.Status == StepStatus.Running)
        // A run may have gone on without one that failed.
        ?? First(step => step.Status is StepStatus.Failed or StepStatus.NotTakenBack)
        ?? First(step => step.Status == StepStatus.Waiting)
        ?? Steps.Length - 1;

    /// <summary>The steps of a run with what became of them: one line each, but for the one that runs.</summary>
    public static StepList Of(RunState run, int width)
    {
        var now = Now(run);
        return new([.. run.Steps.Select(step => step == now
            ? new StepLine(step.Step.Describe(), step.Status == StepStatus.Failed ? StepStatus.Failed : StepStatus.Running)
            : OneLine(step.Step, step.Status, step.Took is { TotalSeconds: >= 0.1 } took ? $"{took.TotalSeconds:0.0} s" : "", width))]);
    }

    /// <summary>Of a plan that was handed in, before its first step.</summary>
    public static StepList Of(IEnumerable<Steps.Step> steps, int width) =>
        new([.. steps.Select(step => OneLine(step, StepStatus.Waiting, "", width))]);

    /// <summary>The step that runs; while taking back, the last one that still has to be. None of a run that has ended.</summary>
    public static StepProgress? Now(RunState run) =>
        run.IsClosed ? null
        : run.IsTakingBack
            ? run.Steps.LastOrDefault(step =>
                step.Status is StepStatus.Done or StepStatus.Failed or StepStatus.Running && step.Step.Undo() is not null)
            : run.Steps.FirstOrDefault(step => step.Status == StepStatus.Running);

    public ShownLines Shown(int width, int height)
    {
        var lines = new List<ImmutableArray<TextRun>>();
        var currentLine = 0;
        foreach (var (index, step) in Steps.Index())
        {
            if (index == Current) currentLine = lines.Count;
            var note = Printable.Width(step.Note);
            var style = step.Status == StepStatus.Running ? Theme.Strong : Theme.Plain;
            var parts = WordWrap.Lines(step.Text, Math.Max(8, width - SignWidth - (note > 0 ? note + 1 : 0))).ToList();
            lines.Add(
            [
                new TextRun(SignWidth, parts[0], style),
                new TextRun(0, step.Looks.Sign, step.Looks.Style),
                new TextRun(width - note, step.Note),
            ]);
            lines.AddRange(parts.Skip(1).Select(part => ImmutableArray.Create(new TextRun(SignWidth, part, style))));
        }
        return ShownLines.Of([.. lines]) with
        {
            First = Top is { } top ? Math.Clamp(top, 0, Math.Max(0, lines.Count - height)) : Scroll.First(currentLine, lines.Count, height),
            Selected = Current >= 0 ? currentLine : null,
        };
    }

    /// <summary>The whole list in one line, for narrow screens: <c>Step 3/7 [> ] Stop gdm.service</c>.</summary>
    public IEnumerable<TextRun> Line(int width)
    {
        if (Current < 0) yield break;
        var step = Steps[Current];
        var number = new TextRun(0, $"Step {Current + 1}/{Steps.Length} ");
        var sign = new TextRun(number.End, step.Looks.Sign, step.Looks.Style);
        var note = step.Note.Length == 0 ? "" : "  " + step.Note;
        var text = TextRun.Cut(sign.End + 1, width - sign.End - 1 - Printable.Width(note), step.Text);
        yield return number;
        yield return sign;
        yield return text;
        yield return new TextRun(text.End, note);
    }

    private static StepLine OneLine(Steps.Step step, StepStatus status, string note, int width)
    {
        var (text, room) = (step.Describe(), width - SignWidth - (note.Length > 0 ? note.Length + 1 : 0));
        return new StepLine(room < 8 ? text : Printable.Cut(text, room), status, note);
    }

    private int? First(Func<StepLine, bool> that) =>
        Steps.Index().Where(step => that(step.Item)).Select(step => (int?)step.Index).FirstOrDefault();
}

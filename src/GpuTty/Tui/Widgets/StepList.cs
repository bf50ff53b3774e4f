using System.Collections.Immutable;
using GpuTty.Terminal;

namespace GpuTty.Tui.Widgets;

/// <summary>What is done, what is being done, what is still to come. Scrolls with the current step.</summary>
internal sealed record StepList(ImmutableArray<StepLine> Steps)
{
    private const int SignWidth = 5;

    /// <summary>The step that runs or failed; else the first that waits; else the last.</summary>
    public int Current
    {
        get
        {
            var steps = Steps.ToList();
            var busy = steps.FindIndex(step => step.Mark is StepMark.Running or StepMark.Failed);
            var waiting = steps.FindIndex(step => step.Mark == StepMark.Waiting);
            return busy >= 0 ? busy : waiting >= 0 ? waiting : steps.Count - 1;
        }
    }

    public ShownLines Shown(int width, int height)
    {
        var lines = new List<ImmutableArray<TextRun>>();
        var currentLine = 0;
        for (var i = 0; i < Steps.Length; i++)
        {
            if (i == Current) currentLine = lines.Count;
            var step = Steps[i];
            var note = Printable.Width(step.Note);
            lines.AddRange(WordWrap.Lines(
                step.Text,
                Math.Max(8, width - SignWidth - (note > 0 ? note + 1 : 0))).Select((part, index) => ImmutableArray.Create<TextRun>(
            [
                new TextRun(SignWidth, part, step.Mark == StepMark.Running ? Look.Strong : Look.Plain),
                .. index == 0
                    ? [new TextRun(0, step.Looks.Sign, step.Looks.Style), new TextRun(width - note, step.Note)]
                    : ImmutableArray<TextRun>.Empty,
            ])));
        }
        return ShownLines.Of([.. lines]) with
        {
            First = Scroll.First(currentLine, lines.Count, height),
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
}

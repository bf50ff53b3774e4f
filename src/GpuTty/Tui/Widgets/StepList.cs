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

    public void Draw(Surface on)
    {
        var lines = new List<(StepLine Step, string Text, bool First)>();
        var currentLine = 0;
        for (var i = 0; i < Steps.Length; i++)
        {
            if (i == Current) currentLine = lines.Count;
            var note = Printable.Width(Steps[i].Note);
            var parts = WordWrap.Lines(Steps[i].Text, Math.Max(8, on.Width - SignWidth - (note > 0 ? note + 1 : 0)));
            lines.AddRange(parts.Select((part, index) => (Steps[i], part, index == 0)));
        }

        var top = Scroll.First(currentLine, lines.Count, on.Height);
        for (var y = 0; y < Math.Min(on.Height, lines.Count - top); y++)
        {
            var (step, text, first) = lines[top + y];
            on.Text(SignWidth, y, text, step.Mark == StepMark.Running ? Look.Strong : Look.Plain);
            if (!first) continue;
            on.Text(0, y, step.Looks.Sign, step.Looks.Style);
            on.Text(on.Width - Printable.Width(step.Note), y, step.Note);
        }
        if (Current >= 0) on.PlaceCursor(0, currentLine - top);
    }

    /// <summary>The whole list in one line, for narrow screens: <c>Step 3/7 [> ] Stop gdm.service</c>.</summary>
    public void DrawLine(Surface on)
    {
        if (Current < 0) return;
        var step = Steps[Current];
        var x = on.Text(0, 0, $"Step {Current + 1}/{Steps.Length} ");
        x = on.Text(x, 0, step.Looks.Sign, step.Looks.Style) + 1;
        var note = step.Note.Length == 0 ? "" : "  " + step.Note;
        x = on.CutText(x, 0, on.Width - x - Printable.Width(note), step.Text);
        on.Text(x, 0, note);
    }
}

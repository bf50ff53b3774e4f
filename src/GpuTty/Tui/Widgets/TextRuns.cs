using GpuTty.Terminal;

namespace GpuTty.Tui.Widgets;

/// <summary>Draws lines of pieces.</summary>
internal static class TextRuns
{
    public static void Draw(this Surface on, int y, IEnumerable<TextRun> runs)
    {
        foreach (var run in runs) on.Text(run.X, y, run.Text, run.Style);
    }
}

using GpuTty.Terminal;
using GpuTty.Tui.Widgets;
using Terminal.Gui.ViewBase;

namespace GpuTty.Tui.Views;

/// <summary>Draws pieces of a line into a view of the library.</summary>
internal static class RunsDrawing
{
    public static void DrawRuns(this View view, int y, IEnumerable<TextRun> runs)
    {
        foreach (var run in runs)
        {
            if (run.X >= view.Viewport.Width) continue;
            view.Move(run.X, y);
            view.SetAttribute(run.Style.ToAttribute());
            view.AddStr(Printable.Cut(run.Text, int.MaxValue));
        }
    }
}

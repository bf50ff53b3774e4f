using GpuTty.Terminal;
using GpuTty.Tui.Widgets;
using Terminal.Gui.ViewBase;

namespace GpuTty.Tui.Views;

/// <summary>Draws pieces of a line into a view of the library.</summary>
internal static class RunsDrawing
{
    public static void DrawRuns(this View view, int y, params ReadOnlySpan<TextRun> runs)
    {
        var width = view.Viewport.Width;
        Style? style = null;
        foreach (var run in runs)
        {
            if (run.X >= width) continue;
            view.Move(run.X, y);
            if (run.Style != style) view.SetAttribute(run.Style.ToAttribute());
            view.AddStr(run.Text);
            style = run.Style;
        }
    }
}

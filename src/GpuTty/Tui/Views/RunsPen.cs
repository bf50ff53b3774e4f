using System.Drawing;
using GpuTty.Terminal;
using GpuTty.Tui.Pictures;
using Terminal.Gui.Drivers;
using Terminal.Gui.ViewBase;

namespace GpuTty.Tui.Views;

/// <summary>
/// Draws pieces of lines into a view that is being drawn. Where that stands
/// on the screen is asked once: the library would look it up for each.
/// </summary>
internal readonly struct RunsPen(View view)
{
    private readonly IDriver _driver = view.App!.Driver!;
    private readonly Rectangle _at = view.ViewportToScreen(view.Viewport with { Location = Point.Empty });

    /// <param name="y">The row, counted from the first one of the view.</param>
    /// <param name="runs">From left to right as they come; a later one stands over an earlier one.</param>
    public void Draw(int y, params ReadOnlySpan<TextRun> runs)
    {
        Style? style = null;
        foreach (var run in runs)
        {
            if (run.X >= _at.Width) continue;
            if (run.Style != style) _driver.SetAttribute(run.Style.ToAttribute());
            _driver.Move(_at.X + run.X, _at.Y + y);
            _driver.AddStr(run.Text);
            style = run.Style;
        }
    }
}

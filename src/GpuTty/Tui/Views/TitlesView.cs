using Terminal.Gui.ViewBase;

namespace GpuTty.Tui.Views;

/// <summary>The rows that titles stand in, over all panels: a title that changes is no reason to draw the panels.</summary>
internal sealed class TitlesView : View
{
    private readonly Action<View, int> _draw;
    private readonly HashSet<int> _changed = [];

    /// <param name="draw">Draws a row.</param>
    public TitlesView(Action<View, int> draw)
    {
        _draw = draw;
        (Width, Height) = (Dim.Fill(), Dim.Fill());
        ViewportSettings |= ViewportSettingsFlags.Transparent | ViewportSettingsFlags.TransparentMouse;
    }

    public void Show(IEnumerable<int> changed)
    {
        _changed.UnionWith(changed);
        if (_changed.Count > 0) SetNeedsDraw();
    }

    protected override bool OnClearingViewport() => true;

    protected override bool OnDrawingContent(DrawContext? context)
    {
        foreach (var row in _changed) _draw(this, row);
        _changed.Clear();
        return true;
    }
}

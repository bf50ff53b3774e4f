using System.Collections.Immutable;
using System.Drawing;
using GpuTty.Terminal;
using GpuTty.Tui.Widgets;
using Terminal.Gui.ViewBase;

namespace GpuTty.Tui.Views;

/// <summary>The panels of a screen in their places, with edges that join.</summary>
internal sealed class PanelsView : View
{
    private readonly LineView _top = new();
    private readonly List<PanelView> _panels = [];
    private ScreenPanels _shown = new();
    private ImmutableArray<(Rect At, FrameView, int)> _frames = [];
    private bool _isWhole;
    private ImmutableArray<Rect> _edged = [];
    private ImmutableArray<(Point At, string Glyph)> _edges = [];

    public PanelsView()
    {
        CanFocus = true;
        Add(_top);
    }

    /// <summary>True while panels say where their edges are, which is asked when one of them has moved.</summary>
    public bool AsksForEdges { get; private set; }

    public void Show(ScreenPanels screen)
    {
        _shown = screen;
        _top.Visible = !screen.Top.IsEmpty;
        _top.Show(screen.Top);
        while (_panels.Count < screen.Panels.Length) AddPanel();
        for (var i = 0; i < _panels.Count; i++)
        {
            _panels[i].Visible = i < screen.Panels.Length;
            if (_panels[i].Visible) _panels[i].Show(screen.Panels[i]);
        }
        ImmutableArray<(Rect, FrameView, int)> frames = [.. screen.Panels.Select(panel => (panel.At, panel.Frame, panel.Parts.Length))];
        if (frames.AsSpan().SequenceEqual(_frames.AsSpan())) return;
        _frames = frames;
        SetNeedsDraw();
    }

    /// <summary>The library asks before it clears all of a view that has changed itself.</summary>
    protected override bool OnClearingViewport()
    {
        _isWhole = true;
        ImmutableArray<Rect> panels = [.. _shown.Panels.Select(panel => panel.At)];
        AsksForEdges = !panels.AsSpan().SequenceEqual(_edged.AsSpan());
        _edged = panels;
        return base.OnClearingViewport();
    }

    /// <summary>To join the lines takes the library milliseconds; they stay as they are until a panel moves.</summary>
    protected override bool OnRenderingLineCanvas()
    {
        if (AsksForEdges)
            _edges = [.. LineCanvas.GetCellMap().Where(cell => cell.Value is not null).Select(cell => (ScreenToViewport(cell.Key), cell.Value!.Value.Grapheme))];
        if (_isWhole)
        {
            SetAttribute(Style.Default.ToAttribute());
            foreach (var (at, glyph) in _edges)
            {
                Move(at.X, at.Y);
                AddStr(glyph);
            }
        }
        AsksForEdges = false;
        return true;
    }

    /// <summary>Titles stand in the joined edges, right behind the corner; the library sets its own apart with two more lines.</summary>
    protected override void OnDrawComplete(DrawContext? context)
    {
        if (_isWhole)
        {
            foreach (var panel in _shown.Panels)
            {
                this.DrawRuns(panel.At.Y, [.. panel.Frame.Titles(panel.At)]);
                this.DrawRuns(panel.At.Y + panel.At.Height - 1, [.. panel.Frame.Feet(panel.At)]);
            }
        }
        _isWhole = false;
        base.OnDrawComplete(context);
    }

    private void AddPanel()
    {
        var panel = new PanelView();
        _panels.Add(panel);
        Add(panel);
    }
}

using System.Collections.Immutable;
using System.Drawing;
using GpuTty.Terminal;
using GpuTty.Tui.Pictures;
using Terminal.Gui.Drawing;
using Terminal.Gui.ViewBase;

namespace GpuTty.Tui.Views;

/// <summary>The panels of a screen in their places, with edges that join and titles that stand in them.</summary>
internal sealed class PanelsView : View
{
    private readonly LinesView _top = LinesView.OfOne();
    private readonly List<PanelView> _panels = [];
    private readonly TitlesView _titles;
    private ScreenPanels _shown = new();
    private bool _isWhole;
    private ImmutableArray<Rect> _edged = [];
    private Dictionary<int, ImmutableArray<TextRun>> _edges = [];

    public PanelsView()
    {
        _titles = new TitlesView(DrawRow);
        Add(_top, _titles);
    }

    /// <summary>True while panels say where their edges are, which is asked when one of them has moved.</summary>
    public bool AsksForEdges { get; private set; }

    public void Show(ScreenPanels screen)
    {
        var before = _shown;
        _shown = screen;
        _top.Visible = !screen.Top.IsEmpty;
        _top.Show(screen.Top);
        while (_panels.Count < screen.Panels.Length) AddPanel();
        for (var i = 0; i < _panels.Count; i++)
        {
            _panels[i].Visible = i < screen.Panels.Length;
            if (_panels[i].Visible) _panels[i].Show(screen.Panels[i]);
        }
        if (!Places(before).SequenceEqual(Places(screen))) SetNeedsDraw();
        else _titles.Show(screen.Panels.Zip(before.Panels).SelectMany(pair => Changed(pair.First, pair.Second)));
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
            _edges = LineCanvas.GetCellMap().Where(cell => cell.Value is not null)
                .Select(cell => (At: ScreenToViewport(cell.Key), Glyph: cell.Value!.Value.Grapheme))
                .GroupBy(cell => cell.At.Y).ToDictionary(row => row.Key, row => Pieces(row.OrderBy(cell => cell.At.X)));
        AsksForEdges = false;
        return true;
    }

    protected override void OnDrawComplete(DrawContext? context)
    {
        if (_isWhole)
            foreach (var row in _edges.Keys.Concat(_shown.Panels.SelectMany(panel => EdgeRows(panel.At))).Distinct()) DrawRow(this, row);
        _isWhole = false;
        base.OnDrawComplete(context);
    }

    private static IEnumerable<(Rect At, int Parts)> Places(ScreenPanels screen) =>
        screen.Panels.Select(panel => (panel.At, panel.Parts.Length));

    /// <summary>The rows of its edge in which a panel looks other than before.</summary>
    private static IEnumerable<int> Changed(PanelPicture now, PanelPicture before) =>
    [
        .. now.Heading == before.Heading && now.Foot == before.Foot ? [] : EdgeRows(now.At),
        .. now.Thumb == before.Thumb ? [] : ThumbRows(now).Concat(ThumbRows(before)),
    ];

    private static IEnumerable<int> ThumbRows(PanelPicture panel) =>
        panel.Thumb is { } thumb ? Enumerable.Range(thumb.Y, thumb.Height) : [];

    private static int[] EdgeRows(Rect panel) => [panel.Y, panel.Y + panel.Height - 1];

    /// <summary>Neighbours become one text.</summary>
    private static ImmutableArray<TextRun> Pieces(IEnumerable<(Point At, string Glyph)> cells)
    {
        var pieces = new List<TextRun>();
        foreach (var (at, glyph) in cells)
        {
            if (pieces.Count > 0 && pieces[^1].End == at.X) pieces[^1] = pieces[^1] with { Text = pieces[^1].Text + glyph };
            else pieces.Add(new TextRun(at.X, glyph));
        }
        return [.. pieces];
    }

    /// <summary>
    /// Titles stand in the joined edges, right behind the corner; the library sets its own apart with two more lines. Scroll
    /// bars stand there too: the library's are laid out anew whenever a list grows, and a log does that twenty times a second.
    /// </summary>
    private void DrawRow(View on, int row)
    {
        var pen = new RunsPen(on);
        if (_edges.TryGetValue(row, out var pieces)) pen.Draw(row, pieces.AsSpan());
        foreach (var panel in _shown.Panels)
        {
            if (ThumbRows(panel).Contains(row)) pen.Draw(row, new TextRun(panel.At.X + panel.At.Width - 1, "█"));
            if (panel.At.Y == row) pen.Draw(row, [.. panel.Heading.Titles(panel.At)]);
            if (panel.At.Y + panel.At.Height - 1 == row && panel.Foot is { } foot) pen.Draw(row, foot);
        }
    }

    private void AddPanel()
    {
        var panel = new PanelView();
        _panels.Add(panel);
        Add(panel);
        MoveSubViewToEnd(_titles);
    }
}

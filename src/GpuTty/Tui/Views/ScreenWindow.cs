using System.Collections.Immutable;
using System.Drawing;
using GpuTty.Terminal;
using GpuTty.Tui.Pictures;
using Terminal.Gui.ViewBase;
using Terminal.Gui.Views;
using Cursor = GpuTty.Terminal.Cursor;

namespace GpuTty.Tui.Views;

/// <summary>The whole screen: first line, what is shown, questions over it, last line.</summary>
internal sealed class ScreenWindow : Runnable
{
    private readonly LinesView _header = LinesView.OfOne();
    private readonly PanelsView _panels = new() { Y = 1, Width = Dim.Fill(), Height = Dim.Fill(1) };
    private readonly List<PanelsView> _questions = [];
    private readonly TypedView _typed = new();
    private readonly LinesView _notice = new();
    private readonly LinesView _keys = LinesView.OfOne();
    private readonly LinesView _tooSmall = new();
    private ImmutableArray<(bool IsVisible, Rectangle At)> _over = [];
    private Cursor _resting;
    private bool _restsInField;

    public ScreenWindow()
    {
        Border.Settings = default;
        _keys.Y = Pos.AnchorEnd(1);
        // Nothing here is moved about by anybody, and what is added last is on top.
        Arrangement = ViewArrangement.Fixed;
        SetScheme(Style.Default.ToScheme());
        Add(_header, _panels, _keys, _typed, _notice, _tooSmall);
    }

    /// <summary>Where the hardware cursor rests once all is drawn. Braille
    /// displays and screen readers follow it even when it is hidden.</summary>
    public Cursor Resting => _restsInField ? _typed.Resting : _resting;

    public void Show(Model model)
    {
        var isTooSmall = ScreenPicture.IsTooSmall(model);
        var pictures = isTooSmall ? [] : ScreenPicture.Pictures(model).ToList();
        var typed = pictures.Select(picture => picture.Typed).LastOrDefault(field => field is not null);
        _tooSmall.Visible = isTooSmall;
        _header.Visible = _panels.Visible = _keys.Visible = !isTooSmall;
        _notice.Visible = !isTooSmall && model.Notice is not null;
        _typed.Visible = typed is not null;
        for (var i = 0; i < _questions.Count; i++) _questions[i].Visible = i + 1 < pictures.Count;
        (_resting, _restsInField) = (default, false);
        // Before it is shown: it looks at as many lines as there is room for.
        _tooSmall.Frame = new Rectangle(0, 0, model.Width, model.Height);
        if (isTooSmall) _tooSmall.Show(ScreenPicture.TooSmallLines(model));
        else ShowScreens(model, pictures, typed);
        // What lies over the panels has no part in their edges: where that comes, goes or moves, all is drawn.
        ImmutableArray<(bool, Rectangle)> over = [.. SubViews.Where(view => view != _panels).Select(view => (view.Visible, view.Frame))];
        if (over.AsSpan().SequenceEqual(_over.AsSpan())) return;
        _over = over;
        SetNeedsDraw();
    }

    private void ShowScreens(Model model, List<ScreenPanels> pictures, TypedField? typed)
    {
        _header.Show(Header.Line(model, model.Width));
        _keys.Show(StatusBar.Of(model).Line(model.Width));
        _panels.Show(pictures[0]);
        for (var i = 1; i < pictures.Count; i++) ShowQuestion(i - 1, pictures[i]);
        // Over the panels and not among them: their edges are drawn last.
        if (typed is not null) _typed.Show(typed with { Y = typed.Y + 1 });
        var last = pictures.LastOrDefault(picture => picture.Typed is not null || picture.Cursor is not null);
        _restsInField = last?.Typed is not null;
        if (last?.Cursor is { } cursor) _resting = cursor with { Y = cursor.Y + 1 };
        if (model.Notice is { } notice) ShowNotice(notice, model.Width, model.Height - 2);
    }

    private void ShowQuestion(int index, ScreenPanels picture)
    {
        if (index == _questions.Count)
        {
            _questions.Add(new PanelsView());
            Add(_questions[index]);
            MoveSubViewToEnd(_typed);
            MoveSubViewToEnd(_notice);
        }
        var area = picture.Area;
        _questions[index].Frame = new Rectangle(area.X, area.Y + 1, area.Width, area.Height);
        _questions[index].Visible = true;
        _questions[index].Show(picture.MovedBy(area.X, area.Y));
    }

    private void ShowNotice(Pictures.Label notice, int width, int edge)
    {
        // What is being typed in the same row stays in sight.
        var left = Resting.Visible && Resting.Y == edge ? Resting.X + 2 : 1;
        var lines = ScreenPicture.Notice(notice, width - left);
        _notice.Frame = new Rectangle(left, edge - lines.Length + 1, lines.Max(line => line[0].End), lines.Length);
        _notice.Show(ShownLines.Of(lines));
    }
}

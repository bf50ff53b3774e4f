using System.Drawing;
using GpuTty.Tui.Widgets;
using Terminal.Gui.Drawing;
using FrameView = GpuTty.Tui.Widgets.FrameView;
using Gui = Terminal.Gui.Views;

namespace GpuTty.Tui.Views;

/// <summary>A panel: a frame of the library around lists. The title is drawn by whoever joins the frames.</summary>
internal sealed class PanelView : Gui.FrameView
{
    private readonly List<LinesView> _parts = [];

    public PanelView()
    {
        SuperViewRendersLineCanvas = true;
        Border.Settings = default;
    }

    public void Show(PanelPicture picture)
    {
        var isBare = FrameView.IsBare(picture.At);
        BorderStyle = isBare ? LineStyle.None : LineStyle.Single;
        Padding.Thickness = isBare ? new Thickness(0, picture.At.Height > 1 ? 1 : 0, 0, 0) : new Thickness(1, 0, 1, 0);
        Frame = new Rectangle(picture.At.X, picture.At.Y, picture.At.Width, picture.At.Height);
        while (_parts.Count < picture.Parts.Length) AddPart();
        for (var i = 0; i < _parts.Count; i++)
        {
            var part = i < picture.Parts.Length && !picture.Parts[i].At.IsEmpty ? picture.Parts[i] : null;
            _parts[i].Visible = part is not null;
            if (part is not null) ShowPart(_parts[i], part, picture.Frame.Focused);
        }
    }

    private static void ShowPart(LinesView view, PanelPart part, bool isFocused)
    {
        view.Frame = new Rectangle(part.At.X, part.At.Y, part.At.Width, part.At.Height);
        view.Show(part.Lines);
        if (isFocused && part.HasCursor) view.SetFocus();
    }

    private void AddPart()
    {
        var part = new LinesView();
        _parts.Add(part);
        Add(part);
    }
}

using System.Drawing;
using GpuTty.Tui.Pictures;
using Terminal.Gui.Drawing;
using Gui = Terminal.Gui.Views;

namespace GpuTty.Tui.Views;

/// <summary>A panel: a frame of the library around lines. The title is drawn by whoever joins the frames.</summary>
internal sealed class PanelView : Gui.FrameView
{
    private readonly List<LinesView> _parts = [];
    private bool? _isBare;

    public PanelView()
    {
        SuperViewRendersLineCanvas = true;
        Border.Settings = default;
    }

    public void Show(PanelPicture picture)
    {
        Frame = new Rectangle(picture.At.X, picture.At.Y, picture.At.Width, picture.At.Height);
        ShowBorder(PanelFrame.IsBare(picture.At), picture.At.Height > 1);
        while (_parts.Count < picture.Parts.Length) AddPart();
        for (var i = 0; i < _parts.Count; i++)
        {
            var part = i < picture.Parts.Length && !picture.Parts[i].At.IsEmpty ? picture.Parts[i] : null;
            _parts[i].Visible = part is not null;
            if (part is not null) ShowPart(_parts[i], part);
        }
    }

    /// <summary>A part that changes leaves the edges alone: without those of the neighbours they would not join.</summary>
    protected override bool OnDrawingAdornments() => SuperView is PanelsView { AsksForEdges: false };

    private void ShowBorder(bool isBare, bool hasTitle)
    {
        var padding = isBare ? new Thickness(0, hasTitle ? 1 : 0, 0, 0) : new Thickness(1, 0, 1, 0);
        if (isBare != _isBare) BorderStyle = isBare ? LineStyle.None : LineStyle.Single;
        if (padding != Padding.Thickness) Padding.Thickness = padding;
        _isBare = isBare;
    }

    private static void ShowPart(LinesView view, PanelPart part)
    {
        view.Frame = new Rectangle(part.At.X, part.At.Y, part.At.Width, part.At.Height);
        view.Show(part.Lines);
    }

    private void AddPart()
    {
        var part = new LinesView();
        _parts.Add(part);
        Add(part);
    }
}

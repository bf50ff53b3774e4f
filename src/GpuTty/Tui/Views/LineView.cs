using System.Collections.Immutable;
using GpuTty.Tui.Pictures;
using Terminal.Gui.ViewBase;

namespace GpuTty.Tui.Views;

/// <summary>One line of pieces in several styles, which a label of the library cannot have; drawn when it has changed.</summary>
internal sealed class LineView : View
{
    private ImmutableArray<TextRun> _line = [];

    public LineView() => (Height, Width) = (1, Dim.Fill());

    public void Show(IEnumerable<TextRun> line)
    {
        ImmutableArray<TextRun> wanted = [.. line];
        if (wanted.AsSpan().SequenceEqual(_line.AsSpan())) return;
        _line = wanted;
        SetNeedsDraw();
    }

    protected override bool OnDrawingContent(DrawContext? context)
    {
        new RunsPen(this).Draw(0, _line.AsSpan());
        return true;
    }
}

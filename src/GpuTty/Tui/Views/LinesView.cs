using System.Collections.Immutable;
using GpuTty.Tui.Pictures;
using Terminal.Gui.ViewBase;

namespace GpuTty.Tui.Views;

/// <summary>
/// Lines of pieces in several styles, drawn when those in sight have changed. No label or list of the library: these draw a row in one
/// style, and a list lays itself and all around it out again whenever it hears of another number of lines, as a growing log's.
/// </summary>
internal sealed class LinesView : View
{
    /// <summary>Those in sight, each made once.</summary>
    private readonly List<ImmutableArray<TextRun>> _seen = [];

    /// <summary>A line as wide as what it stands in.</summary>
    public static LinesView OfOne() => new() { Height = 1, Width = Dim.Fill() };

    /// <summary>One line, which is there before anything was laid out.</summary>
    public void Show(IEnumerable<TextRun> line) => Show(ShownLines.Of([[.. line]]), 1);

    public void Show(ShownLines lines) => Show(lines, Viewport.Height);

    private void Show(ShownLines lines, int height)
    {
        var rows = Math.Clamp(lines.Count - lines.First, 0, height);
        var isChanged = rows != _seen.Count;
        if (rows < _seen.Count) _seen.RemoveRange(rows, _seen.Count - rows);
        for (var row = 0; row < rows; row++)
        {
            var line = lines.Line(lines.First + row);
            if (row == _seen.Count) _seen.Add(line);
            else if (!line.AsSpan().SequenceEqual(_seen[row].AsSpan())) (_seen[row], isChanged) = (line, true);
        }
        if (isChanged) SetNeedsDraw();
    }

    /// <summary>Below the last line all is clear already.</summary>
    protected override bool OnDrawingContent(DrawContext? context)
    {
        var pen = new RunsPen(this);
        for (var row = 0; row < _seen.Count; row++) pen.Draw(row, _seen[row].AsSpan());
        return true;
    }
}

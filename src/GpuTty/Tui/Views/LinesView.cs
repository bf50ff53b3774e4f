using System.Collections;
using System.Collections.Immutable;
using System.Collections.Specialized;
using GpuTty.Tui.Pictures;
using Terminal.Gui.ViewBase;
using Terminal.Gui.Views;

namespace GpuTty.Tui.Views;

/// <summary>
/// Lines in a list of the library, scrolled and selected as the model says; drawn when those in sight have changed. The list knows only
/// those: it lays itself and all around it out again whenever it hears of another number of lines, and a log grows twenty times a second.
/// </summary>
internal sealed class LinesView : ListView
{
    private readonly LinesInSight _lines = new();

    public LinesView()
    {
        KeystrokeNavigator = null;
        Source = _lines;
    }

    public void Show(ShownLines lines)
    {
        var selected = lines.Selected - lines.First;
        var isChanged = _lines.Take(lines, Viewport.Height);
        // A line that is scrolled out of sight is not selected here.
        if (selected is < 0 || selected >= _lines.Count) selected = null;
        if (!isChanged && SelectedItem == selected) return;
        SelectedItem = selected;
        SetNeedsDraw();
    }

    /// <summary>A line has several styles, which the library's own drawing of
    /// a row does not know. Below the last one all is clear already.</summary>
    protected override bool OnDrawingContent(DrawContext? context)
    {
        var pen = new RunsPen(this);
        for (var row = 0; row < _lines.Count; row++) pen.Draw(row, _lines[row].AsSpan());
        return true;
    }

    /// <summary>The lines in sight, each made once.</summary>
    private sealed class LinesInSight : IListDataSource
    {
        private readonly List<ImmutableArray<TextRun>> _seen = [];

        /// <summary>Never: the view asks for what has changed.</summary>
        public event NotifyCollectionChangedEventHandler? CollectionChanged
        {
            add { }
            remove { }
        }

        public int Count => _seen.Count;

        public int MaxItemLength => 1;

        public bool SuspendCollectionChangedEvent { get; set; }

        public ImmutableArray<TextRun> this[int row] => _seen[row];

        /// <returns>True when other lines than before are in sight.</returns>
        public bool Take(ShownLines lines, int height)
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
            return isChanged;
        }

        public bool IsMarked(int item) => false;

        public void SetMark(int item, bool value)
        {
        }

        public void Render(ListView listView, bool selected, int item, int col, int row, int width, int viewportX = 0)
        {
        }

        public IList ToList() => Array.Empty<object>();

        public void Dispose()
        {
        }
    }
}

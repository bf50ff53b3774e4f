using System.Collections;
using System.Collections.Immutable;
using System.Collections.Specialized;
using GpuTty.Tui.Widgets;
using Terminal.Gui.Views;
using ListView = Terminal.Gui.Views.ListView;

namespace GpuTty.Tui.Views;

/// <summary>Lines in a list of the library, scrolled and selected as the model says; drawn when those in sight have changed.</summary>
internal sealed class LinesView : ListView
{
    private readonly LinesSource _lines = new();

    public LinesView()
    {
        KeystrokeNavigator = null;
        Source = _lines;
    }

    public void Show(ShownLines lines)
    {
        if (!_lines.Take(lines, Viewport.Height) && SelectedItem == lines.Selected && Viewport.Y == lines.First) return;
        SelectedItem = lines.Selected;
        if (Viewport.Y != lines.First) Viewport = Viewport with { Y = lines.First };
        SetNeedsDraw();
    }

    /// <summary>The rows in sight, each made once. A row has several styles, which the library's own sources do not know.</summary>
    private sealed class LinesSource : IListDataSource
    {
        private readonly List<ImmutableArray<TextRun>> _seen = [];
        private int _first;

        public event NotifyCollectionChangedEventHandler? CollectionChanged;

        public int Count { get; private set; }

        public int MaxItemLength => 1;

        public bool SuspendCollectionChangedEvent { get; set; }

        /// <returns>True when other lines than before are in sight.</returns>
        public bool Take(ShownLines lines, int height)
        {
            var isChanged = Keep(lines, Math.Clamp(lines.Count - lines.First, 0, height));
            _first = lines.First;
            if (Count == lines.Count) return isChanged;
            Count = lines.Count;
            CollectionChanged?.Invoke(this, new NotifyCollectionChangedEventArgs(NotifyCollectionChangedAction.Reset));
            return true;
        }

        public bool IsMarked(int item) => false;

        public void SetMark(int item, bool value)
        {
        }

        /// <summary>The list has cleared its room.</summary>
        public void Render(ListView listView, bool selected, int item, int col, int row, int width, int viewportX = 0)
        {
            if (item - _first < _seen.Count) listView.DrawRuns(row, _seen[item - _first].AsSpan());
        }

        public IList ToList() => Array.Empty<object>();

        public void Dispose()
        {
        }

        private bool Keep(ShownLines lines, int rows)
        {
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
    }
}

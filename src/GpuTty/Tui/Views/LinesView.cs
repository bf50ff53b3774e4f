using System.Collections;
using System.Collections.Specialized;
using GpuTty.Terminal;
using GpuTty.Tui.Widgets;
using Terminal.Gui.Views;
using ListView = Terminal.Gui.Views.ListView;

namespace GpuTty.Tui.Views;

/// <summary>Lines in a list of the library, scrolled and selected as the model says.</summary>
internal sealed class LinesView : ListView
{
    public LinesView() => KeystrokeNavigator = null;

    public void Show(ShownLines lines)
    {
        Source = new LinesSource(lines);
        SelectedItem = lines.Selected;
        Viewport = Viewport with { Y = lines.First };
    }

    /// <summary>The list asks for the rows in sight only. A row has several styles, which the library's own sources do not know.</summary>
    private sealed class LinesSource(ShownLines lines) : IListDataSource
    {
        public event NotifyCollectionChangedEventHandler? CollectionChanged
        {
            add { }
            remove { }
        }

        public int Count => lines.Count;

        public int MaxItemLength => 1;

        public bool SuspendCollectionChangedEvent { get; set; }

        public bool IsMarked(int item) => false;

        public void SetMark(int item, bool value)
        {
        }

        public void Render(ListView listView, bool selected, int item, int col, int row, int width, int viewportX = 0)
        {
            listView.SetAttribute(Style.Default.ToAttribute());
            listView.AddStr(new string(' ', width));
            listView.DrawRuns(row, lines.Line(item));
            // The list goes on with what it set before the row.
            listView.SetAttribute(Style.Default.ToAttribute());
        }

        public IList ToList() => Array.Empty<object>();

        public void Dispose()
        {
        }
    }
}

using System.Collections.Immutable;
using System.Runtime.InteropServices;
using GpuTty.Terminal;

namespace GpuTty.Tui.Pictures;

/// <summary>A list with one selected row, and a filter. The rows are not part
/// of its state: they come anew with every look at the machine.</summary>
/// <param name="SelectedId">The row the user is on.</param>
/// <param name="SelectedIndex">Where it was, for when it is gone.</param>
internal sealed record ListState(string? SelectedId = null, int SelectedIndex = 0, string Filter = "")
{
    /// <summary>Columns before each row, for the sign of the selected one.</summary>
    public const int MarkWidth = 2;

    private static readonly SnapshotCache<ListRow[], string, ImmutableArray<ListRow>> s_filtered = new();

    /// <summary>The rows the filter lets through, each with its heading.</summary>
    public ImmutableArray<ListRow> Matching(ImmutableArray<ListRow> rows) =>
        TextFilter.IsEmpty(Filter) || rows.IsEmpty
            ? rows
            : s_filtered.Get(ImmutableCollectionsMarshal.AsArray(rows)!, Filter, () => Sift(rows));

    private ImmutableArray<ListRow> Sift(ImmutableArray<ListRow> rows)
    {
        var kept = new List<ListRow>();
        ListRow? heading = null;
        foreach (var row in rows)
        {
            if (row.IsHeading) heading = row;
            else if (row.Matches(Filter))
            {
                if (heading is not null) kept.Add(heading);
                heading = null;
                kept.Add(row);
            }
        }
        return [.. kept];
    }

    /// <summary>The row the user is on; null if there is none to be on.</summary>
    public ListRow? Selected(ImmutableArray<ListRow> rows)
    {
        var matching = Matching(rows);
        return Position(matching) is var at and >= 0 ? matching[at] : null;
    }

    public ListState Select(ImmutableArray<ListRow> rows, string id)
    {
        var at = Matching(rows).ToList().FindIndex(row => row.Id == id);
        return at < 0 ? this : this with { SelectedId = id, SelectedIndex = at };
    }

    /// <summary>The list after a key; null if the key is none of a list's.</summary>
    /// <param name="page">How many rows a page is, if the caller knows it.</param>
    public ListState? On(Key key, ImmutableArray<ListRow> rows, int page = 10) => Moves.By(key, page) is { } by ? Move(rows, by) : null;

    private ListState Move(ImmutableArray<ListRow> rows, int by)
    {
        var matching = Matching(rows);
        var from = Position(matching);
        if (from < 0) return this;
        var to = Nearest(matching, Math.Clamp(from + by, 0, matching.Length - 1), Math.Sign(by));
        return this with { SelectedId = matching[to].Id, SelectedIndex = to };
    }

    private int Position(ImmutableArray<ListRow> matching)
    {
        for (var i = 0; i < matching.Length; i++)
            if (!matching[i].IsHeading && matching[i].Id == SelectedId) return i;
        return matching.IsEmpty ? -1 : Nearest(matching, Math.Clamp(SelectedIndex, 0, matching.Length - 1), 1);
    }

    /// <summary>The row at the index, or the next one that can be selected:
    /// first onwards, then back. -1 if there are headings only.</summary>
    private static int Nearest(ImmutableArray<ListRow> rows, int index, int direction)
    {
        for (var i = index; i >= 0 && i < rows.Length; i += direction < 0 ? -1 : 1)
            if (!rows[i].IsHeading) return i;
        for (var i = index; i >= 0 && i < rows.Length; i += direction < 0 ? 1 : -1)
            if (!rows[i].IsHeading) return i;
        return -1;
    }

    /// <summary>The rows as lines: <c>&gt;</c> and reversed where the user is; only bold if another panel has the keys.</summary>
    /// <param name="isOnRow">False while the user is on none yet.</param>
    public ShownLines Shown(
        IReadOnlyList<Column> columns, ImmutableArray<ListRow> rows, bool focused, int width, int height, bool isOnRow = true)
    {
        if (width <= MarkWidth || columns.Count == 0) return ShownLines.None;
        var matching = Matching(rows);
        if (matching.IsEmpty && !TextFilter.IsEmpty(Filter))
            return ShownLines.Of(TextRun.Cut(MarkWidth, width - MarkWidth, $"nothing matches \"{Filter}\""));
        var widths = ColumnWidths.For(columns, rows, width - MarkWidth);
        var selected = isOnRow ? Position(matching) : -1;
        var first = Scroll.First(Math.Max(0, selected), matching.Length, height);
        return new ShownLines(matching.Length, first, selected < 0 ? null : selected, index =>
            index == selected ? Selected(matching[index], columns, widths, width, focused) : Line(matching[index], columns, widths, width))
        {
            CanSelect = index => !matching[index].IsHeading,
        };
    }

    private static ImmutableArray<TextRun> Line(ListRow row, IReadOnlyList<Column> columns, int[] widths, int width) =>
        row.IsHeading ? [TextRun.Cut(0, width, row.Cells[0].Text, row.Cells[0].Style.Bold)] : [.. Cells(row, columns, widths)];

    private static ImmutableArray<TextRun> Selected(ListRow row, IReadOnlyList<Column> columns, int[] widths, int width, bool focused) =>
    [
        new TextRun(0, (focused ? ">" : "").PadRight(width), focused ? Theme.Focus : Theme.Strong),
        .. Cells(row, columns, widths).Select(cell => cell with { Style = focused ? Theme.Focus : cell.Style.Bold }),
    ];

    /// <summary>Each in its column; what would be cut runs on over empty cells behind it.</summary>
    private static IEnumerable<TextRun> Cells(ListRow row, IReadOnlyList<Column> columns, int[] widths)
    {
        var (x, aside) = (MarkWidth, 0);
        for (var i = 0; i < Math.Min(row.Cells.Length, widths.Length); i++)
        {
            if (widths[i] == 0) continue;
            var lacking = row.Indent(i) + row.Cells[i].Width + aside - widths[i];
            var pushes = (columns[i] == Column.Name || aside > 0) && lacking <= Blanks(row, widths, i + 1);
            var pushed = lacking <= 0 ? 0 : pushes ? lacking : aside;
            var shift = columns[i] == Column.Number ? Math.Max(0, -lacking) : Math.Min(row.Indent(i), widths[i]);
            var end = widths[i] + Math.Max(pushed, columns[i] is Column.Cut or Column.Name ? Empty(row, widths, i + 1) : 0);
            yield return TextRun.Cut(x + aside + shift, end - aside - shift, row.Cells[i]);
            (x, aside) = (x + widths[i] + ColumnWidths.Gap, pushed);
        }
    }

    /// <summary>How much of these columns the row does not need.</summary>
    private static int Blanks(ListRow row, int[] widths, int from) => Enumerable.Range(from, widths.Length - from)
        .Sum(i => Math.Max(0, widths[i] - (i < row.Cells.Length ? row.Cells[i].Width : 0)));

    /// <summary>How many columns of the screen the row leaves empty from this cell on.</summary>
    private static int Empty(ListRow row, int[] widths, int from) => Enumerable.Range(from, widths.Length - from)
        .TakeWhile(i => i >= row.Cells.Length || row.Cells[i].Text.Length == 0)
        .Sum(i => widths[i] == 0 ? 0 : ColumnWidths.Gap + widths[i]);
}

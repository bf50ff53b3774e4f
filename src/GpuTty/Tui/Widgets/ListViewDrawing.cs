using System.Collections.Immutable;

namespace GpuTty.Tui.Widgets;

/// <content>How a list looks: <c>&gt;</c> and reversed where the user is; only bold if another panel has the keys.</content>
internal sealed partial record ListView
{
    private const int MarkWidth = 2;

    /// <summary>The rows as lines, without the titles of the columns.</summary>
    public ShownLines Shown(IReadOnlyList<Column> columns, IReadOnlyList<ListRow> rows, bool focused, int width, int height)
    {
        if (width <= MarkWidth || columns.Count == 0) return ShownLines.None;
        var matching = Matching(rows);
        if (matching.IsEmpty && !TextFilter.IsEmpty(Filter))
            return ShownLines.Of(TextRun.Cut(MarkWidth, width - MarkWidth, $"nothing matches \"{Filter}\""));
        var widths = ColumnWidths.For(columns, rows, width - MarkWidth);
        var selected = Position(matching);
        return new ShownLines(matching.Length, Scroll.First(selected, matching.Length, height), selected < 0 ? null : selected, index =>
            index == selected ? Selected(matching[index], columns, widths, width, focused) : Line(matching[index], columns, widths, width))
        {
            CanSelect = index => !matching[index].IsHeading,
        };
    }

    private static ImmutableArray<TextRun> Line(ListRow row, IReadOnlyList<Column> columns, int[] widths, int width) =>
        row.IsHeading ? [TextRun.Cut(0, width, row.Cells[0].Text, row.Cells[0].Style.Bold)] : [.. Cells(row, columns, widths)];

    private static ImmutableArray<TextRun> Selected(ListRow row, IReadOnlyList<Column> columns, int[] widths, int width, bool focused) =>
    [
        new TextRun(0, (focused ? ">" : "").PadRight(width), focused ? Look.Focus : Look.Strong),
        .. Cells(row, columns, widths).Select(cell => cell with { Style = focused ? Look.Focus : cell.Style.Bold }),
    ];

    private static IEnumerable<TextRun> Cells(ListRow row, IReadOnlyList<Column> columns, int[] widths)
    {
        var x = MarkWidth;
        for (var i = 0; i < Math.Min(row.Cells.Length, widths.Length); i++)
        {
            if (widths[i] == 0) continue;
            var shift = columns[i].AlignsRight ? Math.Max(0, widths[i] - row.Cells[i].Width) : Math.Min(row.Indent(i), widths[i]);
            yield return TextRun.Cut(x + shift, widths[i] - shift, row.Cells[i]);
            x += widths[i] + ColumnWidths.Gap;
        }
    }
}

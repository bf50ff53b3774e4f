using System.Collections.Immutable;
using GpuTty.Terminal;

namespace GpuTty.Tui.Widgets;

/// <content>How a list looks: <c>&gt;</c> and reversed where the user is; only bold if another panel has the keys.</content>
internal sealed partial record ListView
{
    private const int MarkWidth = 2;

    public void Draw(Surface on, IReadOnlyList<Column> columns, IReadOnlyList<ListRow> rows, bool focused)
    {
        if (on.Width <= MarkWidth || columns.Count == 0) return;
        var matching = Matching(rows);
        var widths = ColumnWidths.For(columns, rows, on.Width - MarkWidth);
        var (header, body) = on.Bounds.SplitTop(columns.Any(column => column.Title.Length > 0) ? 1 : 0);
        DrawCells(on.Clip(header), 0, [.. columns.Select(column => new Label(column.Title, Look.Strong))], columns, widths);

        var selected = Position(matching);
        var first = Scroll.First(selected, matching.Length, body.Height);
        var list = on.Clip(body);
        for (var y = 0; y < Math.Min(list.Height, matching.Length - first); y++)
            DrawRow(list, y, matching[first + y], columns, widths, selected: first + y == selected, focused);
        if (matching.IsEmpty && !TextFilter.IsEmpty(Filter)) list.CutText(MarkWidth, 0, list.Width - MarkWidth, $"nothing matches \"{Filter}\"");
    }

    private static void DrawRow(Surface on, int y, ListRow row, IReadOnlyList<Column> columns, int[] widths, bool selected, bool focused)
    {
        if (row.IsHeading)
        {
            on.CutText(0, y, on.Width, row.Cells[0].Text, row.Cells[0].Style.Bold);
            return;
        }
        DrawCells(on, y, row.Cells, columns, widths, row.Depth);
        if (!selected) return;
        on.Restyle(new Rect(0, y, on.Width, 1), style => focused ? Look.Focus : style.Bold);
        if (!focused) return;
        on.Text(0, y, ">", Look.Focus);
        on.PlaceCursor(0, y);
    }

    private static void DrawCells(Surface on, int y, ImmutableArray<Label> cells, IReadOnlyList<Column> columns, int[] widths, int depth = 0)
    {
        var x = MarkWidth;
        for (var i = 0; i < Math.Min(cells.Length, widths.Length); i++)
        {
            if (widths[i] == 0) continue;
            var indent = Math.Min(i == 0 ? depth : 0, widths[i]);
            var shift = columns[i].AlignsRight ? Math.Max(0, widths[i] - cells[i].Width) : indent;
            on.CutText(x + shift, y, widths[i] - shift, cells[i].Text, cells[i].Style);
            x += widths[i] + ColumnWidths.Gap;
        }
    }
}

using System.Collections.Immutable;
using System.Runtime.InteropServices;
using GpuTty.Terminal;

namespace GpuTty.Tui.Widgets;

/// <summary>A list with one selected row, and a filter. The rows are not part
/// of its state: they come anew with every look at the machine.</summary>
/// <param name="SelectedId">The row the user is on.</param>
/// <param name="SelectedIndex">Where it was, for when it is gone.</param>
internal sealed partial record ListView(string? SelectedId = null, int SelectedIndex = 0, string Filter = "")
{
    private static readonly SnapshotCache<ListRow[], string, ImmutableArray<ListRow>> s_filtered = new();

    /// <summary>The rows the filter lets through, each with its heading.</summary>
    public ImmutableArray<ListRow> Matching(IReadOnlyList<ListRow> rows)
    {
        var all = rows is ImmutableArray<ListRow> array ? array : [.. rows];
        return TextFilter.IsEmpty(Filter) || all.IsEmpty
            ? all
            : s_filtered.Get(ImmutableCollectionsMarshal.AsArray(all)!, Filter, () => Sift(all));
    }

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
    public ListRow? Selected(IReadOnlyList<ListRow> rows)
    {
        var matching = Matching(rows);
        return Position(matching) is var at and >= 0 ? matching[at] : null;
    }

    public ListView Select(IReadOnlyList<ListRow> rows, string id)
    {
        var at = Matching(rows).ToList().FindIndex(row => row.Id == id);
        return at < 0 ? this : this with { SelectedId = id, SelectedIndex = at };
    }

    /// <summary>The list after a key; null if the key is none of a list's.</summary>
    /// <param name="page">How many rows a page is, if the caller knows it.</param>
    public ListView? On(Key key, IReadOnlyList<ListRow> rows, int page = 10) => key switch
    {
        { Code: KeyCode.Up } => Move(rows, -1),
        { Code: KeyCode.Down } => Move(rows, 1),
        { Code: KeyCode.PageUp } => Move(rows, -page),
        { Code: KeyCode.PageDown } => Move(rows, page),
        { Code: KeyCode.Home } => Move(rows, -rows.Count),
        { Code: KeyCode.End } => Move(rows, rows.Count),
        _ when key.Is('k') => Move(rows, -1),
        _ when key.Is('j') => Move(rows, 1),
        _ when key.Is('g') => Move(rows, -rows.Count),
        _ when key.Is('G') => Move(rows, rows.Count),
        _ => null,
    };

    private ListView Move(IReadOnlyList<ListRow> rows, int by)
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
}

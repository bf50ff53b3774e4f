using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace GpuTty.Tui.Pictures;

/// <summary>A column of a list. Addresses and states are shown whole or not at all; names may be cut.</summary>
internal enum Column
{
    /// <summary>As wide as its widest cell.</summary>
    Whole,

    /// <summary>Shares the room the others leave; what does not fit ends with <c>~</c>.</summary>
    Cut,

    /// <summary>The same, but for what a card is called: rather than being cut it pushes what follows aside, into blanks.</summary>
    Name,

    /// <summary>Whole, and aligned to the right.</summary>
    Number,
}

/// <summary>Deals out the width of a list to its columns.</summary>
internal static class ColumnWidths
{
    public const int Gap = 2;

    // Below this a cut name says nothing any more.
    private const int NarrowestCut = 6;

    private static readonly SnapshotCache<ListRow[], IReadOnlyList<Column>, int[]> s_measured = new();

    /// <summary>One width per column; 0 means that the column does not fit and is left out.</summary>
    public static int[] For(IReadOnlyList<Column> columns, ImmutableArray<ListRow> rows, int width)
    {
        var natural = s_measured.Get(ImmutableCollectionsMarshal.AsArray(rows)!, columns, () => Natural(columns, rows));
        var given = columns
            .Select((column, i) => column is Column.Cut or Column.Name ? Math.Min(natural[i], NarrowestCut) : natural[i]).ToArray();
        for (var last = columns.Count - 1; last > 0 && Total(given) > width; last--) given[last] = 0;
        GrowTowards(natural, given, width);
        given[0] = Math.Min(given[0], width);
        return given;
    }

    private static int[] Natural(IReadOnlyList<Column> columns, IEnumerable<ListRow> rows)
    {
        var natural = new int[columns.Count];
        foreach (var row in rows.Where(row => !row.IsHeading))
            for (var i = 0; i < Math.Min(columns.Count, row.Cells.Length); i++)
                natural[i] = Math.Max(natural[i], row.Indent(i) + row.Cells[i].Width);
        return natural;
    }

    private static void GrowTowards(int[] natural, int[] given, int width)
    {
        var room = width - Total(given);
        for (var grown = true; room > 0 && grown;)
        {
            grown = false;
            for (var i = 0; i < given.Length && room > 0; i++)
            {
                if (given[i] == 0 || given[i] >= natural[i]) continue;
                (given[i], room, grown) = (given[i] + 1, room - 1, true);
            }
        }
    }

    private static int Total(int[] given) => given.Sum() + (Gap * Math.Max(0, given.Count(width => width > 0) - 1));
}

using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace GpuTty.Tui.Pictures;

/// <summary>A row of a list.</summary>
/// <param name="Id">What it is about. The selection follows the id, so it stays where it is when rows come and go.</param>
/// <param name="Cells">One per column; a heading has one for the whole width.</param>
internal sealed partial record ListRow(string Id, params ImmutableArray<Label> Cells)
{
    /// <summary>A heading cannot be selected; the filter keeps it while a row below it is kept.</summary>
    public bool IsHeading { get; private init; }

    /// <summary>Columns left free before the first cell.</summary>
    public int Depth { get; init; }

    /// <summary>What it is found by besides what it shows.</summary>
    public string Words { get; init; } = "";

    public static ListRow Heading(Label text) => new("", text) { IsHeading = true };

    /// <summary>By the words in a column, numbers by their size; a heading is a remark on the row above it and stays there.</summary>
    public static ImmutableArray<ListRow> Sorted(ImmutableArray<ListRow> rows, int column)
    {
        var groups = new List<List<ListRow>>();
        foreach (var row in rows)
        {
            if (!row.IsHeading || groups.Count == 0) groups.Add([]);
            groups[^1].Add(row);
        }
        // What has no word there comes last.
        var sorted = groups
            .OrderBy(group => group[0].Word(column).Length == 0)
            .ThenBy(group => group[0].Word(column), StringComparer.OrdinalIgnoreCase);
        return [.. sorted.SelectMany(group => group)];
    }

    private string Word(int column) =>
        column < Cells.Length ? Number().Replace(Cells[column].Text, number => number.Value.PadLeft(10, '0')) : "";

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();

    public int Indent(int column) => column == 0 ? Depth : 0;

    /// <summary>By what it shows or by what it is about: a row that shows <c>.0</c> is found by its whole address.</summary>
    public bool Matches(string filter) => TextFilter.Matches(filter, [Id, Words, .. Cells.Select(cell => cell.Text)]);
}

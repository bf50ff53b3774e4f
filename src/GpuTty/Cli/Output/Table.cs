using GpuTty.Text;

namespace GpuTty.Cli.Output;

/// <summary>Rows with aligned columns; the last column takes what is left, so nothing is ever cut.</summary>
internal static class Table
{
    /// <param name="rows">All of the same length.</param>
    /// <param name="indent">Blanks before each row.</param>
    public static IEnumerable<string> Lines(IReadOnlyList<string[]> rows, int indent = 0)
    {
        if (rows.Count == 0) return [];
        var visible = rows.Select(row => row.Select(cell => Visible.Text(cell)).ToArray()).ToList();
        var widths = Enumerable.Range(0, visible[0].Length).Select(column => visible.Max(row => row[column].Length)).ToArray();
        return visible.Select(row => new string(' ', indent)
            + string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }
}

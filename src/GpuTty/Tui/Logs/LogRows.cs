using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Logs;

/// <summary>
/// The rows that the chosen lines take: one each, or as many as their texts need. Only those near a place are counted. A place is
/// the index of a line among those that are chosen, and how many rows of that line are above it.
/// </summary>
/// <param name="width">Of the room for them; 0 where long lines are cut.</param>
internal readonly struct LogRows(ChosenLines chosen, int width)
{
    /// <summary>Behind the time, the mark and the source.</summary>
    public const int TextStart = 20;

    public ChosenLines Chosen => chosen;

    public bool AreWrapped => width > TextStart;

    /// <summary>Below the last row.</summary>
    public (int Line, int Row) End => (chosen.Count, 0);

    public IEnumerable<string> Of(int line) => WordWrap.Lines(chosen[line].Text, width - TextStart);

    /// <summary>That row of the line, or its last one where it has fewer.</summary>
    public (int Line, int Row) At(int line, int row) =>
        (line, row == 0 || line >= chosen.Count ? 0 : Math.Min(row, CountOf(line) - 1));

    /// <summary>So many rows further up, or the first.</summary>
    public (int Line, int Row) Above((int Line, int Row) from, int by)
    {
        if (!AreWrapped) return (Math.Max(0, from.Line - by), 0);
        var (line, row) = (from.Line, from.Row);
        while (by > row && line > 0)
        {
            by -= row;
            row = CountOf(--line);
        }
        return (line, Math.Max(0, row - by));
    }

    /// <summary>So many rows further down, or the last.</summary>
    public (int Line, int Row) Below((int Line, int Row) from, int by)
    {
        var last = Math.Max(0, chosen.Count - 1);
        if (!AreWrapped) return (Math.Min(last, from.Line + by), 0);
        var (line, row) = (from.Line, from.Row + by);
        for (; line < last && CountOf(line) is var count && row >= count; line++) row -= count;
        return At(line, row);
    }

    private int CountOf(int line) => AreWrapped ? Of(line).Count() : 1;
}

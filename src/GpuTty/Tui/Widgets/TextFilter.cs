namespace GpuTty.Tui.Widgets;

/// <summary>What the user typed after <c>/</c>: words that must all occur, in any order and case.</summary>
internal static class TextFilter
{
    public static bool IsEmpty(string filter) => string.IsNullOrWhiteSpace(filter);

    /// <summary>True if every word occurs in one of the cells, or in the other text.</summary>
    public static bool Matches(string filter, System.Collections.Immutable.ImmutableArray<Label> cells, string more)
    {
        foreach (var range in filter.AsSpan().Split(' '))
        {
            var word = filter.AsSpan()[range];
            var found = more.AsSpan().Contains(word, StringComparison.OrdinalIgnoreCase);
            for (var i = 0; !found && i < cells.Length; i++)
                found = cells[i].Text.AsSpan().Contains(word, StringComparison.OrdinalIgnoreCase);
            if (!found) return false;
        }
        return true;
    }

    /// <summary>True if every word occurs in one of the two texts: two, so that
    /// 100,000 log lines need not be put together to be searched.</summary>
    public static bool Matches(string filter, string text, string more = "")
    {
        foreach (var range in filter.AsSpan().Split(' '))
        {
            var word = filter.AsSpan()[range];
            if (!text.AsSpan().Contains(word, StringComparison.OrdinalIgnoreCase)
                && !more.AsSpan().Contains(word, StringComparison.OrdinalIgnoreCase))
                return false;
        }
        return true;
    }
}

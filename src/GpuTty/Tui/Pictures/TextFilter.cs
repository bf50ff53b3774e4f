namespace GpuTty.Tui.Pictures;

/// <summary>What the user typed after <c>/</c>: words that must all occur, in any order and case.</summary>
internal static class TextFilter
{
    public static bool IsEmpty(string filter) => string.IsNullOrWhiteSpace(filter);

    /// <summary>True if every word occurs in one of the texts: several, so that they need not be put together to be searched.</summary>
    public static bool Matches(string filter, params ReadOnlySpan<string> texts)
    {
        foreach (var range in filter.AsSpan().Split(' '))
        {
            var isFound = false;
            foreach (var text in texts) isFound |= text.AsSpan().Contains(filter.AsSpan()[range], StringComparison.OrdinalIgnoreCase);
            if (!isFound) return false;
        }
        return true;
    }
}

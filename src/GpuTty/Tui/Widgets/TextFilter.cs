namespace GpuTty.Tui.Widgets;

/// <summary>What the user typed after <c>/</c>: words that must all occur, in any order and case.</summary>
internal static class TextFilter
{
    public static bool IsEmpty(string filter) => string.IsNullOrWhiteSpace(filter);

    public static bool Matches(string filter, string text)
    {
        foreach (var range in filter.AsSpan().Split(' '))
        {
            if (!text.AsSpan().Contains(filter.AsSpan()[range], StringComparison.OrdinalIgnoreCase)) return false;
        }
        return true;
    }
}

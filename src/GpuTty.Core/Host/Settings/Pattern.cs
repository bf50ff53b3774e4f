namespace GpuTty.Host.Settings;

/// <summary>Patterns in which * stands for any text and ? for any one character (fnmatch(3), without its sets).</summary>
public static class Pattern
{
    /// <summary>Takes no more than the product of both lengths.</summary>
    public static bool Fits(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        int at = 0, read = 0, star = -1, mark = 0;
        while (read < text.Length)
        {
            if (at < pattern.Length && pattern[at] != '*' && (pattern[at] == '?' || pattern[at] == text[read]))
                (at, read) = (at + 1, read + 1);
            else if (at < pattern.Length && pattern[at] == '*') (star, mark, at) = (at, read, at + 1);
            else if (star >= 0) (at, read) = (star + 1, ++mark);
            else return false;
        }
        while (at < pattern.Length && pattern[at] == '*') at++;
        return at == pattern.Length;
    }
}

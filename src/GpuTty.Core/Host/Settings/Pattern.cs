namespace GpuTty.Host.Settings;

/// <summary>Patterns in which * stands for any text and ? for any one character (fnmatch(3), without its sets).</summary>
public static class Pattern
{
    public static bool Fits(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text) => Fits(pattern, text, out _);

    /// <param name="steps">How much work it was: no more than the product of both lengths.</param>
    internal static bool Fits(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text, out int steps)
    {
        int at = 0, read = 0, star = -1, mark = 0;
        for (steps = 0; read < text.Length; steps++)
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

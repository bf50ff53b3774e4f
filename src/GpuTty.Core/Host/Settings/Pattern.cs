namespace GpuTty.Host.Settings;

/// <summary>Patterns in which * stands for any text, ? for any one character, and [...] for one of those in it (fnmatch(3)).</summary>
public static class Pattern
{
    public static bool Fits(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text) => Fits(pattern, text, out _);

    /// <param name="steps">How much work it was: no more than the product of both lengths.</param>
    internal static bool Fits(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text, out int steps)
    {
        int at = 0, read = 0, star = -1, mark = 0;
        for (steps = 0; read < text.Length; steps++)
        {
            if (at < pattern.Length && pattern[at] != '*' && FitsOne(pattern[at..], text[read], out var length))
                (at, read) = (at + length, read + 1);
            else if (at < pattern.Length && pattern[at] == '*') (star, mark, at) = (at, read, at + 1);
            else if (star >= 0) (at, read) = (star + 1, ++mark);
            else return false;
        }
        while (at < pattern.Length && pattern[at] == '*') at++;
        return at == pattern.Length;
    }

    /// <summary>The first part of a pattern stands for this character.</summary>
    /// <param name="length">Of that part.</param>
    private static bool FitsOne(ReadOnlySpan<char> pattern, char one, out int length)
    {
        length = 1;
        if (pattern[0] != '[') return pattern[0] == '?' || pattern[0] == one;
        var begin = pattern.Length > 1 && pattern[1] is '!' or '^' ? 2 : 1;
        // A bracket that comes first is one of the set; one that is never closed is a character.
        var end = begin < pattern.Length ? pattern[(begin + 1)..].IndexOf(']') : -1;
        if (end < 0) return one == '[';
        end += begin + 1;
        length = end + 1;
        var isIn = false;
        for (var at = begin; at < end; at++)
        {
            var isRange = at + 2 < end && pattern[at + 1] == '-';
            isIn |= isRange ? pattern[at] <= one && one <= pattern[at + 2] : pattern[at] == one;
            if (isRange) at += 2;
        }
        return isIn == (begin == 1);
    }
}

namespace GpuTty.Text;

/// <summary>Words of a command that a person may paste into a shell.</summary>
public static class ShellWord
{
    /// <summary>Plain where the shell takes it as it is, else between single
    /// quotes. Only for words that <see cref="CanBeTyped"/>.</summary>
    public static string Quoted(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "_@%+=:,./-".Contains(c, StringComparison.Ordinal)) ? word
        : InQuotes(word);

    /// <summary>Quoted where it can be typed, else what stands for it.</summary>
    public static string Or(string word, string otherwise) => CanBeTyped(word) ? Quoted(word) : otherwise;

    /// <summary>Between single quotes, whatever is in it.</summary>
    public static string InQuotes(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>What is shown of it is what it is: nothing in it had to be made visible.</summary>
    public static bool CanBeTyped(string word) =>
        word.Length is > 0 and < 1000 && Visible.Text(word) == word && !word.Contains('\ufffd', StringComparison.Ordinal);
}

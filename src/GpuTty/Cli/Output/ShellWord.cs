namespace GpuTty.Cli.Output;

/// <summary>A word as a shell takes it, whatever is in it.</summary>
internal static class ShellWord
{
    public static string Of(string word) => word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_=.,:/+@%".Contains(c, StringComparison.Ordinal)) ? word
        : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}

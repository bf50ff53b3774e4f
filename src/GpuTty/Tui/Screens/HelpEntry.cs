namespace GpuTty.Tui.Screens;

/// <summary>One line of the help: which keys, what they do, and under which heading.</summary>
/// <param name="Label">What the bottom line calls it; empty for what is only explained.</param>
/// <param name="Words">Other words that it is found by.</param>
internal sealed record HelpEntry(string Section, string Keys, string Text, string Label = "", string Words = "")
{
    /// <summary>How near it is to what was typed, 0 the nearest: the key itself, its label, the beginning of a word, anything.</summary>
    public int Distance(string typed) =>
        // Words are explained, not pressed.
        Label.Length == 0 ? (BeginsWord($"{Keys} {Text}", typed) ? 4 : 5)
        : IsKey(typed, StringComparison.Ordinal) ? 0
        : IsKey(typed, StringComparison.OrdinalIgnoreCase) ? 1
        : Label.Equals(typed, StringComparison.OrdinalIgnoreCase) ? 2
        : BeginsWord(Label, typed) ? 3
        : BeginsWord(Text, typed) ? 4
        : 5;

    private bool IsKey(string typed, StringComparison how) => Keys.Split(' ').Any(key => key.Equals(typed, how));

    private static bool BeginsWord(string text, string typed) =>
        Enumerable.Range(0, text.Length).Any(at => (at == 0 || !char.IsLetterOrDigit(text[at - 1]))
            && text.AsSpan(at).StartsWith(typed, StringComparison.OrdinalIgnoreCase));
}

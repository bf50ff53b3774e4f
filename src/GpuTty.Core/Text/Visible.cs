using System.Text;

namespace GpuTty.Text;

/// <summary>Text from the machine (process names, device names, logs) is
/// hostile: everything that could move a cursor is made visible.</summary>
public static class Visible
{
    /// <summary>Control, format and other non-printing characters become <c>\x1b</c> or <c>\u202e</c>;
    /// broken UTF-16 becomes U+FFFD. Cut at <paramref name="atMost"/> characters.</summary>
    public static string Text(string text, int atMost = 4096)
    {
        if (text.Length <= atMost && !text.AsSpan().ContainsAnyExceptInRange(' ', '~')) return text;
        var clean = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length >= atMost) break;
            clean.Append(IsPrinting(rune) ? rune.ToString() : rune.Value < 0x100 ? $"\\x{rune.Value:x2}" : $"\\u{rune.Value:x4}");
        }
        return clean.ToString();
    }

    private static bool IsPrinting(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format
            or System.Globalization.UnicodeCategory.LineSeparator
            or System.Globalization.UnicodeCategory.ParagraphSeparator or System.Globalization.UnicodeCategory.PrivateUse
            or System.Globalization.UnicodeCategory.Surrogate or System.Globalization.UnicodeCategory.OtherNotAssigned);
}

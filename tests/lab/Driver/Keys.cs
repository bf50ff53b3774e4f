namespace GpuTty.Lab.Driver;

/// <summary>From characters to the keys of a US keyboard, in QEMU's names.</summary>
public static class Keys
{
    private static readonly Dictionary<char, string> s_named = new()
    {
        [' '] = "spc",
        ['\n'] = "ret",
        ['\t'] = "tab",
        ['\e'] = "esc",
        ['\b'] = "backspace",
        ['-'] = "minus",
        ['='] = "equal",
        ['/'] = "slash",
        ['.'] = "dot",
        [','] = "comma",
        [';'] = "semicolon",
        ['\''] = "apostrophe",
        ['\\'] = "backslash",
        ['['] = "bracket_left",
        [']'] = "bracket_right",
        ['`'] = "grave_accent",
    };

    private const string Shifted = "!@#$%^&*()_+{}|:\"~<>?";
    private const string Plain = "1234567890-=[]\\;'`,./";

    public static string[] For(char letter)
    {
        if (char.IsAsciiLetterUpper(letter)) return ["shift", char.ToLowerInvariant(letter).ToString()];
        if (char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter)) return [letter.ToString()];
        if (s_named.TryGetValue(letter, out var name)) return [name];
        var place = Shifted.IndexOf(letter, StringComparison.Ordinal);
        return place >= 0 ? ["shift", .. For(Plain[place])] : throw new LabException($"No key types '{letter}'.");
    }
}

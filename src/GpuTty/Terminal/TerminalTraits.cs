namespace GpuTty.Terminal;

/// <summary>What the terminal can do, as far as it matters here. It is
/// never asked: the Linux console answers hardly any question.</summary>
/// <param name="IsConsole">A Linux virtual console: no private modes but the two every kernel knows, and no alternate screen,
/// which oopses kernels 6.18 and 6.19 when the console is resized in it, as unbinding a graphics driver does.</param>
/// <param name="HasColor">False with NO_COLOR (no-color.org).</param>
internal sealed record TerminalTraits(bool IsConsole, bool HasColor, Glyphs Glyphs)
{
    /// <summary>Takes the screen over.</summary>
    public string EnterScreen => (IsConsole ? "" : "\e[?1049h\e[?2004h\e[?1000h\e[?1006h") + "\e[0m\e[2J\e[H\e[?7l\e[?25l";

    /// <summary>Gives it back, from any state; may be sent twice.</summary>
    public string LeaveScreen => "\e[0m\e[2J\e[H\e[?7h\e[?25h" + (IsConsole ? MayGoDark : "\e[?2026l\e[?1006l\e[?1000l\e[?2004l\e[?1049l");

    /// <summary>After how many minutes without a key the consoles go dark; 0 for never.</summary>
    public int DarkAfterMinutes { get; init; }

    /// <summary>Nothing goes dark while a switch runs, and what is dark comes
    /// back (console_codes(4), ESC [ 9 ; n ] and ESC [ 13 ]).</summary>
    public string StaysLit => DarkAfterMinutes > 0 ? "\e[9;0]\e[13]" : "";

    /// <summary>As it was before <see cref="StaysLit"/>.</summary>
    public string MayGoDark => DarkAfterMinutes > 0 ? $"\e[9;{DarkAfterMinutes}]" : "";

    /// <summary>Null if a full screen cannot be drawn there.</summary>
    /// <param name="isConsole">True on a virtual console itself.</param>
    /// <param name="font">The characters of the console's font; null if this is no console or it would not say.</param>
    /// <param name="isShownOnConsole">True where it is another terminal that a virtual console shows.</param>
    public static TerminalTraits? Of(bool isConsole, IEnumerable<char>? font, TerminalOptions options, bool isShownOnConsole = false)
    {
        var term = options.Variable("TERM");
        if (!isConsole && term is "" or "dumb") return null;
        // What is called otherwise draws anew: its language is its own, its characters go through it, and the font is the console's anyway.
        var speaksConsole = isConsole || term == "linux";
        var isOld = !isConsole && IsOld(term);
        var passesCharacters = speaksConsole || options.LocaleIsUtf8;
        var glyphs = options.Ascii
            ? Glyphs.Ascii
            : font is not null && passesCharacters ? Glyphs.OfFont(font) : options.LocaleIsUtf8 ? Glyphs.Unicode : Glyphs.Ascii;
        return new TerminalTraits(speaksConsole || isOld, UsesColor(isConsole, options), glyphs)
        {
            DarkAfterMinutes = isConsole || (isShownOnConsole && speaksConsole) ? VirtualConsole.DarkAfterMinutes : 0,
        };
    }

    /// <summary>Whether colours may be written there, be it as a screen or as lines.</summary>
    public static bool UsesColor(bool isConsole, TerminalOptions options) =>
        !options.WithoutColor && (isConsole || (options.Variable("TERM") is not ("" or "dumb") and var term && !IsOld(term)));

    /// <summary>DEC's own terminals, and what is called so on serial lines: no colours, and none of xterm's modes.</summary>
    private static bool IsOld(string term) => term.StartsWith("vt", StringComparison.Ordinal);

    /// <summary>Of an open terminal; null if a full screen cannot be drawn there.</summary>
    public static TerminalTraits? Of(Tty tty, TerminalOptions options) =>
        Of(tty.Console is { IsRelayed: false }, tty.Console?.Font, options, isShownOnConsole: tty.Console is not null);
}

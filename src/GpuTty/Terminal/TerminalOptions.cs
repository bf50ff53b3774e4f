namespace GpuTty.Terminal;

/// <summary>What the user wants of the terminal, by command line or environment.</summary>
/// <param name="Environment">Looks up a variable; the program's own environment in life.</param>
internal sealed record TerminalOptions(Func<string, string?> Environment)
{
    private static readonly string[] s_localeVariables = ["LC_ALL", "LC_CTYPE", "LANG"];

    private readonly bool _ascii;
    private readonly bool _withoutColor;

    public static TerminalOptions FromEnvironment { get; } = new(System.Environment.GetEnvironmentVariable);

    /// <summary>Which virtual console shows the terminal with this device number (TIOCGDEV); null where none is known to.</summary>
    public Func<uint, int?> ConsoleOf { get; init; } = _ => null;

    public bool Ascii
    {
        get => _ascii || Variable("GPUTTY_ASCII") is not ("" or "0");
        init => _ascii = value;
    }

    public bool WithoutColor
    {
        get => _withoutColor || Variable("NO_COLOR").Length > 0;
        init => _withoutColor = value;
    }

    /// <summary>The first of the three that is set decides (setlocale(3)).
    /// Without any, a terminal may show anything; ASCII is safe.</summary>
    public bool LocaleIsUtf8 =>
        s_localeVariables.Select(Variable).FirstOrDefault(value => value.Length > 0) is { } locale
        && locale.Replace("-", "", StringComparison.Ordinal).Contains("UTF8", StringComparison.OrdinalIgnoreCase);

    /// <summary>The value, or an empty text if it is not set.</summary>
    public string Variable(string name) => Environment(name) ?? "";
}

using System.Collections.Immutable;

namespace GpuTty.Host.Settings;

/// <summary>A key of a rule: <c>ATTR{vendor}=="0x10de"</c>.</summary>
/// <param name="Key">In capitals: SUBSYSTEM, ATTR, RUN, ...</param>
/// <param name="Attribute">What stands between braces; empty where nothing does.</param>
/// <param name="Operator">== and != compare; =, += , -= and := assign.</param>
public sealed record UdevKey(string Key, string Attribute, string Operator, string Value)
{
    public bool IsMatch => Operator is "==" or "!=";
}

/// <summary>A rule of udev(7): everything on one line, which a backslash may join to the next.</summary>
/// <param name="First">The number of its first line in the file.</param>
/// <param name="Last">The number of its last line.</param>
public sealed record UdevRule(ImmutableArray<UdevKey> Keys, SettingsFile File, int First, int Last)
{
    private const string Operators = "=!+-:";

    /// <summary>udev takes no longer line (UDEV_LINE_SIZE).</summary>
    private const int LongestLine = 16 * 1024;

    public SourceLine Where => new(File.Path, First);

    /// <summary>What is assigned to a key, or to any attribute of it.</summary>
    public IEnumerable<UdevKey> Assigned(string key) => Keys.Where(one => one.Key == key && !one.IsMatch);

    /// <summary>
    /// The rule may count for an event of this action. Patterns of a match are parted by |, and * and ? stand for anything; != counts too.
    /// </summary>
    public bool Fits(string key, string value) => Keys.Where(one => one.Key == key && one.IsMatch).All(one => Fits(one, value));

    /// <summary>The same of an attribute, of the device or of a parent of it.</summary>
    /// <param name="value">Hexadecimal digits in small letters.</param>
    public bool Fits(string key, string attribute, string value) => Keys
        .Where(one => one.IsMatch && (one.Key == key || one.Key == $"{key}S") && one.Attribute == attribute)
        .All(one => Fits(one with { Value = one.Value.ToLowerInvariant() }, value));

    private static bool Fits(UdevKey key, string value) =>
        key.Value.Split('|').Any(pattern => Pattern.Fits(pattern, value)) == (key.Operator == "==");

    /// <summary>As udev parts a file (systemd, src/udev/udev-rules.c): lines that
    /// begin with # are left out, also in the middle of a joined one.</summary>
    public static IEnumerable<UdevRule> Of(SettingsFile file)
    {
        var (joined, first) = ("", 0);
        foreach (var (number, text) in file.Lines)
        {
            var line = text.TrimStart();
            if (line.StartsWith('#')) continue;
            if (joined.Length == 0) first = number;
            if (joined.Length + line.Length < LongestLine) joined += line.TrimEnd('\r');
            if (joined.EndsWith('\\'))
            {
                // A joined line stays open even where nothing was on it yet.
                joined = joined.Length == 1 ? " " : joined[..^1];
                continue;
            }
            if (Parse(joined) is { Length: > 0 } keys) yield return new UdevRule(keys, file, first, number);
            joined = "";
        }
        if (Parse(joined) is { Length: > 0 } last) yield return new UdevRule(last, file, first, file.Lines.Count());
    }

    /// <summary>The keys of a line; none where it is not a rule.</summary>
    internal static ImmutableArray<UdevKey> Parse(string line)
    {
        var keys = ImmutableArray.CreateBuilder<UdevKey>();
        var at = 0;
        while (true)
        {
            while (at < line.Length && (char.IsWhiteSpace(line[at]) || line[at] == ',')) at++;
            if (at >= line.Length) return keys.ToImmutable();
            if (Next(line, ref at) is not { } key) return [];
            keys.Add(key);
        }
    }

    private static UdevKey? Next(string line, ref int at)
    {
        var begin = at;
        while (at < line.Length && (char.IsAsciiLetterOrDigit(line[at]) || line[at] == '_')) at++;
        var (name, attribute) = (line[begin..at], "");
        if (name.Length == 0) return null;
        if (at < line.Length && line[at] == '{')
        {
            var end = line.IndexOf('}', at);
            if (end < 0) return null;
            attribute = line[(at + 1)..end];
            at = end + 1;
        }
        while (at < line.Length && char.IsWhiteSpace(line[at])) at++;
        begin = at;
        while (at < line.Length && Operators.Contains(line[at], StringComparison.Ordinal)) at++;
        var operation = line[begin..at];
        if (operation is not ("==" or "!=" or "=" or "+=" or "-=" or ":=")) return null;
        while (at < line.Length && char.IsWhiteSpace(line[at])) at++;
        // e"..." has escapes, i"..." takes no account of case.
        while (at < line.Length && line[at] is 'e' or 'i') at++;
        return at < line.Length && line[at] == '"' && Quoted(line, ref at) is { } value
            ? new UdevKey(name, attribute, operation, value)
            : null;
    }

    private static string? Quoted(string line, ref int at)
    {
        var begin = ++at;
        while (at < line.Length && line[at] != '"') at += line[at] == '\\' && at + 1 < line.Length && line[at + 1] == '"' ? 2 : 1;
        if (at >= line.Length) return null;
        return line[begin..at++].Replace("\\\"", "\"", StringComparison.Ordinal);
    }
}

using GpuTty.Text;

namespace GpuTty.Host.Settings;

/// <summary>One KEY=VALUE. It is never run: nothing in it is expanded, whatever a shell would make of it.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Key">Empty where the line is none.</param>
/// <param name="Problem">What is wrong with the line; null where nothing is.</param>
public sealed record ConfigurationLine(int Number, string Key, string Value, string? Problem = null)
{
    private const int Longest = 4096;

    /// <summary>All lines that say something, or try to.</summary>
    public static IEnumerable<ConfigurationLine> Parse(string text)
    {
        var lines = text.TrimStart('\ufeff').Split('\n');
        for (var index = 0; index < lines.Length; index++)
        {
            var line = lines[index].Trim();
            if (line.Length > 0 && line[0] != '#') yield return Of(index + 1, line);
        }
    }

    private static ConfigurationLine Of(int number, string line)
    {
        if (line.Length > Longest || line.Any(c => char.IsControl(c) && c != '\t'))
            return Wrong(number, "is too long or holds control characters");
        if (line is ['e', 'x', 'p', 'o', 'r', 't', ' ' or '\t', .. var rest]) line = rest.TrimStart();
        var equals = line.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0) return Wrong(number, "is not KEY=VALUE");
        var key = line[..equals].TrimEnd();
        if (!key.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')) return Wrong(number, "is not KEY=VALUE");
        return ValueOf(line[(equals + 1)..].TrimStart()) is { } value
            ? new(number, key, value)
            : Wrong(number, "has a quotation mark that is not closed, or something after it");
    }

    /// <summary>Without its quotation marks, or without the remark behind it; null where a mark is left open.</summary>
    private static string? ValueOf(string text)
    {
        if (text is not ['"' or '\'', ..])
        {
            var remark = Enumerable.Range(0, text.Length).FirstOrDefault(
                at => text[at] == '#' && (at == 0 || char.IsWhiteSpace(text[at - 1])), text.Length);
            return text[..remark].TrimEnd();
        }
        var end = text.IndexOf(text[0], 1);
        if (end < 0) return null;
        var rest = text[(end + 1)..].TrimStart();
        return rest.Length == 0 || rest[0] == '#' ? text[1..end] : null;
    }

    private static ConfigurationLine Wrong(int number, string problem) => new(number, "", "", Visible.Text(problem));
}

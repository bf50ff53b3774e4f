using System.Text.RegularExpressions;

namespace GpuTty.Tests.Cases;

/// <summary>One line of a fact file: <c>pci 01:00.0 0300 10de:2684 group=14 primary name="Maker|Model"</c>.</summary>
/// <param name="Kind">The first word.</param>
/// <param name="Rest">All after it, as written.</param>
internal sealed partial record FactLine(string Kind, string Rest)
{
    private List<string> Words { get; } = [.. Word().Matches(Rest).Select(word => word.Value)];

    /// <summary>Words without a key, in their order, without quotes.</summary>
    public List<string> Plain => [.. Words.Where(word => !Keyed().IsMatch(word)).Select(Unquoted)];

    /// <summary>The value behind <paramref name="key"/>=; null where it is not there.</summary>
    public string? this[string key] =>
        Words.Find(word => word.StartsWith($"{key}=", StringComparison.Ordinal)) is { } found ? Unquoted(found[(key.Length + 1)..]) : null;

    public bool Has(string word) => Words.Contains(word);

    /// <summary>Comments and empty lines are left out.</summary>
    public static IEnumerable<FactLine> Parse(string text) =>
        from line in text.Split('\n')
        where line.Length > 0 && line[0] != '#'
        let parts = line.Split(' ', 2)
        select new FactLine(parts[0], parts.Length > 1 ? parts[1] : "");

    private static string Unquoted(string word) => word.Trim('"');

    [GeneratedRegex("""(?:[^\s"]|"[^"]*")+""")]
    private static partial Regex Word();

    [GeneratedRegex("^[a-z-]+=")]
    private static partial Regex Keyed();
}

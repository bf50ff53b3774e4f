using System.Collections.Immutable;

namespace GpuTty.Host.Guests;

/// <summary>Names of guests as people list them: with commas, * for any characters.</summary>
public sealed record GuestNames(ImmutableArray<string> Patterns)
{
    public static GuestNames Of(string list) =>
        new([.. list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)]);

    public bool Has(string name) => Patterns.Any(pattern => Matches(pattern, name));

    private static bool Matches(string pattern, string name)
    {
        var parts = pattern.Split('*');
        if (parts.Length == 1) return pattern == name;
        if (!name.StartsWith(parts[0], StringComparison.Ordinal)) return false;
        var at = parts[0].Length;
        foreach (var part in parts[1..^1])
        {
            var found = name.IndexOf(part, at, StringComparison.Ordinal);
            if (found < 0) return false;
            at = found + part.Length;
        }
        return name.Length - at >= parts[^1].Length && name.EndsWith(parts[^1], StringComparison.Ordinal);
    }
}

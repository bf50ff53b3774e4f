namespace GpuTty.Text;

/// <summary>How many of what, in words that agree.</summary>
public static class Counted
{
    /// <summary><c>1 step</c>, <c>3 steps</c>.</summary>
    /// <param name="many">Where the plural is not the word and an s.</param>
    public static string Of(int count, string one, string? many = null) => $"{count} {Word(count, one, many)}";

    /// <summary>The word alone: <c>step</c> or <c>steps</c>, <c>is</c> or <c>are</c>.</summary>
    public static string Word(int count, string one, string? many = null) => count == 1 ? one : many ?? one + "s";

    /// <summary><c>1 second</c>, <c>60 seconds</c>.</summary>
    public static string Seconds(TimeSpan time) => Of((int)Math.Round(time.TotalSeconds), "second");

    /// <summary><c>a VGA controller</c>, <c>an Ethernet controller</c>.</summary>
    public static string WithArticle(string noun) =>
        noun.Length > 0 && "aeioAEIO".Contains(noun[0], StringComparison.Ordinal) ? $"an {noun}" : $"a {noun}";

    /// <summary><c>a, b, c</c>, or <c>a, b and 7 more</c> where there are more than <paramref name="most"/>; never "and 1 more".</summary>
    public static string Names(IReadOnlyList<string> names, int most) =>
        names.Count > most ? $"{string.Join(", ", names.Take(most - 1))} and {names.Count - most + 1} more" : string.Join(", ", names);
}

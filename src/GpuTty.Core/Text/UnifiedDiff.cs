using System.Collections.Immutable;
using System.Text;

namespace GpuTty.Text;

/// <summary>What differs between two texts, as diff -u writes it and patch reads it.</summary>
public static class UnifiedDiff
{
    private const int Context = 3;

    /// <summary>Beyond this many lines in between, everything there is replaced: the table grows with the square.</summary>
    private const int Most = 4000;

    /// <returns>Empty where nothing differs.</returns>
    public static string Of(string before, string after, string name)
    {
        if (before == after) return "";
        var lines = Compare(before.Split('\n'), after.Split('\n'));
        var text = new StringBuilder().Append("--- ").Append(name).Append('\n').Append("+++ ").Append(name).Append('\n');
        for (var at = 0; at < lines.Length;)
        {
            if (lines[at].Mark == ' ')
            {
                at++;
                continue;
            }
            var begin = Math.Max(0, at - Context);
            var end = at;
            for (var next = at; next < lines.Length && next - end <= 2 * Context; next++)
                if (lines[next].Mark != ' ') end = next + 1;
            end = Math.Min(lines.Length, end + Context);
            Hunk(text, lines, begin, end);
            at = end;
        }
        return text.ToString();
    }

    private static void Hunk(StringBuilder text, ImmutableArray<(char Mark, string Line)> lines, int begin, int end)
    {
        var (old, fresh) = (1 + lines[..begin].Count(line => line.Mark != '+'), 1 + lines[..begin].Count(line => line.Mark != '-'));
        var part = lines[begin..end];
        // A text that ends with its last line has an empty one behind it, which is none.
        if (part[^1] == (' ', "") && end == lines.Length) part = part[..^1];
        text.Append("@@ -")
            .Append(old)
            .Append(',')
            .Append(part.Count(line => line.Mark != '+'))
            .Append(" +")
            .Append(fresh)
            .Append(',')
            .Append(part.Count(line => line.Mark != '-'))
            .Append(" @@\n");
        foreach (var (mark, line) in part) text.Append(mark).Append(line).Append('\n');
    }

    /// <summary>The longest lines that both have, in order (longest common subsequence).</summary>
    private static ImmutableArray<(char Mark, string Line)> Compare(string[] before, string[] after)
    {
        int head = 0, tail = 0;
        while (head < before.Length && head < after.Length && before[head] == after[head]) head++;
        while (tail < before.Length - head && tail < after.Length - head && before[^(tail + 1)] == after[^(tail + 1)]) tail++;
        var (old, fresh) = (before[head..^tail], after[head..^tail]);
        var result = ImmutableArray.CreateBuilder<(char, string)>();
        result.AddRange(before[..head].Select(line => (' ', line)));
        result.AddRange(old.Length > Most || fresh.Length > Most
            ? [.. old.Select(line => ('-', line)), .. fresh.Select(line => ('+', line))]
            : Middle(old, fresh));
        result.AddRange(before[^tail..].Select(line => (' ', line)));
        return result.ToImmutable();
    }

    private static IEnumerable<(char, string)> Middle(string[] old, string[] fresh)
    {
        var common = new int[old.Length + 1, fresh.Length + 1];
        for (var i = old.Length - 1; i >= 0; i--)
            for (var j = fresh.Length - 1; j >= 0; j--)
                common[i, j] = old[i] == fresh[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        int left = 0, right = 0;
        while (left < old.Length || right < fresh.Length)
        {
            if (left < old.Length && right < fresh.Length && old[left] == fresh[right])
            {
                yield return (' ', old[left++]);
                right++;
            }
            else if (right == fresh.Length || (left < old.Length && common[left + 1, right] >= common[left, right + 1]))
                yield return ('-', old[left++]);
            else yield return ('+', fresh[right++]);
        }
    }
}

using System.Collections.Immutable;
using System.Globalization;

namespace GpuTty.Host.Settings;

/// <summary>A set of logical CPUs as the kernel writes it (<c>0-3,8</c>; Documentation/admin-guide/cputopology.rst).</summary>
public static class CpuList
{
    /// <summary>The kernel's own bound (NR_CPUS).</summary>
    private const int Most = 8192;

    /// <returns>Null where the text is no such list; empty for an empty one.</returns>
    public static ImmutableSortedSet<int>? Parse(string text)
    {
        var all = ImmutableSortedSet.CreateBuilder<int>();
        foreach (var part in text.Split([',', ' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var ends = part.Split('-');
            if (ends.Length > 2 || Number(ends[0]) is not { } first || Number(ends[^1]) is not { } last || last < first) return null;
            for (var cpu = first; cpu <= last; cpu++) all.Add(cpu);
        }
        return all.ToImmutable();
    }

    /// <summary>In one spelling: ascending, neighbours together.</summary>
    public static string Of(IEnumerable<int> cpus)
    {
        var ranges = new List<(int First, int Last)>();
        foreach (var cpu in cpus.Distinct().Order())
        {
            if (ranges.Count > 0 && ranges[^1].Last == cpu - 1) ranges[^1] = (ranges[^1].First, cpu);
            else ranges.Add((cpu, cpu));
        }
        return string.Join(',', ranges.Select(range => range.First == range.Last ? $"{range.First}" : $"{range.First}-{range.Last}"));
    }

    /// <summary>One bit a CPU, the lowest of the first byte for CPU 0, as systemd's bus takes it; no bytes for none.</summary>
    public static byte[] Bits(ImmutableSortedSet<int> cpus)
    {
        var bits = new byte[cpus.IsEmpty ? 0 : (cpus.Max / 8) + 1];
        foreach (var cpu in cpus) bits[cpu / 8] |= (byte)(1 << (cpu % 8));
        return bits;
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < Most ? number : null;
}

using System.Collections.Immutable;

namespace GpuTty.Linux.Systemd;

/// <summary>What <c>systemctl show</c> and <c>loginctl show-session</c>
/// print: <c>Key=value</c> lines, a blank line between objects.</summary>
internal static class KeyValues
{
    public static ImmutableArray<Dictionary<string, string>> Parse(string text)
    {
        var blocks = ImmutableArray.CreateBuilder<Dictionary<string, string>>();
        Dictionary<string, string>? block = null;
        foreach (var line in text.Split('\n'))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (line.Length == 0) block = null;
            if (equals <= 0) continue;
            if (block is null) blocks.Add(block = []);
            block.TryAdd(line[..equals], line[(equals + 1)..].TrimEnd('\r'));
        }
        return blocks.ToImmutable();
    }
}

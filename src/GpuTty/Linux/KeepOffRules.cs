using System.Collections.Immutable;
using System.Text.RegularExpressions;
using GpuTty.Host;

namespace GpuTty.Linux;

/// <summary>Seat rules of ours that keep the desktop off a card: <c>*gputty*.rules</c> for udev(7).</summary>
internal static partial class KeepOffRules
{
    public static ImmutableArray<PciAddress> Read(MachineRoot root) =>
    [
        .. from folder in (string[])[root.Run("udev/rules.d"), root.Etc("udev/rules.d")]
           from name in Files.Names(folder)
           where name.Contains("gputty", StringComparison.Ordinal) && name.EndsWith(".rules", StringComparison.Ordinal)
           from address in Parse(Files.Text($"{folder}/{name}", 1024 * 1024) ?? "")
           group address by address into same
           orderby same.Key
           select same.Key,
    ];

    public static IEnumerable<PciAddress> Parse(string rules) =>
        from line in rules.Split('\n')
        where !line.TrimStart().StartsWith('#')
        from Match match in Kernels().Matches(line)
        where PciAddress.TryParse(match.Groups[1].Value, out _)
        select PciAddress.Parse(match.Groups[1].Value);

    [GeneratedRegex("KERNELS==\"([^\"]+)\"", RegexOptions.CultureInvariant)]
    private static partial Regex Kernels();
}

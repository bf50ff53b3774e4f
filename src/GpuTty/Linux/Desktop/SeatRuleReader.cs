using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Interop;

namespace GpuTty.Linux.Desktop;

/// <summary>Reads the rules that <see cref="SeatRuleWriter"/> writes:
/// <c>*gputty*.rules</c> for udev(7), and what udev has made of a node.</summary>
internal static partial class SeatRuleReader
{
    public static ImmutableArray<SeatRule> Read(FileSystemRoot root, List<Unknown> unknowns) =>
        Read(root, new PartFiles(unknowns, UnknownFact.SeatRules, "rules that keep desktops off cards"));

    private static ImmutableArray<SeatRule> Read(FileSystemRoot root, PartFiles files) =>
    [
        .. from folder in (string[])[root.Run("udev/rules.d"), root.Etc("udev/rules.d")]
           from name in files.Names(folder)
           where name.Contains("gputty", StringComparison.Ordinal) && name.EndsWith(".rules", StringComparison.Ordinal)
           from rule in Parse(files.Text($"{folder}/{name}", 1024 * 1024) ?? "", isPermanent: folder == root.Etc("udev/rules.d"))
           orderby rule.Device, rule.IsPermanent
           select rule,
    ];

    public static IEnumerable<SeatRule> Parse(string rules, bool isPermanent) =>
        from line in rules.Split('\n')
        where !line.TrimStart().StartsWith('#')
        let match = Rule().Match(line)
        where match.Success && PciAddress.TryParse(match.Groups["address"].Value, out _)
        select new SeatRule(
            PciAddress.Parse(match.Groups["address"].Value),
            new PciId(Hex(match.Groups["vendor"]), Hex(match.Groups["device"])),
            isPermanent);

    /// <summary>Whether udev offers a node to seats: the tag <c>seat</c> in its database. Null without a database.</summary>
    public static bool? IsOnSeat(FileSystemRoot root, int major, int minor) =>
        SysFiles.Text(root.Run($"udev/data/c{major}:{minor}"), 64 * 1024) is { } data ? IsOnSeat(data) : null;

    /// <summary>Whether a rule of ours has moved the node to its own seat.</summary>
    public static bool IsOffSeatByRule(FileSystemRoot root, int major, int minor) =>
        SysFiles.Text(root.Run($"udev/data/c{major}:{minor}"), 64 * 1024)?.Split('\n').Contains($"E:ID_SEAT={SeatRule.Seat}") == true;

    /// <param name="data">An entry of udev's database.</param>
    public static bool IsOnSeat(string data) =>
        data.Split('\n').Any(line =>
            line is "Q:seat" or "Q:master-of-seat"
            || (line is "G:seat" or "G:master-of-seat" && !data.Contains("\nQ:", StringComparison.Ordinal)));

    private static int Hex(Group group) => int.Parse(group.Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        "KERNELS==\"(?<address>[0-9a-fA-F:.]{7,20})\", ATTRS\\{vendor\\}==\"0x(?<vendor>[0-9a-fA-F]{4})\", "
            + "ATTRS\\{device\\}==\"0x(?<device>[0-9a-fA-F]{4})\"",
        RegexOptions.CultureInvariant)]
    private static partial Regex Rule();
}

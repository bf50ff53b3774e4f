using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Interop;

namespace GpuTty.Linux.Desktop;

/// <summary>Reads the rules that <see cref="SeatRuleWriter"/> writes:
/// <c>*gputty*.rules</c> for udev(7), and what udev has made of a node.</summary>
internal static class SeatRuleReader
{
    public static ImmutableArray<SeatRule> Read(FileSystemRoot root, List<Unknown> unknowns) =>
        Read(root, new PartFiles(unknowns, UnknownFact.SeatRules, "rules that keep desktops off cards"));

    private static ImmutableArray<SeatRule> Read(FileSystemRoot root, PartFiles files) =>
    [
        .. from folder in (string[])[root.Run("udev/rules.d"), root.Etc("udev/rules.d")]
           from name in files.Names(folder)
           where name.Contains("gputty", StringComparison.Ordinal) && name.EndsWith(".rules", StringComparison.Ordinal)
           let text = files.Text($"{folder}/{name}", 1024 * 1024) ?? ""
           from rule in SeatRuleText.Parse(text, isPermanent: folder == root.Etc("udev/rules.d"))
           orderby rule.Device, rule.IsPermanent
           select rule,
    ];

    /// <summary>Whether udev offers a node to seats, which is the tag <c>seat</c> in its database, null without
    /// an entry; and whether a rule of ours has moved it to its own seat.</summary>
    /// <param name="files">Told of an entry that cannot be read.</param>
    public static (bool? IsOnSeat, bool IsOffByRule) SeatOf(FileSystemRoot root, int major, int minor, PartFiles files) =>
        Entry(root, major, minor, files) is { } data
            ? (IsOnSeat(data), data.Split('\n').Contains($"E:ID_SEAT={SeatRule.Seat}"))
            : (null, false);

    /// <summary>What udev's database says of a node (sd-device); null where there is nothing, and where it cannot be read.</summary>
    public static string? Entry(FileSystemRoot root, int major, int minor, PartFiles files) =>
        files.Text(root.Run($"udev/data/c{major}:{minor}"), 64 * 1024);

    /// <param name="data">An entry of udev's database.</param>
    public static bool IsOnSeat(string data) =>
        data.Split('\n').Any(line =>
            line is "Q:seat" or "Q:master-of-seat"
            || (line is "G:seat" or "G:master-of-seat" && !data.Contains("\nQ:", StringComparison.Ordinal)));
}

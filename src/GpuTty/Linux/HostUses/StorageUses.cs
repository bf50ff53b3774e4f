using System.Text.RegularExpressions;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux.Pci;
using GpuTty.Text;

namespace GpuTty.Linux.HostUses;

/// <summary>Disks by function, with what is mounted from them, also through device mapper and RAID; mounts and swap are vital.</summary>
internal static partial class StorageUses
{
    public static IEnumerable<(ClassDevice Entry, HostUse Use)> Read(
        FileSystemRoot root, IReadOnlyCollection<ClassDevice> classes, PartFiles files)
    {
        var numbers = Numbers(root);
        var mounts = Mounts(files.Text(root.Proc("self/mountinfo")) ?? "")
            .Select(mount => (Block: BlockOf(root, mount, numbers), mount.Place))
            .Concat(Swaps(files.Text(root.Proc("swaps")) ?? "").Select(swap => (Block: BlockName(root, swap.Source), swap.Place)))
            .ToLookup(mount => mount.Block, mount => mount.Place);
        var blocks = classes.Where(entry => entry.Class == "block").ToList();
        foreach (var disk in blocks.Where(entry =>
            !blocks.Exists(other => entry.Path.StartsWith($"{other.Path}/", StringComparison.Ordinal))))
        {
            var own = blocks.Where(entry => entry == disk || entry.Path.StartsWith($"{disk.Path}/", StringComparison.Ordinal));
            var places = own.SelectMany(part => Places(root, part.Name, mounts, 8)).Distinct().ToList();
            var name = places.Count == 0
                ? disk.Name
                : $"{disk.Name} ({string.Join(", ", places.Take(3))}{(places.Count > 3 ? ", …" : "")})";
            yield return (disk, new HostUse(HostUseKind.Storage, Visible.Text(name, 120), places.Count > 0));
        }
    }

    /// <summary>Mounts (proc(5), mountinfo): the device number of the file system, its type, its source and the mount point.</summary>
    public static IEnumerable<(string Number, string Type, string Source, string Place)> Mounts(string mountinfo)
    {
        foreach (var line in mountinfo.Split('\n'))
        {
            var separator = line.IndexOf(" - ", StringComparison.Ordinal);
            var left = separator < 0 ? [] : line[..separator].Split(' ');
            var right = separator < 0 ? [] : line[(separator + 3)..].Split(' ');
            if (left.Length >= 5 && right.Length >= 2) yield return (left[2], right[0], Unescape(right[1]), Unescape(left[4]));
        }
    }

    /// <summary>The kernel's name of each block device, by number.</summary>
    private static Dictionary<string, string> Numbers(FileSystemRoot root)
    {
        var names = new Dictionary<string, string>();
        foreach (var name in SysFiles.Names(root.Sys("class/block")))
            if (SysFiles.Word(root.Sys($"class/block/{name}/dev")) is { } number) names.TryAdd(number, name);
        return names;
    }

    /// <summary>
    /// By number: the source is a text, which anybody may choose for a file system of his own (fusermount3(1),
    /// fsname=). It is believed only of a file system that spreads over several devices, which has no number
    /// of theirs and which only root mounts, and of a device whose number could not be read.
    /// </summary>
    private static string? BlockOf(
        FileSystemRoot root, (string Number, string Type, string Source, string Place) mount, Dictionary<string, string> numbers)
    {
        if (numbers.TryGetValue(mount.Number, out var name)) return name;
        // bcachefs names all of them, with colons between.
        var source = mount.Source.Split(':')[0];
        if (!source.StartsWith("/dev/", StringComparison.Ordinal)) return null;
        var named = BlockName(root, source);
        return mount.Type is "btrfs" or "bcachefs"
            || (!mount.Number.StartsWith("0:", StringComparison.Ordinal) && named is not null && !numbers.ContainsValue(named))
            ? named
            : null;
    }

    public static IEnumerable<(string Source, string Place)> Swaps(string swaps) =>
        swaps.Split('\n').Skip(1).Select(line => line.Split([' ', '\t'])[0])
            .Where(source => source.StartsWith("/dev/", StringComparison.Ordinal)).Select(source => (Unescape(source), "swap"));

    /// <summary>/dev/mapper/x and /dev/disk/by-uuid/x are links to the kernel's name.</summary>
    private static string? BlockName(FileSystemRoot root, string source)
    {
        var path = root.Dev(source["/dev/".Length..]);
        for (var hop = 0; hop < 8 && SysFiles.Link(path) is { } link; hop++) path = SysFiles.Target(path[..path.LastIndexOf('/')], link)!;
        return SysFiles.LastPart(path);
    }

    private static IEnumerable<string> Places(FileSystemRoot root, string block, ILookup<string?, string> mounts, int depth) =>
        depth == 0
            ? []
            : mounts[block].Concat(SysFiles.Names(root.Sys($"class/block/{block}/holders")).SelectMany(holder =>
                Places(root, holder, mounts, depth - 1)));

    /// <summary>The kernel writes blanks and backslashes as <c>\040</c>.</summary>
    private static string Unescape(string text) =>
        !text.Contains('\\', StringComparison.Ordinal)
            ? text
            : Octal().Replace(text, match => ((char)Convert.ToInt32(match.Groups[1].Value, 8)).ToString());

    [GeneratedRegex(@"\\([0-3][0-7]{2})", RegexOptions.CultureInvariant)]
    private static partial Regex Octal();
}

using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux.Pci;
using GpuTty.Text;

namespace GpuTty.Linux.HostUses;

/// <summary>Disks by function, with what is mounted from them, also through device mapper and RAID, and of file
/// systems that spread over several disks; mounts, swap, and what may be in use are vital.</summary>
internal static class StorageUses
{
    public static IEnumerable<(ClassDevice Entry, HostUse Use)> Read(
        FileSystemRoot root, IReadOnlyCollection<ClassDevice> classes, PartFiles files)
    {
        var numbers = Numbers(root);
        var named = Mounts(files.Text(root.Proc("self/mountinfo")) ?? "")
            .SelectMany(mount => BlocksOf(root, mount, numbers).Select(block => (Block: (string?)block, mount.Place)))
            .Concat(Swaps(files.Text(root.Proc("swaps")) ?? "").Select(swap => (Block: BlockName(root, swap.Source), swap.Place)))
            .ToList();
        var mounts = named
            .Concat(Btrfs(root, files, named.ToLookup(mount => mount.Block, mount => mount.Place)))
            .Concat(Zfs(root, files, numbers))
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
            if (left.Length >= 5 && right.Length >= 2)
                yield return (left[2], right[0], EscapedBytes.Octal(right[1]), EscapedBytes.Octal(left[4]));
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
    private static IEnumerable<string> BlocksOf(
        FileSystemRoot root, (string Number, string Type, string Source, string Place) mount, Dictionary<string, string> numbers) =>
        numbers.TryGetValue(mount.Number, out var name)
            ? [name]
            // bcachefs names all of them, with colons between.
            : (mount.Type == "bcachefs" ? mount.Source.Split(':') : [mount.Source])
                .Where(source => source.StartsWith("/dev/", StringComparison.Ordinal))
                .Select(source => BlockName(root, source))
                .OfType<string>()
                .Where(named => mount.Type is "btrfs" or "bcachefs"
                    || (!mount.Number.StartsWith("0:", StringComparison.Ordinal) && !numbers.ContainsValue(named)));

    /// <summary>A mount names one device of a btrfs; each has the places of all. One that is here is mounted, if not
    /// for this process (/sys/fs/btrfs/UUID/devices, fs/btrfs/sysfs.c).</summary>
    private static IEnumerable<(string? Block, string Place)> Btrfs(
        FileSystemRoot root, PartFiles files, ILookup<string?, string> mounts)
    {
        foreach (var name in files.Names(root.Sys("fs/btrfs")))
        {
            var devices = files.Names(root.Sys($"fs/btrfs/{name}/devices"));
            var places = devices.SelectMany(device => mounts[device]).DefaultIfEmpty("btrfs").Distinct().ToList();
            foreach (var device in devices)
                foreach (var place in places)
                    yield return (device, place);
        }
    }

    /// <summary>No file says which devices ZFS has open; with its module loaded, those that udev knows as members of a pool
    /// count, and those that udev does not know may be some.</summary>
    private static IEnumerable<(string? Block, string Place)> Zfs(FileSystemRoot root, PartFiles files, Dictionary<string, string> numbers)
    {
        if (!SysFiles.Exists(root.Sys("module/zfs"))) yield break;
        foreach (var (number, name) in numbers)
        {
            if (files.Text(root.Run($"udev/data/b{number}"), 64 * 1024) is not { } entry) yield return (name, HostUse.PerhapsZfs);
            else if (entry.Split('\n').Contains("E:ID_FS_TYPE=zfs_member")) yield return (name, "ZFS");
        }
    }

    public static IEnumerable<(string Source, string Place)> Swaps(string swaps) =>
        swaps.Split('\n').Skip(1).Select(line => line.Split([' ', '\t'])[0])
            .Where(source => source.StartsWith("/dev/", StringComparison.Ordinal))
            .Select(source => (EscapedBytes.Octal(source), "swap"));

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
}

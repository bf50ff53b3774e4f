using System.Collections.Immutable;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Interop;

namespace GpuTty.Linux.Processes;

/// <summary>Says whether two descriptors are one open file: less than, equal to or
/// greater than 0, in an order of all files; null where that cannot be told.</summary>
internal delegate int? CompareFiles(OpenFile one, OpenFile other);

/// <summary>
/// Tells descriptors apart that share an open file: the compositor, logind and PID 1 have one file of a card and
/// three descriptors. Only those of the same node are compared, each with a few others, because files can be sorted.
/// </summary>
internal sealed class SharedFileDescriptions(CompareFiles compare)
{
    /// <summary>A node with more descriptors than that is not told apart; sorting them takes some 40,000 calls of a microsecond.</summary>
    private const int MostDescriptors = 4096;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(1);
    private readonly HangTolerantScan<int> _scan = new();

    /// <summary>By kcmp(2).</summary>
    public SharedFileDescriptions()
        : this((one, other) => FileComparison.Compare(one.Pid, one.Descriptor, other.Pid, other.Descriptor, out _))
    {
    }

    /// <summary>The holders, with <see cref="HeldNode.File"/> where it could be told.</summary>
    public ImmutableArray<Holder> Tell(ImmutableArray<Holder> holders)
    {
        var groups = holders
            .SelectMany(holder =>
                holder.Nodes
                    .Where(node => !node.IsMapping)
                    .Select(node => (Node: Key(node), File: new OpenFile(holder.Pid, node.Descriptor!.Value))))
            .GroupBy(way => way.Node, way => way.File)
            .Select(group => group.Distinct().ToList())
            .Where(group => group.Count <= MostDescriptors)
            .ToList();
        // A process in the middle of execve(2) may keep the kernel waiting.
        var (sorted, _) = _scan.Read([.. Enumerable.Range(0, groups.Count)], number => Sort(groups[number]), s_limit);
        var told = new Dictionary<OpenFile, OpenFile>();
        foreach (var (descriptor, file) in sorted.OfType<Dictionary<OpenFile, OpenFile>>().SelectMany(group => group))
            told.TryAdd(descriptor, file);
        return [.. holders.Select(holder =>
            holder with { Nodes = [.. holder.Nodes.Select(node => node with { File = FileOf(told, holder, node) })] })];
    }

    private static OpenFile? FileOf(Dictionary<OpenFile, OpenFile> told, Holder holder, HeldNode node) =>
        node.Descriptor is { } descriptor && told.TryGetValue(new OpenFile(holder.Pid, descriptor), out var file) ? file : null;

    private static (NodeKind, PciAddress?, string?) Key(HeldNode node) => (node.Kind, node.Device, node.Module);

    /// <summary>Each descriptor with the first one that shares its file. One that has been closed in the meantime is left out.</summary>
    private Dictionary<OpenFile, OpenFile> Sort(List<OpenFile> descriptors)
    {
        var told = new Dictionary<OpenFile, OpenFile>(descriptors.Count);
        var files = new List<OpenFile>();
        foreach (var descriptor in descriptors)
        {
            while (compare(descriptor, descriptor) is not null)
            {
                var place = Search(files, descriptor, out var gone);
                if (gone is { } closed && files.Remove(closed)) continue;
                if (place < 0) files.Insert(~place, descriptor);
                told[descriptor] = place < 0 ? descriptor : files[place];
                break;
            }
        }
        return told;
    }

    /// <summary>As List.BinarySearch; <paramref name="gone"/> is one that could not be compared.</summary>
    private int Search(List<OpenFile> files, OpenFile wanted, out OpenFile? gone)
    {
        gone = null;
        var (low, high) = (0, files.Count - 1);
        while (low <= high)
        {
            var middle = low + ((high - low) / 2);
            if (compare(files[middle], wanted) is not { } order)
            {
                gone = files[middle];
                return ~low;
            }
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }
        return ~low;
    }
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using GpuTty.Host.Holders;
using GpuTty.Interop;
using GpuTty.Linux.Nodes;
using GpuTty.Text;

namespace GpuTty.Linux.Processes;

/// <summary>
/// Memory maps of nodes. /proc/PID/maps shows the number of the file system, not of the node, so each mapped file is looked at
/// through /proc/PID/map_files (root only), once for all processes that map it.
/// </summary>
internal sealed class ProcMaps(NodeIndex index, SharedReadings shared)
{
    /// <summary>More files than a machine has programs and libraries; of further ones
    /// each mapping is looked at, for anybody may make files without end.</summary>
    private const int MostOrdinary = 64 * 1024;
    private readonly ConcurrentDictionary<(ulong FileSystem, ulong File), bool> _ordinary = new();
    private int _ordinaryCount;

    /// <param name="over">Nobody waits for it any more.</param>
    public ProcessReading Read(DirectoryHandle process, int pid, CancellationToken over)
    {
        var known = shared.Find(pid);
        if (known is { } found) return found;
        var held = new HashSet<HeldNode>();
        SharedReadings.Turn? turn = null;
        try
        {
            var count = 0;
            var end = ReadingEnd.Whole;
            var wasRead = process.EachLine("maps", line =>
            {
                if (++count == SharedReadings.Large && (turn = shared.TryBegin(pid, out known)) is null) end = ReadingEnd.Later;
                else if (over.IsCancellationRequested || turn?.MayReadOn() == false) end = ReadingEnd.TooMuch;
                if (known is not null || end != ReadingEnd.Whole) return false;
                Look(process, line, held);
                return true;
            });
            if (!wasRead && Libc.WhyNot("a line of it is too long") is not null) end = ReadingEnd.Refused;
            if (known is { } same) return same;
            if (end == ReadingEnd.Later) return ProcessReading.Not(end);
            var reading = new ProcessReading([.. held], end);
            if (wasRead) turn?.Keep(reading);
            return reading;
        }
        finally
        {
            turn?.Dispose();
        }
    }

    private void Look(DirectoryHandle process, ReadOnlySpan<byte> line, HashSet<HeldNode> held)
    {
        if (!TryParse(line, out var map) || _ordinary.ContainsKey(map.Key)) return;
        var known = Look(process, line[..map.RangeLength], out var wasSeen);
        if (!known.IsEmpty && held.Count < MostHeld)
            held.UnionWith(ProcDescriptors.Held(Visible.Text(Encoding.UTF8.GetString(line[map.PathStart..]), 200), known, null));
        else if (known.IsEmpty && wasSeen && _ordinaryCount < MostOrdinary && _ordinary.TryAdd(map.Key, true))
            Interlocked.Increment(ref _ordinaryCount);
    }

    /// <summary>One node may be mapped under as many names as somebody gives it.</summary>
    private const int MostHeld = 128;

    /// <summary>Fields of a line <c>start-end perms offset major:minor inode path</c>.</summary>
    internal readonly record struct Map((ulong FileSystem, ulong File) Key, int RangeLength, int PathStart);

    /// <summary>False for maps without a file.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> line, out Map map)
    {
        map = default;
        var rangeLength = line.IndexOf((byte)' ');
        var at = rangeLength;
        for (var field = 0; field < 2 && at > 0; field++) at = Skip(line, at);
        if (at <= 0
            || !TryNumber(line, ref at, 16, out var major)
            || !TryNumber(line, ref at, 16, out var minor)
            || !TryNumber(line, ref at, 10, out var file)
            || file == 0)
            return false;
        while (at < line.Length && line[at] == ' ') at++;
        map = new Map((major << 32 | minor, file), rangeLength, at);
        return true;
    }

    private ImmutableArray<KnownNode> Look(DirectoryHandle process, ReadOnlySpan<byte> range, out bool wasSeen)
    {
        // map_files names have no leading zeros, maps pads to eight digits.
        var dash = range.IndexOf((byte)'-');
        var start = range[..dash].TrimStart((byte)'0');
        var end = range[(dash + 1)..].TrimStart((byte)'0');
        wasSeen = start.Length + end.Length < 50;
        if (!wasSeen) return [];
        var seen = process.Stat($"map_files/{(start.IsEmpty ? "0" : Encoding.ASCII.GetString(start))}-{Encoding.ASCII.GetString(end)}");
        wasSeen = seen is not null;
        if (seen is not { IsCharacterDevice: true } facts) return [];
        return index.Find(facts.Major, facts.Minor) is { IsEmpty: false } known ? known : index.FindRemoved(facts.Major, facts.Minor);
    }

    private static int Skip(ReadOnlySpan<byte> line, int at)
    {
        var next = line[(at + 1)..].IndexOf((byte)' ');
        return next < 0 ? -1 : at + 1 + next;
    }

    private static bool TryNumber(ReadOnlySpan<byte> line, ref int at, int numberBase, out ulong value)
    {
        value = 0;
        var start = ++at;
        for (; at < line.Length && line[at] is not ((byte)' ' or (byte)':'); at++)
        {
            var digit = !char.IsAsciiHexDigit((char)line[at])
                ? 99
                : char.IsAsciiDigit((char)line[at]) ? line[at] - '0' : (line[at] | 0x20) - 'a' + 10;
            if (digit >= numberBase) return false;
            value = value * (ulong)numberBase + (ulong)digit;
        }
        return at > start;
    }
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using GpuTty.Host.Holders;
using GpuTty.Interop;
using GpuTty.Linux.Nodes;
using GpuTty.Text;

namespace GpuTty.Linux.Processes;

/// <summary>
/// Memory maps of nodes and of buffers. /proc/PID/maps shows the number of the file system, not of the node, so each mapped file is
/// looked at through /proc/PID/map_files (root only), once for all processes that map it.
/// </summary>
internal sealed class ProcMaps(NodeIndex index, DmaBuffers buffers, SharedReadings shared)
{
    /// <summary>More files than a machine has programs and libraries; of further ones
    /// each mapping is looked at, for anybody may make files without end.</summary>
    private const int MostOrdinary = 64 * 1024;
    private readonly ConcurrentDictionary<(ulong FileSystem, ulong File), bool> _ordinary = new();
    private int _ordinaryCount;

    /// <param name="over">Nobody waits for it any more.</param>
    /// <param name="isEmpty">It showed no mapping at all, or shares a memory of which nothing is held.</param>
    public ProcessReading Read(DirectoryHandle process, int pid, CancellationToken over, out bool isEmpty)
    {
        if (shared.Find(pid) is { } found)
        {
            isEmpty = found.Nodes.IsEmpty;
            return found;
        }
        using var reading = new Reading(this, process, pid, over);
        return reading.All(out isEmpty);
    }

    /// <summary>The maps of one process.</summary>
    private sealed class Reading(ProcMaps maps, DirectoryHandle process, int pid, CancellationToken over) : IDisposable
    {
        /// <summary>Two numbers of eight digits and one of twenty, with what stands between them.</summary>
        private readonly byte[] _last = new byte[40];
        private readonly HashSet<HeldNode> _held = [];
        private SharedReadings.Turn? _turn;
        private ProcessReading? _known;
        private ReadingEnd _end = ReadingEnd.Whole;
        private int _count;
        private int _lastLength;

        public ProcessReading All(out bool isEmpty)
        {
            var wasRead = process.EachLine("maps", Take);
            if (!wasRead && Libc.WhyNot("a line of it is too long") is not null) _end = ReadingEnd.Refused;
            isEmpty = _count == 0;
            if (_known is { } same) return same;
            if (_end == ReadingEnd.Later) return ProcessReading.Not(_end);
            var reading = new ProcessReading([.. _held], _end);
            if (wasRead) _turn?.Keep(reading);
            return reading;
        }

        public void Dispose() => _turn?.Dispose();

        private bool Take(ReadOnlySpan<byte> line)
        {
            if (++_count == SharedReadings.Large && (_turn = maps.Begin(pid, out _known)) is null) _end = ReadingEnd.Later;
            else if (over.IsCancellationRequested || _turn?.MayReadOn() == false) _end = ReadingEnd.TooMuch;
            if (_known is not null || _end != ReadingEnd.Whole) return false;
            var file = FileOf(line);
            // The parts of a library follow each other, and so do maps of no file.
            if (file.StartsWith("00:00 0 "u8) || (_lastLength > 0 && file.StartsWith(_last.AsSpan(0, _lastLength)))) return true;
            _lastLength = 0;
            if (maps.IsOrdinary(process, line, _held)) Keep(file);
            return true;
        }

        private void Keep(ReadOnlySpan<byte> file)
        {
            var device = file.IndexOf((byte)' ') + 1;
            var length = device > 0 ? device + file[device..].IndexOf((byte)' ') + 1 : 0;
            if (length <= device || length > _last.Length) return;
            file[..length].CopyTo(_last);
            _lastLength = length;
        }
    }

    private SharedReadings.Turn? Begin(int pid, out ProcessReading? known) => shared.TryBegin(pid, out known);

    /// <summary>From the number of the file system on, where the line is as the kernel writes it.</summary>
    private static ReadOnlySpan<byte> FileOf(ReadOnlySpan<byte> line)
    {
        for (var field = 0; field < 3; field++) line = line[(line.IndexOf((byte)' ') + 1)..];
        return line;
    }

    /// <summary>True where the file is seen to be none of interest, now or before in this look.</summary>
    private bool IsOrdinary(DirectoryHandle process, ReadOnlySpan<byte> line, HashSet<HeldNode> held)
    {
        if (!TryParse(line, out var map)) return false;
        if (DmaBuffers.MayBeMapped(line[map.PathStart..]))
        {
            if (held.Count < MostHeld && buffers.Mapped(Encoding.UTF8.GetString(line[map.PathStart..]), map.Key.File) is { } buffer)
                held.Add(buffer);
            return false;
        }
        if (_ordinary.ContainsKey(map.Key)) return true;
        var known = Look(process, line[..map.RangeLength], out var wasSeen);
        if (!known.IsEmpty)
        {
            if (held.Count < MostHeld)
                held.UnionWith(ProcDescriptors.Held(Visible.Text(Encoding.UTF8.GetString(line[map.PathStart..]), 200), known, null));
            return false;
        }
        if (wasSeen && _ordinaryCount < MostOrdinary && _ordinary.TryAdd(map.Key, true)) Interlocked.Increment(ref _ordinaryCount);
        return wasSeen;
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
            var digit = Digit(line[at]);
            if (digit >= numberBase) return false;
            value = value * (ulong)numberBase + (ulong)digit;
        }
        return at > start;
    }

    private static int Digit(byte c) =>
        (uint)(c - '0') <= 9 ? c - '0' : (uint)((c | 0x20) - 'a') <= 5 ? (c | 0x20) - 'a' + 10 : int.MaxValue;
}

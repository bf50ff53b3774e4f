using System.Collections.Immutable;
using GpuTty.Host.Holders;
using GpuTty.Interop;

namespace GpuTty.Linux.Processes;

/// <summary>
/// What large tables of descriptors, or large memories, were read to hold: processes that share one (clone(2),
/// CLONE_FILES, CLONE_VM) are not read one after the other. Anybody may start thousands of them for next to nothing.
/// </summary>
/// <param name="root">Where processes are looked at.</param>
/// <param name="isShared">Whether two processes have the same one; false where that cannot be told.</param>
/// <param name="patience">How long a process waits for another whose large one is being read, which may be the same.</param>
internal sealed class SharedReadings(FileSystemRoot root, Func<int, int, bool> isShared, TimeSpan patience)
{
    /// <summary>Descriptors, or mappings, from which on it pays to ask who shares them.</summary>
    public const int Large = 512;

    /// <summary>More are read, and not remembered.</summary>
    private const int MostKept = 64;

    /// <summary>Entries that a look tells beside the first few of each process.</summary>
    private const int MostTold = 64 * 1024;

    private readonly Lock _oneAtATime = new();
    private int _told;
    private ImmutableList<Reading> _readings = [];

    public bool HasRoom => Volatile.Read(ref _told) < MostTold;

    public void TakeRoom() => Interlocked.Increment(ref _told);

    /// <summary>What a process holds that shares with one that has been read; null where none is known that does.</summary>
    public ImmutableArray<HeldNode>? Find(int pid)
    {
        foreach (var known in Volatile.Read(ref _readings))
        {
            // In this order: as long as the process is the one that was read, its number was nobody else's.
            if (isShared(known.Pid, pid) && IsThere(known)) return known.Nodes;
        }
        return null;
    }

    /// <summary>Called where a process turns out to have a large one. It is read
    /// on by one thread at a time, as far as their patience goes.</summary>
    /// <returns>To be disposed when the process has been read.</returns>
    public Turn Begin(int pid, out ImmutableArray<HeldNode>? known)
    {
        var turn = new Turn(this, pid, _oneAtATime.TryEnter(patience));
        known = Find(pid);
        return turn;
    }

    private ProcessStat? StatOf(int pid) => ProcessStat.Read(root, pid);

    private bool IsThere(Reading reading) => StatOf(reading.Pid) is { HasEnded: false } now && now.StartTime == reading.StartTime;

    private readonly record struct Reading(int Pid, long StartTime, ImmutableArray<HeldNode> Nodes);

    /// <summary>One large reading under way.</summary>
    internal sealed class Turn(SharedReadings readings, int pid, bool isAlone) : IDisposable
    {
        private readonly long? _startTime = readings.StatOf(pid)?.StartTime;

        /// <summary>Remembers what was read to its end. Of a process that has ended meanwhile nobody knows whether that is all.</summary>
        public void Keep(ImmutableArray<HeldNode> nodes)
        {
            if (_startTime is not { } start || !readings.IsThere(new Reading(pid, start, nodes))) return;
            if (Volatile.Read(ref readings._readings).Count < MostKept)
                ImmutableInterlocked.Update(ref readings._readings, list => list.Add(new Reading(pid, start, nodes)));
        }

        public void Dispose()
        {
            if (isAlone) readings._oneAtATime.Exit();
        }
    }
}

using System.Collections.Immutable;
using GpuTty.Interop;

namespace GpuTty.Linux.Processes;

/// <summary>
/// Large tables of descriptors, or large memories, of one look: processes that share one (clone(2), CLONE_FILES,
/// CLONE_VM) are not read one after the other, one is read at a time, and not more than so much in all. Anybody
/// may start thousands of them for next to nothing, and each entry that is looked at costs the kernel a kilobyte.
/// </summary>
/// <param name="root">Where processes are looked at.</param>
/// <param name="isShared">Whether two processes have the same one; false where that cannot be told.</param>
/// <param name="mostRead">Descriptors, or mappings, of large ones that are read in all; the others are not told.</param>
internal sealed class SharedReadings(FileSystemRoot root, Func<int, int, bool> isShared, int mostRead)
{
    /// <summary>Descriptors, or mappings, from which on it pays to ask who shares them.</summary>
    public const int Large = 512;

    /// <summary>Descriptors or mappings of large ones that a look reads in all. The largest servers have some hundred thousand.</summary>
    public const int MostRead = 512 * 1024;

    /// <summary>More are read, and not remembered.</summary>
    private const int MostKept = 64;

    /// <summary>Entries that a look tells beside the first few of each process.</summary>
    private const int MostTold = 64 * 1024;

    private Lock _oneAtATime = new();
    private readonly int _mostRead = mostRead;
    private int _told;
    private int _read;
    private ImmutableList<Known> _known = [];

    public bool HasRoom => Volatile.Read(ref _told) < MostTold;

    public void TakeRoom() => Interlocked.Increment(ref _told);

    /// <summary>What a process holds that shares with one that has been read, or given up; null where none is known that does.</summary>
    public ProcessReading? Find(int pid)
    {
        foreach (var known in Volatile.Read(ref _known))
        {
            // In this order: as long as the process is the one that was read, its number was nobody else's.
            if (isShared(known.Pid, pid) && IsThere(known)) return known.Reading;
        }
        return null;
    }

    /// <summary>Called where a process turns out to have a large one.</summary>
    /// <returns>To be disposed when the process has been read; null when another large
    /// one is being read, which may be the same: to be tried again later.</returns>
    public Turn? TryBegin(int pid, out ProcessReading? known)
    {
        known = null;
        var turn = Volatile.Read(ref _oneAtATime);
        if (!turn.TryEnter()) return null;
        known = Find(pid);
        return new Turn(this, pid, turn);
    }

    /// <summary>Whoever has his turn still may hang in the kernel; the others do not wait for him.</summary>
    public void BeginAnew() => Volatile.Write(ref _oneAtATime, new Lock());

    private ProcessStat? StatOf(int pid) => ProcessStat.Read(root, pid);

    private bool IsThere(Known known) => StatOf(known.Pid) is { HasEnded: false } now && now.StartTime == known.StartTime;

    private readonly record struct Known(int Pid, long StartTime, ProcessReading Reading);

    /// <summary>One large reading under way.</summary>
    internal sealed class Turn(SharedReadings readings, int pid, Lock turn) : IDisposable
    {
        private readonly long? _startTime = readings.StatOf(pid)?.StartTime;

        /// <summary>Whether one more entry may be read.</summary>
        public bool MayReadOn() => Interlocked.Increment(ref readings._read) <= readings._mostRead;

        /// <summary>Remembers what was read, or that it is too much. Of a process
        /// that has ended meanwhile nobody knows whether that is all.</summary>
        public void Keep(ProcessReading reading)
        {
            if (_startTime is not { } start || !readings.IsThere(new Known(pid, start, reading))) return;
            if (Volatile.Read(ref readings._known).Count < MostKept)
                ImmutableInterlocked.Update(ref readings._known, list => list.Add(new Known(pid, start, reading)));
        }

        public void Dispose() => turn.Exit();
    }
}

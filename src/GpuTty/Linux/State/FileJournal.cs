using System.Collections.Immutable;
using System.IO.Hashing;
using GpuTty.Host;
using GpuTty.Interop;
using GpuTty.Switching;
using Microsoft.Win32.SafeHandles;

namespace GpuTty.Linux.State;

/// <summary>
/// The journal on disk: <c>journal</c>, and the run before it as <c>journal.1</c>. Room is taken before the first event is written, so
/// that recording progress cannot fail for want of space; every event but
/// <see cref="RunEvent.Waiting"/> is on the disk before the call returns.
/// </summary>
/// <param name="onLoss">Told once why it can no longer be written; nothing of it is on the disk then.</param>
internal sealed class FileJournal(StateDirectory directory, Action<string>? onLoss = null) : IJournal, IDisposable
{
    public const string Name = "journal";
    private const string Previous = "journal.1";

    /// <summary>Runs that did not end whole and that others came after: <c>unfinished.1</c>
    /// is the oldest. More than this many in one boot are not kept: the oldest go.</summary>
    private const string Unfinished = "unfinished.";
    private const int MostUnfinished = 9;

    /// <summary>An event takes 100 to 300 bytes, the first some 10,000. What is waited
    /// for may take the first half; the rest is for what must be recorded.</summary>
    private const int Room = 256 * 1024;
    private const int RoomForWaiting = Room / 2;

    private SafeFileHandle? _file;
    private long _length;
    private Crc32 _sum = new();

    public JournalContent Read() => Read(directory);

    /// <summary>Another one where the journal has changed; null when there is none.</summary>
    public static (long Length, DateTime Written)? Stamp(StateDirectory directory) => directory.Stamp(Name);

    public static JournalContent Read(StateDirectory directory) => JournalReader.Parse(directory.Read(Name));

    /// <summary>The newest run that began a step, which is what a recovery
    /// is about: one that was refused after it does not hide it.</summary>
    public static JournalContent ReadBegun(StateDirectory directory)
    {
        var last = Read(directory);
        return last is JournalContent.Run { HasBegun: false }
            && JournalReader.Parse(directory.Read(Previous)) is JournalContent.Run { HasBegun: true } before
            ? before
            : last;
    }

    /// <summary>Journals of runs that did not end whole and that no later run has resolved, oldest first.</summary>
    public static ImmutableArray<ImmutableArray<RunEvent>> ReadUnfinished(StateDirectory directory) =>
        UnfinishedRuns.After(
            Kept(directory).Select(kept => kept.Run.Events), Read(directory) is JournalContent.Run last ? last.Events : []);

    /// <summary>A run is not offered any more; one that is unknown here is left alone.</summary>
    public void Dismiss(RunEvent.Opened run, DateTimeOffset at)
    {
        Keep([.. Kept(directory).Where(kept => !UnfinishedRuns.IsSame(kept.Run.Opening, run))]);
        if (Read() is JournalContent.Run last && UnfinishedRuns.IsSame(last.Opening, run)) Append(new RunEvent.Dismissed { At = at });
    }

    public void Append(RunEvent entry)
    {
        if (entry is RunEvent.Opened) Begin(entry);
        else if (entry is not RunEvent.Waiting) Write(entry, _file ??= Continue(), toDisk: true);
        else if (_file is { } file && _length < RoomForWaiting) Write(entry, file, toDisk: false);
        if (entry is RunEvent.Closed) DropResolved();
    }

    public void Dispose() => _file?.Dispose();

    /// <summary>A new run is a new file that takes the name when its first line is on the disk.</summary>
    private void Begin(RunEvent opened)
    {
        directory.Ensure();
        KeepBefore();
        _file?.Dispose();
        _file = directory.CreateNew($"{Name}.new");
        (_length, _sum) = (0, new Crc32());
        // Some file systems cannot promise room; there a full disk stops the run at the event that does not fit.
        if (Native.Reserve(_file, Room) == Native.ENOSPC) throw Full(null);
        Write(opened, _file, toDisk: true);
        directory.Rename($"{Name}.new", Name);
    }

    /// <summary>A run that did nothing is not worth keeping in place of one
    /// that did; what another version wrote is left for that version.</summary>
    private void KeepBefore()
    {
        if (directory.Read(Name) is not { } before) return;
        var content = JournalReader.Parse(before);
        // The run that is about to lose its name is kept while it is not whole.
        if (content is JournalContent.Run run) KeepUnresolved([.. Kept(directory), (run, before)], run);
        switch (content)
        {
            case JournalContent.Nothing or JournalContent.Run { HasBegun: false }: break;
            case JournalContent.OtherVersion other: directory.Replace($"{Name}.format-{other.Schema}", before); break;
            default: directory.Replace(Previous, before); break;
        }
    }

    /// <summary>Of these, what the last run has not resolved.</summary>
    private void KeepUnresolved(List<(JournalContent.Run Run, byte[] Content)> runs, JournalContent.Run last)
    {
        var still = UnfinishedRuns.After(runs.Select(one => one.Run.Events), last.Events);
        Keep([.. runs.Where(one => still.Contains(one.Run.Events)).TakeLast(MostUnfinished)]);
    }

    /// <summary>Runs that the one which has just ended has resolved.</summary>
    private void DropResolved()
    {
        try
        {
            if (Kept(directory) is { Count: > 0 } kept && Read() is JournalContent.Run last) KeepUnresolved(kept, last);
        }
        catch (HostException)
        {
            // A file too many, which nobody believes: the next run drops it.
        }
    }

    private static List<(JournalContent.Run Run, byte[] Content)> Kept(StateDirectory directory) =>
    [
        .. from number in Enumerable.Range(1, MostUnfinished)
           let content = directory.Read($"{Unfinished}{number}")
           where content is not null
           let run = JournalReader.Parse(content) as JournalContent.Run
           where run is not null
           select (run, content),
    ];

    private void Keep(IReadOnlyList<(JournalContent.Run Run, byte[] Content)> runs)
    {
        for (var number = 1; number <= MostUnfinished; number++)
        {
            var name = $"{Unfinished}{number}";
            if (number > runs.Count) directory.Delete(name);
            else if (directory.Read(name) is not { } there || !there.AsSpan().SequenceEqual(runs[number - 1].Content))
                directory.Replace(name, runs[number - 1].Content);
        }
    }

    /// <summary>The journal of a worker that is gone, without the line it did not finish.</summary>
    private SafeFileHandle Continue()
    {
        if (Read() is not JournalContent.Run run)
            throw new HostException("There is no journal to go on with.", "Start a new switch.");
        var file = directory.TryOpen(Name, Native.ReadWrite)
            ?? throw new HostException("The journal has gone away.", "Start a new switch.");
        if (run.IsTorn) RandomAccess.SetLength(file, run.Length);
        // Cutting has given the room back. What cannot have it is written as far as it goes.
        _ = Native.Reserve(file, Room);
        (_length, _sum) = (run.Length, run.Sum);
        return file;
    }

    private void Write(RunEvent entry, SafeFileHandle file, bool toDisk)
    {
        var sum = _sum.Clone();
        var line = JournalReader.Line(entry, sum);
        try
        {
            FileContent.Write(file, line, _length);
            if (toDisk) FileContent.Sync(file);
            (_length, _sum) = (_length + line.Length, sum);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            var full = Full(refused);
            onLoss?.Invoke(full.Message);
            throw full;
        }
    }

    private HostException Full(Exception? cause) =>
        new(
            $"The journal in {directory.Path} cannot be written{(cause is null ? ": the disk is full" : $": {cause.Message}")}.",
            $"Make room on the file system of {directory.Path}.",
            cause);
}

using GpuTty.Interop;
using GpuTty.Linux.State;
using GpuTty.Switching;

namespace GpuTty.Linux.Worker;

/// <summary>Reads what is new in the journal and the log of a run that another process writes.</summary>
/// <param name="old">The opening of a run that is not meant, because it was there before; null when any will do.</param>
internal sealed class RunFollower(StatePaths state, RunEvent.Opened? old, Action<RunEvent> onEvent, Action<LogLine> onLog)
{
    private RunEvent.Opened? _run;
    private int _seen;
    private (long Length, DateTime Written, LockHolder? Worker)? _journalRead;
    private long _logRead;

    public bool HasClosed { get; private set; }

    /// <param name="worker">Who is at it now; a journal of another process is from before. Null when nobody is.</param>
    public void ReadNews(LockHolder? worker)
    {
        ReadJournal(worker);
        ReadLog();
    }

    private void ReadJournal(LockHolder? worker)
    {
        // Read again only where it is another, or where another process is at it, whose journal it may be.
        var now = FileJournal.Stamp(state.Lib) is var (length, written) ? (length, written, worker) : ((long, DateTime, LockHolder?)?)null;
        if (now == _journalRead) return;
        _journalRead = now;
        if (FileJournal.Read(state.Lib) is not JournalContent.Run run || IsTheSame(run.Opening, old)) return;
        if (_run is null && worker is { Recovers: false } && run.Opening.WorkerPid != worker.Pid) return;
        // Another run has begun since: this one is over.
        if (_run is not null && !IsTheSame(run.Opening, _run))
        {
            HasClosed = true;
            return;
        }
        _run = run.Opening;
        foreach (var entry in run.Events.Skip(_seen)) onEvent(entry);
        _seen = Math.Max(_seen, run.Events.Length);
        HasClosed = run.IsClosed;
    }

    private void ReadLog()
    {
        using var file = state.Run.TryOpen(RunLog.Name, Native.ReadOnly);
        if (file is null) return;
        var length = RandomAccess.GetLength(file);
        if (length < _logRead) _logRead = 0;
        if (length == _logRead) return;
        var bytes = new byte[length - _logRead];
        var count = RandomAccess.Read(file, bytes, _logRead);
        var rest = bytes.AsSpan(0, count);
        while (rest.IndexOf((byte)'\n') is >= 0 and var end)
        {
            if (RunLog.Parse(rest[..end]) is { } line) onLog(line);
            _logRead += end + 1;
            rest = rest[(end + 1)..];
        }
    }

    private static bool IsTheSame(RunEvent.Opened run, RunEvent.Opened? other) => other is not null && UnfinishedRuns.IsSame(run, other);
}

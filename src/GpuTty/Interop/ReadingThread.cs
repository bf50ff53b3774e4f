using System.Collections.Concurrent;

namespace GpuTty.Interop;

/// <summary>
/// A thread for reading what may hang in the kernel. One that has come back is used again, because a look needs several and making one
/// costs more than most of what it reads; one that hangs is nobody's until it comes back.
/// </summary>
internal sealed class ReadingThread
{
    /// <summary>As many as one scan begins with; of more, which only hanging ones call for, the rest end.</summary>
    private const int MostIdle = 4;
    private static readonly ConcurrentStack<ReadingThread> s_idle = new();
    private readonly object _given = new();
    private Action? _work;

    private ReadingThread(Action work) => _work = work;

    /// <param name="work">Throws nothing.</param>
    public static void Begin(Action work)
    {
        if (s_idle.TryPop(out var idle)) idle.Give(work);
        else new Thread(new ReadingThread(work).Run) { IsBackground = true, Name = "gputty-look" }.UnsafeStart();
    }

    private void Give(Action work)
    {
        lock (_given)
        {
            _work = work;
            Monitor.Pulse(_given);
        }
    }

    private void Run()
    {
        while (true)
        {
            Take()();
            if (s_idle.Count >= MostIdle) return;
            s_idle.Push(this);
        }
    }

    private Action Take()
    {
        lock (_given)
        {
            while (_work is null) Monitor.Wait(_given);
            var work = _work;
            // What it has read must not be kept alive by a thread that waits.
            _work = null;
            return work;
        }
    }
}

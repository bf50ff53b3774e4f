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

    /// <summary>By whose rights they have (credentials(7)): a thread gets those of the thread that starts it, and keeps them.</summary>
    private static readonly ConcurrentDictionary<uint, ConcurrentStack<ReadingThread>> s_idle = new();
    private readonly ConcurrentStack<ReadingThread> _idle;
    private readonly object _given = new();
    private Action? _work;

    private ReadingThread(ConcurrentStack<ReadingThread> idle, Action work) => (_idle, _work) = (idle, work);

    /// <param name="work">Throws nothing.</param>
    public static void Begin(Action work)
    {
        var idle = s_idle.GetOrAdd(Libc.EffectiveUser(), _ => new ConcurrentStack<ReadingThread>());
        if (idle.TryPop(out var thread)) thread.Give(work);
        else new Thread(new ReadingThread(idle, work).Run) { IsBackground = true, Name = "gputty-look" }.UnsafeStart();
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
            if (_idle.Count >= MostIdle) return;
            _idle.Push(this);
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

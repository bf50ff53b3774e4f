using System.Collections.Concurrent;
using System.Diagnostics;

namespace GpuTty.Interop;

/// <summary>What is said of an item of any scan.</summary>
internal static class HangTolerantScan
{
    /// <summary>Why something of it is unknown, where it did not come back in time.</summary>
    public const string TimedOut = "Reading its sysfs files timed out; the kernel may be stuck in it.";
}

/// <summary>
/// Reads many things at once of which any may hang in the kernel (a device with a stuck write, a process that waits without end).
/// One that hangs costs a thread and nothing else, and is left alone until it comes back.
/// </summary>
/// <param name="longest">
/// How long the whole of a scan may take, however much comes back in the meantime: who can make work without end must not make a look
/// without end. Eight seconds where null.
/// </param>
internal sealed class HangTolerantScan<TItem>(TimeSpan? longest = null) where TItem : notnull
{
    private const int MostThreads = 16;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(8);
    private readonly ConcurrentDictionary<TItem, bool> _hanging = new();

    /// <summary>
    /// What was read of each item, and the items that were still out when nothing had come back for the time of the limit, or when the
    /// whole scan had taken too long.
    /// </summary>
    /// <param name="limit">Two seconds where null.</param>
    /// <exception cref="OperationCanceledException">The caller gave up; nothing further is read for it.</exception>
    public (TResult?[] Results, List<TItem> Late) Read<TResult>(
        IReadOnlyList<TItem> items, Func<TItem, TResult?> read, TimeSpan? limit = null, CancellationToken cancel = default)
        where TResult : class => Read(items, (item, _) => read(item), limit, cancel);

    /// <param name="read">Its second argument tells when nobody waits for the item any more; what is said after that is not heard.</param>
    /// <param name="mostThreads">How many items are read at once, also when one hangs.</param>
    /// <param name="atMost">How long this scan may take; as long as every other where null.</param>
    /// <inheritdoc cref="Read{TResult}(IReadOnlyList{TItem}, Func{TItem, TResult}, TimeSpan?, CancellationToken)"/>
    public (TResult?[] Results, List<TItem> Late) Read<TResult>(
        IReadOnlyList<TItem> items, Func<TItem, CancellationToken, TResult?> read, TimeSpan? limit, CancellationToken cancel,
        int mostThreads = MostThreads, TimeSpan? atMost = null)
        where TResult : class
    {
        cancel.ThrowIfCancellationRequested();
        if (items.Count == 0) return ([], []);
        using var run = new Run<TResult>(items, read, _hanging);
        var atOnce = Math.Min(mostThreads, Math.Clamp(Environment.ProcessorCount, 1, 4));
        for (var thread = 0; thread < Math.Min(items.Count / 32 + 1, atOnce); thread++) run.AddThread();
        var (before, sinceProgress, sinceBegin) = (0, Stopwatch.StartNew(), Stopwatch.StartNew());
        try
        {
            while (!run.Finished.Wait(s_look, cancel)
                && sinceProgress.Elapsed < (limit ?? s_limit)
                && sinceBegin.Elapsed < (atMost ?? longest ?? s_longest))
            {
                if (run.Done != before) (before, sinceProgress) = (run.Done, Stopwatch.StartNew());
                // All threads may sit in items that hang; the others must not wait for those.
                else if (run.Threads < mostThreads) run.AddThread();
            }
        }
        catch (OperationCanceledException)
        {
            run.Stop();
            throw;
        }
        return run.Close();
    }

    private sealed class Run<TResult>(
        IReadOnlyList<TItem> items, Func<TItem, CancellationToken, TResult?> read, ConcurrentDictionary<TItem, bool> hanging) : IDisposable
        where TResult : class
    {
        private readonly TResult?[] _results = new TResult?[items.Count];
        private readonly bool[] _answered = new bool[items.Count];
        private readonly CancellationTokenSource _over = new();
        private Exception? _fault;
        private int _next;
        private int _done;

        /// <summary>Whoever waits for it does not spin: the readers need the processors.</summary>
        public ManualResetEventSlim Finished { get; } = new(initialState: false, spinCount: 0);
        public int Done => Volatile.Read(ref _done);
        public int Threads { get; private set; }

        public void Dispose() => _over.Dispose();

        public void AddThread()
        {
            Threads++;
            var over = _over.Token;
            ReadingThread.Begin(() => Work(over));
        }

        /// <summary>No further item is begun, and one that can stop in the middle does.</summary>
        public void Stop()
        {
            Interlocked.Add(ref _next, items.Count);
            _over.Cancel();
        }

        public (TResult?[] Results, List<TItem> Late) Close()
        {
            if (Done < items.Count) Stop();
            if (_fault is { } fault) throw new InvalidOperationException($"Reading failed: {fault.Message}", fault);
            var results = new TResult?[items.Count];
            var late = new List<TItem>();
            for (var index = 0; index < items.Count; index++)
            {
                if (Volatile.Read(ref _answered[index])) results[index] = _results[index];
                else late.Add(items[index]);
            }
            return (results, late);
        }

        private void Work(CancellationToken over)
        {
            while (Interlocked.Increment(ref _next) - 1 is var index && index < items.Count)
            {
                var item = items[index];
                if (hanging.TryAdd(item, true))
                {
                    try
                    {
                        var result = read(item, over);
                        if (over.IsCancellationRequested) continue;
                        _results[index] = result;
                        Volatile.Write(ref _answered[index], true);
                    }
                    catch (Exception fault)
                    {
                        // A mistake of ours must reach the caller, not end the program from a thread of its own.
                        _fault ??= fault;
                    }
                    finally
                    {
                        hanging.TryRemove(item, out _);
                    }
                }
                if (Interlocked.Increment(ref _done) == items.Count) Finished.Set();
            }
        }
    }
}

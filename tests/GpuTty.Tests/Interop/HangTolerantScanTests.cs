using System.Diagnostics;
using GpuTty.Interop;
using GpuTty.Tests.Linux;
using GpuTty.Tests.Linux.State;

namespace GpuTty.Tests.Interop;

public sealed class HangTolerantScanTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(3);
    private readonly ManualResetEventSlim _stuck = new();
    private readonly HangTolerantScan<int> _scan = new();

    [Fact]
    public void M32_items_that_hang_do_not_keep_the_others_from_being_read()
    {
        // More of them than threads at the start.
        var (results, late) = _scan.Read(Enumerable.Range(0, 500).ToList(), Read, s_limit);

        Assert.Equal([3, 4, 5, 6, 7, 8], late);
        Assert.Equal(494, results.Count(result => result is not null));
    }

    [Fact]
    public void An_item_that_hangs_is_waited_for_once_and_read_again_when_it_has_come_back()
    {
        _scan.Read([1, 3], Read, TimeSpan.FromMilliseconds(100));

        var watch = Stopwatch.StartNew();
        var (results, late) = _scan.Read([1, 3], Read, s_limit);
        Assert.Equal([3], late);
        Assert.Equal("1", results[0]);
        Assert.True(watch.Elapsed < s_limit, $"waited {watch.Elapsed} for what was known to hang");

        _stuck.Set();
        SpinWait.SpinUntil(() => _scan.Read([3], Read, s_limit).Late.Count == 0, s_limit);
        Assert.Empty(_scan.Read([3], Read, s_limit).Late);
    }

    /// <summary>Thousands of processes that each take a while are no progress that could be waited for.</summary>
    [Fact]
    public void Work_without_end_does_not_make_a_scan_without_end()
    {
        using var never = new ManualResetEventSlim();
        var scan = new HangTolerantScan<int>(TimeSpan.FromMilliseconds(300));
        var watch = Stopwatch.StartNew();
        var (results, late) =
            scan.Read(Enumerable.Range(0, 100_000).ToList(), item => never.Wait(20) ? null : $"{item}", TimeSpan.FromMinutes(5));
        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(1), $"{watch.Elapsed}");
        Assert.NotEmpty(results.OfType<string>());
        Assert.Equal(100_000, results.OfType<string>().Count() + late.Count);
    }

    [Fact]
    public void A_caller_who_gives_up_is_let_go_and_nothing_further_is_read_for_him()
    {
        using var gaveUp = new CancellationTokenSource();
        var read = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => _scan.Read(Enumerable.Range(100, 100).ToList(), item =>
        {
            if (Interlocked.Increment(ref read) == 3) gaveUp.Cancel();
            if (item > 101) _stuck.Wait();
            return $"{item}";
        }, TimeSpan.FromMinutes(5), gaveUp.Token));
        Assert.InRange(read, 1, 99);
    }

    /// <summary>Others may scan beside this test and take a thread that waits.</summary>
    [Fact]
    public void Scans_that_follow_each_other_do_not_make_a_thread_each()
    {
        var threads = new HashSet<int>();
        for (var scan = 0; scan < 200; scan++)
            _scan.Read([100], _ => $"{threads.Add(Environment.CurrentManagedThreadId)}", s_limit);
        Assert.InRange(threads.Count, 1, 100);
    }

    /// <summary>The kernel keeps rights for each thread, and one that has read for root has root's.</summary>
    [RootFact]
    public void Who_looks_with_less_than_roots_rights_is_not_read_for_with_roots()
    {
        _scan.Read([100], _ => $"{Libc.EffectiveUser()}", s_limit);
        string?[] read = [];

        OrdinaryUser.Do(() => read = _scan.Read([100], _ => $"{Libc.EffectiveUser()}", s_limit).Results);

        Assert.NotEqual("0", Assert.Single(read));
        Assert.Equal("0", Assert.Single(_scan.Read([100], _ => $"{Libc.EffectiveUser()}", s_limit).Results));
    }

    [Fact]
    public void Where_there_is_nothing_to_read_nothing_is_read()
    {
        var (results, late) = _scan.Read([], Read, s_limit);

        Assert.Empty(results);
        Assert.Empty(late);
    }

    [Fact]
    public void A_mistake_in_reading_reaches_the_caller() =>
        Assert.Throws<InvalidOperationException>(() => _scan.Read<string>([1], _ => throw new FormatException("bad"), s_limit));

    public void Dispose()
    {
        _stuck.Set();
        _stuck.Dispose();
    }

    private string? Read(int item)
    {
        if (item is >= 3 and <= 8) _stuck.Wait();
        return $"{item}";
    }
}

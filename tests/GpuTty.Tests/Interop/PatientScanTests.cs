using System.Diagnostics;
using GpuTty.Interop;

namespace GpuTty.Tests.Interop;

public sealed class PatientScanTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(3);
    private readonly ManualResetEventSlim _stuck = new();
    private readonly PatientScan<int> _scan = new();

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

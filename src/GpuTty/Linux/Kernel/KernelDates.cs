namespace GpuTty.Linux.Kernel;

/// <summary>
/// When the kernel said something, by the clock on the wall. Its own clock counts from the start, stands still while the machine
/// sleeps, and drifts; so the line that was read soonest after it was said tells how far the two are apart.
/// </summary>
internal sealed class KernelDates(TimeProvider clock)
{
    // Nobody is that late with reading: the machine has slept, or its clock was set.
    private static readonly TimeSpan s_latest = TimeSpan.FromSeconds(2);
    private DateTimeOffset? _start;

    public DateTimeOffset Now => clock.GetUtcNow();

    public DateTimeOffset Of(TimeSpan sinceBoot)
    {
        var now = clock.GetUtcNow();
        var start = now - sinceBoot;
        if (_start is not { } known || start < known || start > known + s_latest) _start = start;
        return _start.Value + sinceBoot;
    }
}

using GpuTty.Interop;
using GpuTty.Linux.Systemd;
using GpuTty.Linux.Systemd.DBus;
using GpuTty.Switching;

namespace GpuTty.Linux.Worker;

/// <summary>The machine stays awake until it is disposed, where it can be kept so: a refusal is in the log and stops nothing.</summary>
internal sealed class WakeLock : IDisposable
{
    private readonly Task<SleepInhibitor?> _taking;

    /// <param name="why">See <see cref="SleepInhibitor.TakeAsync"/>.</param>
    public WakeLock(string why, TimeProvider clock, Action<LogLine> log) => _taking = TakeAsync(why, clock, log);

    /// <summary>Takes a few seconds where logind does not answer.</summary>
    public Task WhenTriedAsync() => _taking;

    /// <summary>One that comes later ends with the process.</summary>
    public void Dispose()
    {
        if (_taking.IsCompletedSuccessfully) _taking.Result?.Dispose();
    }

    private static async Task<SleepInhibitor?> TakeAsync(string why, TimeProvider clock, Action<LogLine> log)
    {
        try
        {
            return await SleepInhibitor.TakeAsync(FileSystemRoot.Live, why);
        }
        catch (BusException refused)
        {
            log(new LogLine(
                clock.GetUtcNow(), LogLevel.Warning, LogSource.Gputty, $"Sleep is not held off during this switch: {refused.Message}"));
            return null;
        }
    }
}

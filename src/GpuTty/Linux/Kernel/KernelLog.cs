using GpuTty.Interop;
using GpuTty.Switching;
using Microsoft.Win32.SafeHandles;

namespace GpuTty.Linux.Kernel;

/// <summary>What the kernel says from now on, read from /dev/kmsg.</summary>
/// <param name="clock">Dates the lines.</param>
/// <param name="log">Gets each line.</param>
/// <param name="hear">Gets each record, with who wrote it.</param>
/// <param name="path">The kernel's log.</param>
internal sealed class KernelLog(TimeProvider clock, Action<LogLine> log, Action<KernelLogLine>? hear = null, string path = "/dev/kmsg")
{
    private readonly KernelDates _dates = new(clock);

    /// <summary>Where it cannot be read, the log says so and the run goes on without. Ends when cancelled.</summary>
    public Task PumpAsync(CancellationToken cancel) =>
        Task.Factory.StartNew(() => Pump(cancel), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Pump(CancellationToken cancel)
    {
        const int fromEnd = 2;
        using var file = Native.Open(path, Native.ReadOnly | Native.NonBlocking | Native.CloseOnExec, 0);
        if (file.IsInvalid || Native.Seek(file, 0, fromEnd) < 0)
        {
            Log(LogLevel.Warning, $"{path} cannot be read, so this log lacks the kernel's own lines.");
            return;
        }
        using var end = Native.NewEvent();
        using var ending = cancel.Register(() => Native.Raise(end));
        var buffer = new byte[16 * 1024];
        while (!cancel.IsCancellationRequested)
        {
            // A quiet kernel costs nothing.
            Native.WaitForEither(file, end);
            if (!ReadAll(file, buffer, cancel)) return;
        }
        ReadAll(file, buffer, CancellationToken.None);
    }

    /// <returns>False when nothing more will come.</returns>
    private bool ReadAll(SafeFileHandle file, byte[] buffer, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            var count = Native.Read(file, buffer);
            if (count == -Native.EPIPE)
            {
                Log(LogLevel.Warning, "Some kernel lines were overwritten before they could be read.");
                continue;
            }
            if (count == -Native.EAGAIN) return true;
            if (count <= 0)
            {
                Log(LogLevel.Warning, $"{path} can no longer be read: from here on this log lacks the kernel's own lines.");
                return false;
            }
            if (KernelLogLine.Parse(buffer.AsSpan(0, count)) is not { } line) continue;
            hear?.Invoke(line);
            log(line.At(_dates.Of(line.SinceBoot)));
        }
        return true;
    }

    private void Log(LogLevel level, string text) => log(new LogLine(_dates.Now, level, LogSource.Kernel, text));
}

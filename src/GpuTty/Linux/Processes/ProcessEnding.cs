using System.Globalization;
using GpuTty.Host;
using GpuTty.Interop;
using GpuTty.Planning.Holders;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Text;
using Microsoft.Win32.SafeHandles;

namespace GpuTty.Linux.Processes;

/// <summary>
/// Ends a process, and only that one: a pidfd is opened first and the start time compared after, so that a number that was given to
/// another process in between is never signalled (pidfd_open(2)).
/// </summary>
internal sealed class ProcessEnding(IReadOnlyCollection<int> isProtected, TimeProvider clock, Action<LogLine> log)
{
    public async Task EndAsync(int pid, long startTime, EndSignal signal, CancellationToken cancel)
    {
        using var process = pid > 0 ? Native.OpenProcess(pid) : null;
        if (process is null || ProcessStat.Read(pid) is not { HasEnded: false } now || now.StartTime != startTime) return;
        if (WhyNot(now) is { } why)
            throw new HostException(
                $"{Visible.Text(now.Name)} ({pid}) must not be ended: {why}.", "Close it yourself, or reboot with it disabled.");
        cancel.ThrowIfCancellationRequested();
        if (!Send(EndSignal.Terminate, process, now)) return;
        var ends = Task.Factory.StartNew(
            () => WaitForEnd(process, cancel), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (signal == EndSignal.Kill && await Task.WhenAny(ends, Task.Delay(EndProcess.UntilForce, clock, cancel)) != ends
            && !cancel.IsCancellationRequested)
            Send(EndSignal.Kill, process, now);
        await ends;
    }

    /// <returns>False where it has ended.</returns>
    private bool Send(EndSignal signal, SafeFileHandle process, ProcessStat now)
    {
        var (number, name) = signal == EndSignal.Kill ? (9, "KILL") : (15, "TERM");
        log(new LogLine(clock.GetUtcNow(), LogLevel.Info, LogSource.Command, $"kill -{name} {now.Pid} ({Visible.Text(now.Name)})"));
        return Native.Signal(process, number);
    }

    private string? WhyNot(ProcessStat process)
    {
        if (process.IsKernelThread) return "it is part of the kernel";
        if (isProtected.Concat(ProcessStat.WithAncestors(FileSystemRoot.Live, Environment.ProcessId)).Contains(process.Pid))
            return "you are using it";
        // The planner judges the same way, before the desktop is down; what it is now counts.
        using var folder = DirectoryHandle.Open(FileSystemRoot.Live.Proc(process.Pid.ToString(CultureInfo.InvariantCulture)));
        return folder is null
            ? null
            : ProtectedProcess.Why(ProcHolders.Describe(process.Pid, folder, process, Users.Read(FileSystemRoot.Live, out _)));
    }

    private static void WaitForEnd(SafeFileHandle process, CancellationToken cancel)
    {
        while (!Native.WaitReadable(process, TimeSpan.FromMilliseconds(50))) cancel.ThrowIfCancellationRequested();
    }
}

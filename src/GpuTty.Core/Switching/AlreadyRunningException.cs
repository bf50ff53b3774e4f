using GpuTty.Host;

namespace GpuTty.Switching;

/// <summary>Another switch is running: one at a time, on the whole machine (exit code 6).</summary>
/// <param name="pid">Its worker; null where that is not known.</param>
public sealed class AlreadyRunningException(int? pid = null)
    : HostException($"Another switch is running{(pid is { } worker ? $" (process {worker})" : "")}.", "Follow it: gputty follow");

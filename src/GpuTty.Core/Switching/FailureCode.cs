namespace GpuTty.Switching;

/// <summary>Why a step did not happen: the stable words for scripts, kept in the journal.</summary>
public enum FailureCode
{
    /// <summary>The machine said no.</summary>
    [JsonStringEnumMemberName("refused-by-system")] RefusedBySystem,
    [JsonStringEnumMemberName("timed-out")] TimedOut,
    /// <summary>A write that the kernel does not finish.</summary>
    [JsonStringEnumMemberName("kernel-stuck")] KernelStuck,
    [JsonStringEnumMemberName("kernel-crashed")] KernelCrashed,
    [JsonStringEnumMemberName("device-gone")] DeviceGone,
    /// <summary>Another device is at its address.</summary>
    [JsonStringEnumMemberName("device-replaced")] DeviceReplaced,
    [JsonStringEnumMemberName("off-the-bus")] OffTheBus,
    /// <summary>Somebody asked for everything to be rolled back.</summary>
    [JsonStringEnumMemberName("roll-back-requested")] RollBackRequested,
    /// <summary>What is done can no longer be written down.</summary>
    [JsonStringEnumMemberName("journal-lost")] JournalLost,
    /// <summary>An earlier failure forbids it.</summary>
    [JsonStringEnumMemberName("not-attempted")] NotAttempted,
}

namespace GpuTty.Switching;

/// <summary>What a line of the kernel's log means for a switch, from harmless to fatal.</summary>
public enum KernelEvent
{
    /// <summary>Nothing out of the ordinary.</summary>
    [JsonStringEnumMemberName("none")] None,
    /// <summary>A driver, the bus or the IOMMU complains.</summary>
    [JsonStringEnumMemberName("trouble")] Trouble,
    /// <summary>The kernel has met what must not be (WARN_ON), and goes on.</summary>
    [JsonStringEnumMemberName("warning")] Warning,
    /// <summary>Something waits far too long; it may never come back.</summary>
    [JsonStringEnumMemberName("hang")] Hang,
    /// <summary>A part of the kernel has died (BUG, oops): what it held is locked forever, and nothing more may be written.</summary>
    [JsonStringEnumMemberName("crash")] Crash,
}

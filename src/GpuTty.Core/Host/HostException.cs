namespace GpuTty.Host;

/// <summary>The machine refused. The message is one sentence in the user's words; the remedy is one next action.</summary>
public class HostException(string message, string remedy, Exception? cause = null) : Exception(message, cause)
{
    public string Remedy { get; } = remedy;

    /// <summary>True when the same call may work a moment later: a module that is still in use.</summary>
    public bool IsTransient { get; init; }
}

/// <summary>A write that the kernel does not finish. Nothing may be written to PCI after it in this boot.</summary>
public sealed class StuckException(StuckWrite write)
    : HostException(
        $"The kernel {write.Finding}.",
        "Save your work and reboot; nothing else can end this wait.")
{
    public StuckWrite Write { get; } = write;
}

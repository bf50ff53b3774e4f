namespace GpuTty.Host;

/// <summary>What was asked for is for root only, and this program does not run as root.</summary>
/// <param name="message">One sentence.</param>
public sealed class NeedsRootException(string message, Exception? cause = null) : HostException(message, "Run it again with sudo.", cause);

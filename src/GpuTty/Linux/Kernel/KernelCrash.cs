using System.Text;
using GpuTty.Host;
using GpuTty.Linux.State;
using GpuTty.Text;

namespace GpuTty.Linux.Kernel;

/// <summary>
/// The kernel's own words about its crash, kept in /run/gputty/crash until the next boot. Not every crash sets the taint bit of a death ("scheduling
/// while atomic" sets that of a warning, which others set too), and the kernel's log is a ring.
/// </summary>
internal static class KernelCrash
{
    private const string Name = "crash";

    /// <summary>The first one counts: the others follow from it. A line that cannot be kept must not end what listens.</summary>
    public static void Keep(StateDirectory run, string words)
    {
        try
        {
            if (!run.Exists(Name)) run.Replace(Name, Encoding.UTF8.GetBytes(words));
        }
        catch (HostException)
        {
            // It is in the log, and the taint bit tells most of these.
        }
    }

    /// <summary>Null when there was none.</summary>
    /// <exception cref="HostException">The file is not ours to read.</exception>
    public static string? Find(StateDirectory run) => run.Read(Name) is { } words ? Visible.Text(Encoding.UTF8.GetString(words), 1000) : null;
}

using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Linux.State;
using GpuTty.Linux.Writes;

namespace GpuTty.Linux.Kernel;

/// <summary>What GpuTtys of this boot have noted below /run/gputty about the kernel's state.</summary>
/// <param name="Stuck">The write that nobody waits for any more.</param>
/// <param name="Busy">Functions with a write under way, waited for or not. Their files
/// take the same lock, so reading them may hang as well (drivers/base/dd.c).</param>
/// <param name="Crash">The kernel's own words about its crash, and its state before.</param>
/// <param name="Problem">Why the notes cannot be read, in one sentence; null when they can.</param>
internal sealed record KernelIncidents(StuckWrite? Stuck, ImmutableArray<PciAddress> Busy, KernelCrash? Crash, string? Problem = null)
{
    public static KernelIncidents None { get; } = new(null, [], null);

    /// <summary>For snapshots, which never fail: a file that is not ours tells nothing, and they say so.</summary>
    public static KernelIncidents Read(StateDirectory run)
    {
        try
        {
            var write = PendingWrite.Find(run);
            return new KernelIncidents(write?.IsStuck == true ? write.AsStuck() : null, write?.Touches ?? [], KernelCrash.Find(run));
        }
        catch (HostException unreadable)
        {
            return None with { Problem = unreadable.Message };
        }
    }
}

using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Text;

namespace GpuTty.Steps;

/// <summary>
/// Uses of a driver that no program's files show: a descriptor on its way in a socket (unix(7), SCM_RIGHTS) or kept by
/// io_uring(7). Only the module's count betrays them, and a remove() that waits for users would wait for them without an end.
/// </summary>
internal static class UnexplainedDriverUse
{
    /// <summary>nvidia's remove() waits in a loop without an end (nv-pci.c), and its files count for its module.</summary>
    public static bool Matters(string driver) => driver == "nvidia";

    /// <summary>
    /// How many of a driver's references neither a program nor the kernel explains; null where it does not
    /// matter or cannot be told: the kernel does not count, the open files could not be told apart, or the other
    /// card's programs map its files, which may keep more of them than their paths show (proc_pid_maps(5)).
    /// </summary>
    public static int? Of(HostSnapshot host, string driver, string? module)
    {
        if (!Matters(driver) || module is null || host.FindModule(module) is not { } loaded) return null;
        var account = ModuleRefcountBreakdown.Of(host, loaded);
        var more = account.Unexplained;
        // Descriptors that share a file, counted one by one, may cover for a use that nobody sees.
        if (more == 0 && (!account.IsExact || MapsAlone(host, module))) return null;
        return more > 0 && host.Holders.Any(holder => holder.Nodes.Any(node => node.IsMapping && host.ModulePinnedBy(node) == module))
            ? null
            : more;
    }

    /// <summary>A map may be one file with that of another process, as after fork(2), and nothing tells.</summary>
    private static bool MapsAlone(HostSnapshot host, string module) => host.Holders.Any(holder =>
        holder.Nodes
            .Where(node => host.ModulePinnedBy(node) == module)
            .GroupBy(node => node.Path)
            .Any(file => file.All(node => node.IsMapping)));

    /// <summary>What the plan says of it; null when there is nothing to say.</summary>
    public static string? Consequence(HostSnapshot host, string driver, string? module) => Of(host, driver, module) switch
    {
        null when Matters(driver) =>
            $"Hidden users of {driver} cannot be detected here; if there are any, releasing the card may hang until a reboot.",
        > 0 and var more =>
            $"{driver} has {Counted.Of(more, "reference")} of unknown origin; the card is left alone unless "
                + $"{Counted.Word(more, "it goes", "they go")} away.",
        _ => null,
    };
}

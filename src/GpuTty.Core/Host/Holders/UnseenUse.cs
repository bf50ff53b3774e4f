using GpuTty.Text;

namespace GpuTty.Host.Holders;

/// <summary>
/// Uses of a driver that no program's files show: a descriptor on its way in a socket (unix(7), SCM_RIGHTS) or kept by io_uring(7). Only the
/// module's count betrays them, and a remove() that waits for users would wait for them without an end.
/// </summary>
internal static class UnseenUse
{
    /// <summary>nvidia's remove() waits in a loop without an end (nv-pci.c), and its files count for its module.</summary>
    public static bool Matters(string driver) => driver == "nvidia";

    /// <summary>
    /// How many of a driver's references neither a program nor the kernel explains; null where it does not matter or cannot be told: the kernel
    /// does not count, or the other card's programs map its files, which may keep more of them than their paths show (proc_pid_maps(5)).
    /// </summary>
    public static int? Of(HostSnapshot host, string driver, string? module)
    {
        if (!Matters(driver) || module is null || host.FindModule(module) is not { } loaded) return null;
        var more = ReferenceAccount.Of(host, loaded).Unexplained;
        return more > 0 && host.Holders.Any(holder => holder.Nodes.Any(node => node.IsMapping && host.ModulePinnedBy(node) == module)) ? null : more;
    }

    /// <summary>What the plan says of it where the module is to be unloaded, which fails harmlessly; null when there is nothing to say.</summary>
    public static string? StopsUnloading(HostSnapshot host, string module) => Of(host, module, module) is > 0 and var more
        ? $"{module} has {Counted.Of(more, "reference")} that no program explains; unless {(more == 1 ? "it goes" : "they go")} away, unloading stops there and everything comes back."
        : null;

    /// <summary>What the plan says of it; null when there is nothing to say.</summary>
    public static string? Consequence(HostSnapshot host, string driver, string? module) => Of(host, driver, module) switch
    {
        null when Matters(driver) => $"Whether something unseen uses {driver} cannot be told here; if so, letting go of the card may hang until a restart of the machine.",
        > 0 and var more => $"{driver} has {Counted.Of(more, "reference")} that no program explains; the card is left alone unless {(more == 1 ? "it goes" : "they go")} away.",
        _ => null,
    };
}

using GpuTty.Host;

namespace GpuTty.Planning;

/// <summary>
/// Uses of a driver that no program's files show: a descriptor on its way in a socket (unix(7), SCM_RIGHTS) or kept by io_uring(7). Only the
/// module's count betrays them, and a remove() that waits for users would wait for them without an end.
/// </summary>
internal static class UnseenUse
{
    /// <summary>nvidia's remove() waits in a loop without an end (nv-pci.c), and its files count for its module.</summary>
    public static bool Matters(string driver) => driver == "nvidia";

    /// <summary>How many of a driver's references neither a program nor the kernel explains; null where the kernel does not count, or where it does not matter.</summary>
    public static int? Of(HostSnapshot host, string driver, string? module) =>
        Matters(driver) && module is not null && host.FindModule(module) is { } loaded ? ReferenceAccount.Of(host, loaded).Unexplained : null;

    /// <summary>What the plan says of it; null when there is nothing to say.</summary>
    public static string? Consequence(HostSnapshot host, string driver, string? module) => Of(host, driver, module) switch
    {
        null when Matters(driver) => $"Whether something unseen uses {driver} cannot be told here; if so, letting go of the card may hang until a restart of the machine.",
        > 0 and var more => $"{driver} has {Counted.Of(more, "reference")} that no program explains; the card is left alone unless {(more == 1 ? "it goes" : "they go")} away.",
        _ => null,
    };
}

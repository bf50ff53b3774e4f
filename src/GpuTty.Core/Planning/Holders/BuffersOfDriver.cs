using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Text;

namespace GpuTty.Planning.Holders;

/// <summary>
/// Buffers that a driver has exported, where it keeps another card: the kernel tells whose they are and not on which card
/// (drivers/dma-buf/dma-buf.c). They keep no function from being unbound, and what is in its memory is lost then.
/// </summary>
internal static class BuffersOfDriver
{
    /// <param name="function">What is unbound.</param>
    /// <param name="module">Of its driver; null where that is built in.</param>
    /// <param name="holders">Who lets go of the card before.</param>
    /// <returns>Null where nobody else has such buffers.</returns>
    public static string? Consequence(HostSnapshot host, PciDevice function, string? module, HolderPlan holders)
    {
        var names = host.Holders
            .Where(holder =>
                !holders.Actions.Any(action => action.Holder.IsSameProcess(holder))
                && holder.Nodes.Any(node => MayBeOf(host, node, module ?? KernelModule.Canonical(function.Driver!))))
            .Select(holder => holder.Label)
            .ToList();
        return names.Count == 0 ? null
            : $"{Counted.Names(names, 5)} {Counted.Word(names.Count, "has", "have")} buffers of which it cannot be told on which card "
                + $"they are: {Counted.Word(names.Count, "it loses", "they lose")} those on {function.Address.ShortName}.";
    }

    private static bool MayBeOf(HostSnapshot host, HeldNode node, string module) =>
        node.Kind == NodeKind.DmaBuf
        && (host.ModulePinnedBy(node) is { } pinned ? pinned == module || pinned == $"{module}_drm" : node.IsOfAnyDriver);
}

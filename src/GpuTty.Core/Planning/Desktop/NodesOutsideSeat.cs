using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;

namespace GpuTty.Planning.Desktop;

/// <summary>
/// A compositor on another card that has this one's driver open anyway: libglvnd and the Vulkan loader ask every
/// installed driver, and NVIDIA's opens its nodes when asked. No seat rule can forbid that.
/// </summary>
public static class NodesOutsideSeat
{
    public static IEnumerable<Holder> Of(HostSnapshot host, Card card) =>
        card.Display.Driver != "nvidia" ? []
        : host.Holders.Where(holder => Compositor.IsOne(holder.Name)
            && !holder.Nodes.Any(node => node.Kind == NodeKind.Card && node.Device == card.Address)
            && Nodes(holder, card).Any());

    public static string Sentence(Holder holder, Card card) =>
        $"{holder.Label} is not on {card.Address.SlotName}, but has {string.Join(", ", Nodes(holder, card).Distinct().Take(3))} open: "
            + "a graphics library has asked every installed driver.";

    private static IEnumerable<string> Nodes(Holder holder, Card card) => holder.Nodes
        .Where(node => node.Kind == NodeKind.Nvidia && (node.Device is { } device ? card.Contains(device) : true))
        .Select(node => node.Path);
}

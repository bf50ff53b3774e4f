using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;

namespace GpuTty.Planning.Devices;

/// <summary>What helps a card whose driver has told the kernel that it cannot go on
/// (Documentation/gpu/drm-uapi.rst, "Device Wedging").</summary>
public static class WedgedDriver
{
    /// <summary>The function of the card whose driver cannot go on; null where none has said so.</summary>
    public static PciDevice? Of(Card card) => card.Functions.FirstOrDefault(function => function.Wedged is not null);

    /// <summary>That it cannot go on, with what the driver recommends: a clause about the driver.</summary>
    public static string Statement(PciDevice wedged) => $"cannot go on ({wedged.Wedged})";

    /// <summary>True where a new binding helps, alone or after a reset: then the card goes to vfio-pci and back.</summary>
    public static bool IsHelpedByMove(PciDevice device) => Names(device, "rebind") || Names(device, "bus-reset");

    /// <summary>
    /// The way off its driver, through the plan of any switch to a virtual machine; the way back to it is a switch to the host. Where
    /// only a reset helps, one that hits nobody else is part of it.
    /// </summary>
    public static SwitchIntent Recovery(HostSnapshot host, Card card) =>
        new SwitchIntent(card.Address, Direction.ToVm) with
        {
            ResetMethod = Of(card) is { } wedged && !Names(wedged, "rebind") ? Reset(host, card) : null,
        };

    private static string? Reset(HostSnapshot host, Card card) =>
        ResetMeaning.Harmless(host, card) is var offered && offered.Contains("bus") ? "bus" : offered.FirstOrDefault(ResetMeaning.IsClean);

    /// <summary>The driver recommends several, parted by commas, the one with the least harm first.</summary>
    private static bool Names(PciDevice device, string method) => device.Wedged?.Split(',').Contains(method) == true;
}

using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;

namespace GpuTty.Planning.Checks;

/// <summary>What helps a card whose place is wrong: another slot where there are slots, never for graphics inside the processor.</summary>
internal static class SlotAdvice
{
    /// <summary>Connectors that lead to a panel inside the case (drivers/gpu/drm/drm_connector.c).</summary>
    private static readonly string[] s_panels = ["eDP", "LVDS", "DSI"];

    /// <summary>A machine whose case is not known and that has a panel of its own is taken for a laptop.</summary>
    public static bool HasSlots(HostSnapshot host) =>
        host.MachineKind.HasSlots ?? !host.Devices.Any(device => device.Connectors.Any(IsPanel));

    public static string SharedGroup(HostSnapshot host, Card card) =>
        ProcessorGraphics.Is(host, card.Display)
            ? "Look for an ACS or IOMMU setting in the firmware, or an update of it; it is part of the processor."
        : HasSlots(host) ? "Move the card to another slot, or look for an ACS or PCIe setting in the firmware."
        : "Look for an ACS or PCIe setting in the firmware, or an update of it; this machine has no other slot.";

    public static string NoGroup(HostSnapshot host, PciDevice device) =>
        ProcessorGraphics.Is(host, device) && WithoutIommu.Values(host, "intel_iommu").Contains("igfx_off")
            ? "Remove igfx_off from the kernel command line and reboot: it keeps the processor's graphics away from the IOMMU."
        : HasSlots(host) && !ProcessorGraphics.Is(host, device) ? "Update the firmware, or try another slot."
        : "Update the firmware.";

    /// <summary>What has switched off the card that this machine has besides the processor's graphics; null where nothing says so,
    /// and where that card is on the bus.</summary>
    public static ConflictingTool? SwitchedOff(HostSnapshot host) =>
        Card.FindAll(host).All(card => ProcessorGraphics.Is(host, card.Display))
            ? host.ConflictingTools.FirstOrDefault(other => other.SwitchOn is not null)
            : null;

    /// <summary>Why the card cannot be done without, where no other one is there.</summary>
    public static Obstacle NoOtherCard(HostSnapshot host, Card card) =>
        SwitchedOff(host) is { } off ? new Obstacle.OtherCardOff(card, off) : new Obstacle.OnlyCard(card, SecondPicture(host, card));

    /// <summary>The begin of a sentence: how this machine gets a picture without the card.</summary>
    public static string SecondPicture(HostSnapshot host, Card card) => host.MachineKind switch
    {
        _ when SwitchedOff(host) is { } off => $"Switch the other card on: {off.SwitchOn}",
        _ when ProcessorGraphics.Is(host, card.Display) =>
            HasSlots(host) ? "Add a second card" : "This machine has no slot for a second card",
        { Processor: ProcessorMaker.Arm or ProcessorMaker.Other } or { Chassis: Chassis.Server } => "Add a second card",
        _ when !HasSlots(host) => "Enable the processor's graphics (hybrid mode) in the firmware setup",
        _ => "Enable the processor's graphics in the firmware setup, or add a second card",
    };

    private static bool IsPanel(Connector connector) =>
        connector.IsConnected == true && s_panels.Any(kind => connector.Name.StartsWith(kind, StringComparison.Ordinal));
}

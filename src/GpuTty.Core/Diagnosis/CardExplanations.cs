namespace GpuTty.Diagnosis;

/// <summary>What is found of a card, explained.</summary>
internal static class CardExplanations
{
    /// <summary>Null for a code that is about something else.</summary>
    public static Explanation? Of(DiagnosisCode code) => code switch
    {
        DiagnosisCode.NvidiaDriver =>
            new(
                "NVIDIA's driver comes as open and as closed modules; the newest cards work only with the open ones. With "
                    + "modeset, nvidia_drm offers the card's outputs to desktops; with fbdev it also provides a framebuffer for the "
                    + "text consoles, which holds the card until the consoles have moved to another one.",
                "NVIDIA driver README, chapters Open Linux Kernel Modules and Direct Rendering Manager Kernel Modesetting"),
        DiagnosisCode.PcieWidth =>
            new(
                "A card that uses fewer lanes than it could transfers less data. The guest has the same link. Fewer lanes come "
                    + "from the slot, from a second card or disk that shares them, from a riser, or from a bad contact. The speed of "
                    + "the link is not judged, because cards lower it when they are idle.",
                "kernel: Documentation/ABI/testing/sysfs-bus-pci (current_link_width)"),
        DiagnosisCode.ResizableBar =>
            new(
                "With a resizable BAR, all of the card's memory can be reached at once. A guest sees the size that the BAR has "
                    + "when vfio-pci binds to the card; the guest's firmware needs a window for 64-bit addresses that is large enough. "
                    + "If a guest does not start with a large BAR, a smaller one can be set through resourceN_resize while no driver is "
                    + "bound to the card.",
                "kernel: Documentation/ABI/testing/sysfs-bus-pci (resourceN_resize)"),
        DiagnosisCode.NoReset =>
            new(
                "Between two guests, and on the way to the host, a function has to be reset; otherwise the next driver finds it "
                    + "as the last one left it. reset_method lists the methods that the kernel knows for a function: its own (flr), a "
                    + "power transition (pm), through the bridge above it (bus), or a device-specific one. Without any, vfio starts a "
                    + "guest with the function as it is.",
                "kernel: Documentation/ABI/testing/sysfs-bus-pci (reset_method)"),
        DiagnosisCode.CardDriver =>
            new(
                "Each function of a card has a driver of its own: graphics, sound, USB. All of them go to vfio-pci together and "
                    + "return to these drivers. Modules from outside the kernel tree, such as NVIDIA's, have a version that must match "
                    + "the libraries that programs use.",
                "kernel: Documentation/driver-api/driver-model/binding.rst"),
        DiagnosisCode.NvidiaPersistence =>
            new(
                "When no program uses a card, NVIDIA's driver returns it to its initial state, and settings are lost. "
                    + "nvidia-persistenced prevents this by keeping the cards open, so it is a holder like any other.",
                "nvidia-persistenced(1)"),
        DiagnosisCode.CardPower =>
            new(
                "An unused card may sleep: in D3hot it still answers, in D3cold its power is off. Reading its link or its memory "
                    + "window would wake it, for nothing but a line of text. A driver that binds wakes it by itself.",
                "kernel: Documentation/power/pci.rst"),
        DiagnosisCode.PcieLink =>
            new(
                "Width and speed of the link are negotiated between slot and card. The width stays; the speed falls when the card "
                    + "is idle and rises under load. A guest has the same link.",
                "kernel: Documentation/ABI/testing/sysfs-bus-pci (current_link_speed)"),
        DiagnosisCode.ResetMethods =>
            new(
                "Between two guests, and on the way to the host, a function is reset by the first of these methods that works. A "
                    + "function-level reset (flr) is the best. bus resets everything in the slot together. pm only puts the function to "
                    + "sleep and wakes it; many cards keep their state through that, so the next driver may fail.",
                "kernel: Documentation/ABI/testing/sysfs-bus-pci (reset_method)"),
        DiagnosisCode.DriverWedged =>
            new(
                "A driver that cannot bring its card back tells the kernel so, and names what may help: rebind (take the driver off "
                    + "the card and bind it again), bus-reset (the same, with a reset of everything in the slot between), or none. A "
                    + "switch to vfio-pci and back is the first of these, and resets the card on its way.",
                "kernel: Documentation/gpu/drm-uapi.rst (Device Wedging)"),
        _ => null,
    };
}

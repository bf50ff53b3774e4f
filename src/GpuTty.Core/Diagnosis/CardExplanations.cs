namespace GpuTty.Diagnosis;

/// <summary>What is found of a card, explained.</summary>
internal static class CardExplanations
{
    /// <summary>Null for a code that is about something else.</summary>
    public static Explanation? Of(DiagnosisCode code) => code switch
    {
        DiagnosisCode.NvidiaDriver =>
            new(
                "NVIDIA's driver comes as open and as closed modules; the newest cards have only the open ones. "
                    + "With modeset nvidia_drm offers the card's screens to desktops, and with fbdev also a framebuffer for the text "
                    + "consoles, which holds the card until it has moved to another one.",
                "NVIDIA driver README, chapters Open Linux Kernel Modules and Direct Rendering Manager Kernel Modesetting"),
        DiagnosisCode.PcieWidth =>
            new(
                "A card that has fewer lanes than it could use gets less data through. The guest has the same link. "
                    + "Fewer lanes come from the slot, from a second card or disk that shares them, from a riser, "
                    + "or from a bad contact. The speed of a link is not looked at, because cards lower it while they have nothing to do.",
                "kernel: Documentation/ABI/testing/sysfs-bus-pci (current_link_width)"),
        DiagnosisCode.ResizableBar =>
            new(
                "With a resizable BAR all memory of the card can be reached at once. A guest sees the size that the BAR has when "
                    + "vfio-pci takes the card; its own firmware needs a window for 64-bit addresses that is large enough. "
                    + "Where a guest does not start with a large BAR, a smaller one can be set through resourceN_resize while no "
                    + "driver has the card.",
                "kernel: Documentation/ABI/testing/sysfs-bus-pci (resourceN_resize)"),
        DiagnosisCode.NoReset =>
            new(
                "Between two guests, and on the way to the host, a function has to be reset, "
                    + "or the next driver finds it as the last one has left it. reset_method lists the ways that the kernel knows for "
                    + "a function: its own (flr), by power (pm), through the bridge above (bus), or one made for the device. "
                    + "Without any, vfio starts a guest with the function as it is.",
                "kernel: Documentation/ABI/testing/sysfs-bus-pci (reset_method)"),
        DiagnosisCode.CardDriver =>
            new(
                "Each function of a card has a driver of its own: graphics, sound, USB. "
                    + "All of them go to vfio-pci together and come back to these. Modules from outside the kernel, such as NVIDIA's, "
                    + "have a version that has to fit what programs were built for.",
                "kernel: Documentation/driver-api/driver-model/binding.rst"),
        DiagnosisCode.NvidiaPersistence =>
            new(
                "Without programs NVIDIA's driver puts a card into its first state again and loses settings. "
                    + "nvidia-persistenced prevents this by holding the cards open, so it is a holder like any other.",
                "nvidia-persistenced(1)"),
        DiagnosisCode.CardPower =>
            new(
                "An unused card may sleep: in D3hot it still answers, in D3cold its power is off. "
                    + "Asking for its link or its memory window would wake it, for nothing but a line of text. "
                    + "A driver that binds wakes it by itself.",
                "kernel: Documentation/power/pci.rst"),
        DiagnosisCode.PcieLink =>
            new(
                "Width and speed of the link are agreed on between slot and card. The width stays; "
                    + "the speed falls when a card idles and rises when it works. A guest has the same link.",
                "kernel: Documentation/ABI/testing/sysfs-bus-pci (current_link_speed)"),
        DiagnosisCode.ResetMethods =>
            new(
                "Between two guests, and on the way to the host, a function is reset, in the first of these ways that works. "
                    + "A function-level reset (flr) is the best. bus resets everything in the slot together. "
                    + "pm only lets it sleep and wake, which many cards keep their state over, so that the next driver may fail.",
                "kernel: Documentation/ABI/testing/sysfs-bus-pci (reset_method)"),
        _ => null,
    };
}

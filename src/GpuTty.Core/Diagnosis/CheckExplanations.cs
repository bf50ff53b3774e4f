using GpuTty.Planning.Checks;

namespace GpuTty.Diagnosis;

/// <summary>The explanation of each question that is asked before a switch.</summary>
public static class CheckExplanations
{
    private const string Vfio = "kernel: Documentation/driver-api/vfio.rst";

    public static Explanation Of(CheckCode code) => code switch
    {
        CheckCode.Kernel =>
            new(
                "After an oops or a BUG parts of the kernel may be locked forever or have freed what they still use; "
                    + "a driver that is unbound then can take the machine down. The kernel notes such an event in its taint mask. "
                    + "A write that has not come back holds locks which the next one would wait for.",
                "kernel: Documentation/admin-guide/tainted-kernels.rst"),
        CheckCode.OriginalState =>
            new(
                "How a card was, its drivers, overrides, modules and units, is written down before it goes away, below /run. "
                    + "Where that cannot be read a way back would be a guess.",
                "gputty(1)"),
        CheckCode.Iommu =>
            new(
                "Without an IOMMU a device in a guest could read and write all memory of the host, so vfio gives none away. "
                    + "It has to be switched on in the firmware (VT-d, AMD-Vi, SMMU), and for some processors on the kernel command line.",
                $"{Vfio}; kernel: Documentation/admin-guide/kernel-parameters.txt (intel_iommu, amd_iommu)"),
        CheckCode.IommuGroup =>
            new(
                "The IOMMU can part only groups of devices from each other. All devices of a group go to the guest's side together: "
                    + "each must be with vfio-pci, with pci-stub or without a driver, bridges excepted.",
                $"{Vfio} (Groups, Devices, and IOMMUs)"),
        CheckCode.OtherCard =>
            new(
                "While the card is away another one has to show the desktop and the text consoles; "
                    + "else there is no picture until it comes back.",
                "gputty(1) (--single-gpu)"),
        CheckCode.Console =>
            new(
                "The kernel draws the text consoles on one framebuffer. Where it belongs to the card that goes away they move to "
                    + "another one, if there is any; else the screen stays as it is and nothing is seen any more.",
                "kernel: Documentation/fb/fbcon.rst"),
        CheckCode.VfioPci =>
            new(
                "vfio-pci is the driver that gives a PCI function to a program such as QEMU. It may be a module or built in; "
                    + "modprobe.d and the kernel command line can forbid it.",
                Vfio),
        CheckCode.HostUse =>
            new(
                "Another function of the card, such as its USB controller, may carry what the host needs: a disk, the network, "
                    + "the keyboard. It goes away with the card. vfio-pci refuses a function whose virtual functions are in use.",
                "kernel: Documentation/PCI/pci-iov-howto.rst"),
        CheckCode.DeviceResponds =>
            new(
                "A function whose configuration reads as all ones does not answer any more: it has lost power or its link. "
                    + "A driver that is unbound from it may wait forever.",
                "kernel: Documentation/PCI/pci-error-recovery.rst"),
        CheckCode.VirtualMachine =>
            new(
                "The group of a card has one user at a time. While a guest runs with it the card can neither return to the host nor go "
                    + "to another guest.",
                Vfio),
        CheckCode.DesktopSetting =>
            new(
                "Compositors have settings that name the cards to open: KWIN_DRM_DEVICES, WLR_DRM_DEVICES, AQ_DRM_DEVICES, "
                    + "tags of udev for mutter, AutoAddGPU of Xorg. They decide whether the desktop holds the card, whatever its seat is.",
                "the documentation of the compositor; xorg.conf(5)"),
        CheckCode.OpenedOutsideSeat =>
            new(
                "Graphics libraries ask every installed driver for its devices. NVIDIA's opens the nodes of its cards at once, "
                    + "so a desktop that draws with another card holds this one too. Its session has to end before the card can go; "
                    + "naming the drivers that it may ask avoids that.",
                "gputty(1) (pin)"),
        CheckCode.ConflictingTool =>
            new(
                "Another program's settings say that it moves the card by itself. Each undoes what the other has done.",
                "the documentation of that program"),
        CheckCode.DriverOverride =>
            new(
                "driver_override names the only driver that may take a function. One that differs from the bound driver takes effect "
                    + "at the next probe.",
                "kernel: Documentation/ABI/testing/sysfs-bus-pci (driver_override)"),
        CheckCode.AutomaticRecovery =>
            new(
                "Where systemd runs the machine the switch is a service, and what clears up after it runs even if it is killed. "
                    + "Elsewhere nothing does, and gputty undo has to be run by hand.",
                "systemd.service(5) (ExecStopPost=)"),
        CheckCode.Platform =>
            new(
                "In WSL2 and in Xen's control domain the graphics devices, or the IOMMU, belong to the hypervisor below, "
                    + "and no setting of this Linux changes that.",
                "gputty(1)"),
        CheckCode.FirmwareScreen =>
            new(
                "Before the first driver the firmware's picture lies in the memory of a card. Where the kernel still draws there, "
                    + "vfio cannot have that memory, and the guest sees errors of its BAR.",
                "kernel: drivers/firmware/sysfb.c; kernel: drivers/video/aperture.c"),
        _ => new(
            "Something that only the planner has found stands in the way. gputty plan says what it is, with a next action.",
            "gputty(1)"),
    };
}

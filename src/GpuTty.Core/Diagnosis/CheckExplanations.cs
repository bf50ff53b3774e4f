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
                "After an oops or a BUG, parts of the kernel may be locked forever, or may have freed what they still use; "
                    + "unbinding a driver can then take the machine down. The kernel records such an event in its taint mask. A write "
                    + "that has not returned holds locks that the next one would wait for.",
                "kernel: Documentation/admin-guide/tainted-kernels.rst"),
        CheckCode.OriginalState =>
            new(
                "The original state of a card (its drivers, overrides, modules and units) is saved below /run before the card "
                    + "goes away. If it cannot be read, a way back would be a guess.",
                "gputty(1)"),
        CheckCode.Iommu =>
            new(
                "Without an IOMMU, a device in a guest could read and write all of the host's memory, so vfio gives none away. It "
                    + "has to be enabled in the firmware setup (VT-d, AMD-Vi, SMMU), and for some processors on the kernel command "
                    + "line.",
                $"{Vfio}; kernel: Documentation/admin-guide/kernel-parameters.txt (intel_iommu, amd_iommu)"),
        CheckCode.IommuGroup =>
            new(
                "The IOMMU can isolate only groups of devices from each other. All devices of a group go to the guest's side "
                    + "together: each must be bound to vfio-pci or pci-stub, or have no driver; bridges are exempt.",
                $"{Vfio} (Groups, Devices, and IOMMUs)"),
        CheckCode.OtherCard =>
            new(
                "While the card is away, another one has to show the desktop and the text consoles; otherwise there is no picture "
                    + "until it comes back.",
                "gputty(1) (--single-gpu)"),
        CheckCode.Console =>
            new(
                "The kernel draws the text consoles on one framebuffer. If it belongs to the card that goes away, they move to "
                    + "another one, if there is any; otherwise the screen stays as it is, and nothing new is shown.",
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
                "A function whose configuration space reads as all ones does not respond any more: it has lost power or its link. "
                    + "Unbinding its driver may wait forever.",
                "kernel: Documentation/PCI/pci-error-recovery.rst"),
        CheckCode.VirtualMachine =>
            new(
                "The group of a card has one user at a time. While a guest runs with it, the card can neither return to the host "
                    + "nor go to another guest.",
                Vfio),
        CheckCode.DesktopSetting =>
            new(
                "Compositors have settings that name the cards to open: KWIN_DRM_DEVICES, WLR_DRM_DEVICES, AQ_DRM_DEVICES, udev "
                    + "tags for mutter, Xorg's AutoAddGPU. They decide whether the desktop holds the card, whatever its seat is.",
                "the documentation of the compositor; xorg.conf(5)"),
        CheckCode.OpenedOutsideSeat =>
            new(
                "Graphics libraries ask every installed driver for its devices. NVIDIA's opens the nodes of its cards at once, so "
                    + "a desktop that draws with another card holds this one too. Its session has to end before the card can go; naming "
                    + "the drivers that it may load avoids that.",
                "gputty(1) (pin)"),
        CheckCode.ConflictingTool =>
            new(
                "Another program is configured to move the card by itself. Each undoes what the other has done.",
                "the documentation of that program"),
        CheckCode.DriverOverride =>
            new(
                "driver_override names the only driver that may bind to a function. One that differs from the bound driver takes "
                    + "effect at the next probe.",
                "kernel: Documentation/ABI/testing/sysfs-bus-pci (driver_override)"),
        CheckCode.AutomaticRecovery =>
            new(
                "Where systemd runs the machine, the switch is a service, and the recovery after it runs even if the switch is "
                    + "killed. Elsewhere there is no such recovery, and gputty undo has to be run by hand.",
                "systemd.service(5) (ExecStopPost=)"),
        CheckCode.Platform =>
            new(
                "In WSL2 and in Xen's control domain the graphics devices, or the IOMMU, belong to the hypervisor underneath, and "
                    + "no setting of this Linux system changes that.",
                "gputty(1)"),
        CheckCode.FirmwareScreen =>
            new(
                "Until the first driver is bound, the firmware's picture is in the memory of a card. While the kernel still draws "
                    + "there, vfio cannot use that memory, and the guest gets errors when it accesses the BAR.",
                "kernel: drivers/firmware/sysfb.c; kernel: drivers/video/aperture.c"),
        _ => new(
            "The planner has found an obstacle that is none of these checks. gputty plan says what it is, with a next action.",
            "gputty(1)"),
    };
}

namespace GpuTty.Diagnosis;

/// <summary>What is found of the machine, its firmware and its kernel, explained.</summary>
internal static class MachineExplanations
{
    private const string Vfio = "kernel: Documentation/driver-api/vfio.rst";

    /// <summary>Null for a code that is about something else.</summary>
    public static Explanation? Of(DiagnosisCode code) => code switch
    {
        DiagnosisCode.Firmware =>
            new(
                "With UEFI, a card's own firmware has a part (GOP) that a UEFI guest can run, so that the card shows a picture "
                    + "before its driver is loaded. A machine that was booted in legacy mode may have run the card's VGA BIOS instead, "
                    + "which leaves the card in a state that some guests cannot handle. Secure Boot decides which modules the kernel "
                    + "loads; it does not affect vfio.",
                "kernel: Documentation/admin-guide/efi-stub.rst; UEFI specification 12.9"),
        DiagnosisCode.Lockdown =>
            new(
                "A locked-down kernel loads only modules with a signature that it trusts, and keeps programs from writing to the "
                    + "hardware directly. Drivers can still be bound, and overrides set, through sysfs, and vfio works. Modules that "
                    + "are built on the machine itself, such as NVIDIA's, vendor-reset or kvmfr, need a signing key that is enrolled in "
                    + "the firmware.",
                "kernel_lockdown(7); kernel: Documentation/admin-guide/module-signing.rst"),
        DiagnosisCode.InterruptsNotRemapped =>
            new(
                "A device sends its interrupts as writes to memory. Only an IOMMU that remaps them can control which device may "
                    + "raise which interrupt, so vfio refuses devices without remapping, unless vfio_iommu_type1 is loaded with "
                    + "allow_unsafe_interrupts=1. With remapping, /proc/interrupts names the controllers IR-IO-APIC.",
                "kernel: drivers/vfio/vfio_iommu_type1.c; kernel: Documentation/admin-guide/kernel-parameters.txt (intremap)"),
        DiagnosisCode.IommuFirmware =>
            new(
                "The firmware describes an IOMMU in a table of its own: DMAR for Intel's VT-d, IVRS for AMD's. Without the table "
                    + "the kernel cannot use an IOMMU, whatever its command line says. Some kernels leave Intel's off unless they are "
                    + "given intel_iommu=on; AMD's is on unless it is turned off. Xen hides the table from the Linux that it runs, a "
                    + "virtual machine has one only if its host gives it an IOMMU, and ARM has a table of its own (IORT).",
                "kernel: Documentation/arch/x86/iommu.rst; kernel: Documentation/admin-guide/kernel-parameters.txt (intel_iommu, "
                    + "amd_iommu)"),
        DiagnosisCode.CpuVirtualization =>
            new(
                "KVM needs the processor's own virtualization, VT-x (vmx) or AMD-V (svm), which the firmware setup enables "
                    + "separately from the IOMMU. A card can be moved without it, but no virtual machine can run with the card.",
                "kernel: Documentation/virt/kvm/x86/running-nested-guests.rst; /proc/cpuinfo, proc(5)"),
        DiagnosisCode.VfioKernel =>
            new(
                "A device that is bound to vfio-pci is passed to a guest through its group (/dev/vfio/N) or, on newer kernels, by "
                    + "itself through iommufd (/dev/iommu). QEMU and libvirt use groups unless they are asked to use iommufd.",
                $"{Vfio}; kernel: Documentation/userspace-api/iommufd.rst"),
        DiagnosisCode.ConsoleDrawnBy =>
            new(
                "The card that the firmware used at boot has the attribute boot_vga. Text consoles are drawn there by efifb, "
                    + "vesafb or simpledrm until the card's own driver takes over. While such an early driver still draws, the card's "
                    + "memory is not free.",
                "kernel: Documentation/fb/fbcon.rst; kernel: drivers/video/aperture.c"),
        _ => null,
    };
}

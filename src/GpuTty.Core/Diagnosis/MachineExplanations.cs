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
                "With UEFI a card's own firmware has a part (GOP) that a guest with UEFI can start, "
                    + "so it shows a picture before its driver. A machine that has started in the old way may have run the card's VGA "
                    + "BIOS instead, which leaves the card in a state that some guests do not like. "
                    + "Secure Boot decides about modules that the kernel loads, not about vfio.",
                "kernel: Documentation/admin-guide/efi-stub.rst; UEFI specification 12.9"),
        DiagnosisCode.Lockdown =>
            new(
                "A locked-down kernel loads only modules with a signature that it knows, "
                    + "and keeps programs from writing to the hardware behind its back. "
                    + "Drivers and overrides are still bound and written through sysfs, and vfio works. "
                    + "Modules that are built on the machine itself, such as NVIDIA's, vendor-reset or kvmfr, "
                    + "need a key that the firmware knows.",
                "kernel_lockdown(7); kernel: Documentation/admin-guide/module-signing.rst"),
        DiagnosisCode.InterruptsNotRemapped =>
            new(
                "A device sends its interrupts as writes to memory. Only an IOMMU that remaps them can tell which device may raise "
                    + "which interrupt, so vfio refuses devices where it does not, unless vfio_iommu_type1 is loaded with "
                    + "allow_unsafe_interrupts=1. /proc/interrupts names the controllers IR-IO-APIC where it does.",
                "kernel: drivers/vfio/vfio_iommu_type1.c; kernel: Documentation/admin-guide/kernel-parameters.txt (intremap)"),
        DiagnosisCode.IommuFirmware =>
            new(
                "The firmware describes an IOMMU in a table of its own: DMAR for Intel's VT-d, IVRS for AMD's. "
                    + "Without the table the kernel cannot use one, whatever its command line says. "
                    + "Some kernels leave Intel's off until intel_iommu=on; AMD's is on unless it is forbidden.",
                "kernel: Documentation/arch/x86/iommu.rst; kernel: Documentation/admin-guide/kernel-parameters.txt (intel_iommu, "
                    + "amd_iommu)"),
        DiagnosisCode.CpuVirtualization =>
            new(
                "KVM needs the processor's own virtualization, which is a switch of the firmware apart from that of the IOMMU: "
                    + "VT-x (vmx) or AMD-V (svm). It has nothing to do with moving a card, but without it no virtual machine runs with it.",
                "kernel: Documentation/virt/kvm/x86/running-nested-guests.rst; /proc/cpuinfo, proc(5)"),
        DiagnosisCode.VfioKernel =>
            new(
                "A device that vfio-pci has is handed to a guest through its group (/dev/vfio/N) or, on newer kernels, "
                    + "by itself through iommufd (/dev/iommu). QEMU and libvirt use groups unless the other is asked for.",
                $"{Vfio}; kernel: Documentation/userspace-api/iommufd.rst"),
        DiagnosisCode.ConsoleDrawnBy =>
            new(
                "The card that the firmware has started with has the attribute boot_vga. Text consoles are drawn there by efifb, "
                    + "vesafb or simpledrm until the card's own driver takes over. Where such an early driver still draws, "
                    + "the card's memory is not free.",
                "kernel: Documentation/fb/fbcon.rst; kernel: drivers/video/aperture.c"),
        _ => null,
    };
}

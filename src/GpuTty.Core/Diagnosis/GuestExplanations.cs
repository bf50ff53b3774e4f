namespace GpuTty.Diagnosis;

/// <summary>What is found of virtual machines and what they need, explained.</summary>
internal static class GuestExplanations
{
    /// <summary>Null for a code that is about something else.</summary>
    public static Explanation? Of(DiagnosisCode code) => code switch
    {
        DiagnosisCode.LockableMemory =>
            new(
                "A card in a guest reads and writes the guest's memory by itself (DMA), so all of it is locked: vfio's type1 "
                    + "backend counts it against RLIMIT_MEMLOCK of the process, iommufd against that of the user. libvirt raises the "
                    + "limit for its system guests. pam_limits does not apply to what the user's own service manager starts.",
                "getrlimit(2); systemd.exec(5) (LimitMEMLOCK=)"),
        DiagnosisCode.HugePages =>
            new(
                "Reserved huge pages are for programs that ask for them, such as guests with memoryBacking/hugepages. A guest "
                    + "does not start if there are too few, and other programs cannot use them.",
                "kernel: Documentation/admin-guide/mm/hugetlbpage.rst"),
        DiagnosisCode.Kvmfr =>
            new(
                "kvmfr is a kernel module of Looking Glass that passes the guest's picture to the host through shared memory. The "
                    + "size of that memory is fixed when the module is loaded (static_size_mb) and must be the same in the guest's "
                    + "description.",
                "https://looking-glass.io/docs/ (IVSHMEM with the KVMFR module)"),
        DiagnosisCode.GuestLacksFunction =>
            new(
                "A card is several functions in one slot. All of them go to vfio-pci, but the guest sees only those that its "
                    + "description names. A card without its sound or USB function may work, but some drivers refuse it, or it cannot "
                    + "be reset.",
                "https://libvirt.org/formatdomain.html (hostdev)"),
        DiagnosisCode.GuestRom => new(
            "A description may name a file that the guest sees as the card's firmware. QEMU opens it under an account of its own, "
                + "after the start has been requested: if a folder above it is closed to others, or it is no regular file, the start "
                + "fails with an error about permissions. Most cards need no such file; it helps where this machine's firmware has used "
                + "the card at boot.",
            "https://libvirt.org/formatdomain.html (hostdev, rom)"),
        DiagnosisCode.GuestHugePages => new(
            "A guest with memoryBacking/hugepages starts only if huge pages for all of its memory are free. They are reserved at "
                + "boot, or while the machine runs, as long as memory is not fragmented.",
            "kernel: Documentation/admin-guide/mm/hugetlbpage.rst; https://libvirt.org/formatdomain.html (memoryBacking)"),
        DiagnosisCode.GuestSharedMemory => new(
            "The size of kvmfr's memory is fixed when the module is loaded. If a guest's description expects another size, the "
                + "guest does not start, or Looking Glass shows nothing.",
            "https://looking-glass.io/docs/ (IVSHMEM with the KVMFR module)"),
        DiagnosisCode.SharedMemoryOwner => new(
            "The memory that a guest shares with Looking Glass is opened twice: by QEMU, under an account of its own, and by the "
                + "user of Looking Glass. What root or an earlier start has left there, with permissions for its owner alone, keeps the "
                + "other out: this is the most common reason why Looking Glass does not start.",
            "https://looking-glass.io/docs/ (permissions of the shared memory); path_resolution(7)"),
        _ => null,
    };
}

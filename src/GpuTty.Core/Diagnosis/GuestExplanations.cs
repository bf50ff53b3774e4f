namespace GpuTty.Diagnosis;

/// <summary>What is found of virtual machines and what they need, explained.</summary>
internal static class GuestExplanations
{
    /// <summary>Null for a code that is about something else.</summary>
    public static Explanation? Of(DiagnosisCode code) => code switch
    {
        DiagnosisCode.LockableMemory =>
            new(
                "A card in a guest reads and writes the guest's memory by itself, so all of it is locked: "
                    + "type1 counts it against RLIMIT_MEMLOCK of the process, iommufd against that of the user. "
                    + "libvirt raises the limit for guests of the system. pam_limits does not reach what the user's own service "
                    + "manager starts.",
                "getrlimit(2); systemd.exec(5) (LimitMEMLOCK=)"),
        DiagnosisCode.HugePages =>
            new(
                "Huge pages that are set aside are for programs that ask for them, such as guests with memoryBacking/hugepages. "
                    + "A guest does not start where there are too few, and other programs cannot use them.",
                "kernel: Documentation/admin-guide/mm/hugetlbpage.rst"),
        DiagnosisCode.Kvmfr =>
            new(
                "kvmfr is a module of Looking Glass that gives the guest's picture to the host through shared memory. "
                    + "Its size is fixed when it is loaded (static_size_mb) and has to be the same in the guest's description.",
                "https://looking-glass.io/docs/ (IVSHMEM with the KVMFR module)"),
        DiagnosisCode.GuestLacksFunction =>
            new(
                "A card is several functions in one slot. All of them go to vfio-pci, but the guest sees those that its description "
                    + "names. A card without its sound or USB function may work; some drivers refuse it, or it cannot be reset.",
                "https://libvirt.org/formatdomain.html (hostdev)"),
        DiagnosisCode.GuestRom => new(
            "A description may name a file that the guest sees as the card's firmware. QEMU opens it as an account of its own, "
                + "after the start was asked for: where a folder above is closed to others, or the file is none, the start fails with an "
                + "error about permissions. Most cards need no such file; it is worth having where the firmware of this machine "
                + "has used the card at the start.",
            "https://libvirt.org/formatdomain.html (hostdev, rom)"),
        DiagnosisCode.GuestHugePages => new(
            "A guest with memoryBacking/hugepages starts only where so many huge pages are free as its memory is large. "
                + "They are set aside while the machine runs, as long as memory is not in fragments, or at the start of the machine.",
            "kernel: Documentation/admin-guide/mm/hugetlbpage.rst; https://libvirt.org/formatdomain.html (memoryBacking)"),
        DiagnosisCode.GuestSharedMemory => new(
            "The size of kvmfr's memory is fixed when the module is loaded. A guest whose description expects another size does not start, "
                + "or Looking Glass shows nothing.",
            "https://looking-glass.io/docs/ (IVSHMEM with the KVMFR module)"),
        DiagnosisCode.SharedMemoryOwner => new(
            "The memory that a guest shares with Looking Glass is opened by two: QEMU, as an account of its own, and the person who looks. "
                + "What root or an earlier start has left behind there, with permissions for itself alone, keeps out the other: "
                + "this is the commonest reason why Looking Glass does not start.",
            "https://looking-glass.io/docs/ (permissions of the shared memory); path_resolution(7)"),
        _ => null,
    };
}

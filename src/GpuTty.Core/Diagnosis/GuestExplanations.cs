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
        _ => null,
    };
}

namespace GpuTty.Diagnosis;

/// <summary>Why it matters what the description of a virtual machine asks for.</summary>
internal static class GuestExplanations
{
    public static Explanation Of(DiagnosisCode code) => code switch
    {
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
        _ => new(
            "The memory that a guest shares with Looking Glass is opened by two: QEMU, as an account of its own, and the person who looks. "
                + "What root or an earlier start has left behind there, with permissions for itself alone, keeps out the other: "
                + "this is the commonest reason why Looking Glass does not start.",
            "https://looking-glass.io/docs/ (permissions of the shared memory); path_resolution(7)"),
    };
}

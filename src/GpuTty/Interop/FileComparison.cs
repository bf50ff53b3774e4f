using System.Runtime.InteropServices;

namespace GpuTty.Interop;

/// <summary>
/// What processes share (kcmp(2)): an open file, all of their memory, all of their
/// descriptors. The kernel orders all open files, which makes sorting possible.
/// </summary>
internal static partial class FileComparison
{
    private const int NotSupported = 38;
    private const nint File = 0, Memory = 1, Descriptors = 2;

    /// <summary>syscall numbers: asm/unistd.h.</summary>
    private static readonly nint s_call = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 312,
        Architecture.Arm64 or Architecture.RiscV64 or Architecture.LoongArch64 => 272,
        Architecture.Ppc64le => 354,
        Architecture.S390x => 343,
        _ => -1,
    };

    /// <summary>Less than, equal to or greater than 0; null where the kernel does not tell, with its error.</summary>
    public static int? Compare(int pid, int descriptor, int otherPid, int otherDescriptor, out int error)
    {
        error = NotSupported;
        if (s_call < 0) return null;
        var answer = SystemCall(s_call, pid, otherPid, File, descriptor, otherDescriptor);
        error = answer < 0 ? Marshal.GetLastPInvokeError() : 0;
        return answer switch { 0 => 0, 1 => -1, 2 => 1, _ => null };
    }

    /// <summary>Whether two processes have one memory (clone(2), CLONE_VM); false also where the kernel does not tell.</summary>
    public static bool ShareMemory(int pid, int other) => Share(Memory, pid, other);

    /// <summary>Whether two processes have one table of descriptors (clone(2),
    /// CLONE_FILES); false also where the kernel does not tell.</summary>
    public static bool ShareDescriptors(int pid, int other) => Share(Descriptors, pid, other);

    private static bool Share(nint what, int pid, int other) => s_call >= 0 && SystemCall(s_call, pid, other, what, 0, 0) == 0;

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint first, nint second, nint third, nint fourth, nint fifth);
}

using System.Runtime.InteropServices;

namespace GpuTty.Interop;

/// <summary>Whether two descriptors, of any processes, are one open file (kcmp(2), KCMP_FILE). The kernel orders all open files, which makes sorting possible.</summary>
internal static partial class FileComparison
{
    private const int NotSupported = 38;
    private const nint File = 0;

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

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint first, nint second, nint third, nint fourth, nint fifth);
}

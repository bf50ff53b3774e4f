using System.Runtime.InteropServices;

namespace GpuTty.Interop;

/// <summary>
/// System calls without a managed twin. .NET follows links while it lists a folder, which would hang on the open files of
/// a stuck process; and it cannot open without waiting for the other end of a FIFO.
/// </summary>
internal static unsafe partial class Libc
{
    public const int CurrentFolder = -100;

    private const int ReadOnly = 0;
    private const int NonBlocking = 0x800;
    private const int NoControllingTerminal = 0x100;
    private const int CloseOnExec = 0x80000;

    /// <summary>O_DIRECTORY and O_PATH differ between processors: arm, powerpc and some others swap values.</summary>
    private static int FolderFlag =>
        RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm or Architecture.Ppc64le ? 0x4000 : 0x10000;

    private const int PathOnly = 0x200000;
    private const int DoNotSync = 0x4000;
    private const int NoAutomount = 0x800;
    private const uint TypeModeAndOwner = 1 | 2 | 8 | 16;

    public static int OpenFile(int folder, byte* name) =>
        openat(folder, name, ReadOnly | NonBlocking | NoControllingTerminal | CloseOnExec, 0);

    /// <summary>A handle that names a folder: what is opened below it belongs to that folder even if another takes its path.</summary>
    public static int OpenFolder(int folder, byte* name) => openat(folder, name, PathOnly | FolderFlag | CloseOnExec, 0);

    /// <summary>Opens a folder for listing.</summary>
    public static nint OpenList(int folder, byte* name)
    {
        var handle = openat(folder, name, ReadOnly | FolderFlag | NonBlocking | CloseOnExec, 0);
        if (handle < 0) return 0;
        var list = fdopendir(handle);
        if (list == 0) _ = Close(handle);
        return list;
    }

    /// <summary>Next name, NUL-terminated and valid until the next call; null
    /// at the end. In 64-bit <c>struct dirent</c> it is at offset 19.</summary>
    public static byte* Next(nint list)
    {
        var entry = readdir(list);
        return entry == null ? null : entry + 19;
    }

    /// <summary>Why the last open, read or listing of this thread failed; null
    /// where it did not, or there is no such thing or no such process.</summary>
    /// <param name="otherwise">What is said where the kernel gave no reason.</param>
    public static string? WhyNot(string? otherwise)
    {
        const int noEntry = 2, noProcess = 3, noFolder = 20;
        return Marshal.GetLastPInvokeError() switch
        {
            0 => otherwise,
            noEntry or noProcess or noFolder => null,
            var error => Marshal.GetPInvokeErrorMessage(error),
        };
    }

    /// <summary>What a name leads to. False where it leads nowhere. Network file systems are not asked.</summary>
    public static bool TryStat(int folder, byte* name, out FileFacts facts)
    {
        Statx buffer;
        if (statx(folder, name, DoNotSync | NoAutomount, TypeModeAndOwner, &buffer) != 0)
        {
            facts = default;
            return false;
        }
        facts = new FileFacts(buffer.Mode, (int)buffer.RdevMajor, (int)buffer.RdevMinor) { Uid = buffer.Uid, Gid = buffer.Gid };
        return true;
    }

    /// <summary>This process, and what it starts, may lock any amount of memory (getrlimit(2), RLIMIT_MEMLOCK).</summary>
    /// <returns>False where it may not be allowed that.</returns>
    public static bool LockAnyMemory()
    {
        const int lockedMemory = 8;
        // Both limits, without end.
        var limits = stackalloc ulong[2] { ulong.MaxValue, ulong.MaxValue };
        return setrlimit(lockedMemory, limits) == 0;
    }

    [LibraryImport("libc", EntryPoint = "close")] public static partial int Close(int file);
    [LibraryImport("libc", EntryPoint = "closedir")] public static partial int CloseList(nint list);
    [LibraryImport("libc", EntryPoint = "dirfd")] public static partial int HandleOf(nint list);
    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)] public static partial nint Read(int file, byte* buffer, nint count);
    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    public static partial nint ReadAt(int file, byte* buffer, nint count, long offset);
    [LibraryImport("libc", EntryPoint = "readlinkat")] public static partial nint ReadLink(int folder, byte* name, byte* buffer, nint size);
    [LibraryImport("libc", EntryPoint = "geteuid")] public static partial uint EffectiveUser();
    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(int file, nuint request, void* argument);
    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int domain, int type, int protocol);
    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(int socket, void* address, uint length);

    [LibraryImport("libc", EntryPoint = "setrlimit")] private static partial int setrlimit(int resource, ulong* limits);
    [LibraryImport("libc", SetLastError = true)] private static partial int openat(int folder, byte* name, int flags, uint mode);
    [LibraryImport("libc", SetLastError = true)] private static partial nint fdopendir(int file);
    [LibraryImport("libc", SetLastError = true)] private static partial byte* readdir(nint list);
    [LibraryImport("libc", SetLastError = true)]
    private static partial int statx(int folder, byte* name, int flags, uint mask, Statx* buffer);

    /// <summary>linux/stat.h: fixed layout on every processor.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Statx
    {
        [FieldOffset(20)] public uint Uid;
        [FieldOffset(24)] public uint Gid;
        [FieldOffset(28)] public ushort Mode;
        [FieldOffset(128)] public uint RdevMajor;
        [FieldOffset(132)] public uint RdevMinor;
    }
}

/// <summary>Type, permissions, owner and device number of a file.</summary>
internal readonly record struct FileFacts(ushort Mode, int Major, int Minor)
{
    public uint Uid { get; init; }
    public uint Gid { get; init; }

    /// <summary>No file of a file system: an event, a timer, a shared buffer.</summary>
    public bool IsAnonymous => (Mode & 0xf000) == 0;

    public bool IsCharacterDevice => (Mode & 0xf000) == 0x2000;
}

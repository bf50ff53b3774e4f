using System.Runtime.InteropServices;

namespace GpuTty.Interop;

/// <summary>
/// System calls without a managed twin. .NET follows links while it lists a folder, which would hang on the open files of
/// a stuck process; and it cannot open without waiting for the other end of a FIFO.
/// </summary>
internal static unsafe partial class Libc
{
    /// <summary>limits.h, PATH_MAX.</summary>
    public const int LongestPath = 4096;

    private const int ReadOnly = 0;
    private const int NonBlocking = 0x800;
    private const int NoControllingTerminal = 0x100;
    private const int CloseOnExec = 0x80000;

    private const int DoNotSync = 0x4000;
    private const int NoAutomount = 0x800;
    private const uint TypeModeLinksOwnerAndInode = 1 | 2 | 4 | 8 | 16 | 0x100;

    /// <returns>A descriptor that the caller closes before it returns; negative where there is none.</returns>
    public static int OpenFile(DirectoryHandle folder, byte* name) =>
        openat(folder, name, ReadOnly | NonBlocking | NoControllingTerminal | CloseOnExec, 0);

    /// <summary>A handle that names a folder: what is opened below it belongs to that folder even if another takes its path.</summary>
    public static int OpenFolder(DirectoryHandle folder, byte* name) =>
        openat(folder, name, Native.PathOnly | Native.Directory | CloseOnExec, 0);

    /// <summary>Opens a folder for listing.</summary>
    public static nint OpenList(DirectoryHandle folder, byte* name)
    {
        var handle = openat(folder, name, ReadOnly | Native.Directory | NonBlocking | CloseOnExec, 0);
        if (handle < 0) return 0;
        var list = fdopendir(handle);
        if (list == 0) _ = Close(handle);
        return list;
    }

    /// <summary>Next name, NUL-terminated and valid until the next call; null
    /// at the end. In 64-bit <c>struct dirent</c> it is at offset 19.</summary>
    public static byte* Next(DirectoryListing list)
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
    public static bool TryStat(DirectoryHandle folder, byte* name, out FileFacts facts)
    {
        Statx buffer;
        var isThere = statx(folder, name, DoNotSync | NoAutomount, TypeModeLinksOwnerAndInode, &buffer) == 0;
        facts = isThere ? buffer.Facts : default;
        return isThere;
    }

    /// <summary>What a name in a listing leads to.</summary>
    public static bool TryStat(DirectoryListing list, byte* name, out FileFacts facts)
    {
        Statx buffer;
        var isThere = statx(dirfd(list), name, DoNotSync | NoAutomount, TypeModeLinksOwnerAndInode, &buffer) == 0;
        facts = isThere ? buffer.Facts : default;
        return isThere;
    }

    /// <summary>Where a name in a listing points; how many bytes, not terminated.</summary>
    public static nint ReadLink(DirectoryListing list, byte* name, byte* buffer, nint size) => readlinkat(dirfd(list), name, buffer, size);

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
    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)] public static partial nint Read(int file, byte* buffer, nint count);
    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    public static partial nint ReadAt(int file, byte* buffer, nint count, long offset);
    [LibraryImport("libc", EntryPoint = "readlinkat")]
    public static partial nint ReadLink(DirectoryHandle folder, byte* name, byte* buffer, nint size);
    [LibraryImport("libc", EntryPoint = "geteuid")] public static partial uint EffectiveUser();
    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int domain, int type, int protocol);
    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(int socket, void* address, uint length);

    [LibraryImport("libc", EntryPoint = "setrlimit")] private static partial int setrlimit(int resource, ulong* limits);
    [LibraryImport("libc", SetLastError = true)]
    private static partial int openat(DirectoryHandle folder, byte* name, int flags, uint mode);
    [LibraryImport("libc", SetLastError = true)] private static partial nint fdopendir(int file);
    [LibraryImport("libc", SetLastError = true)] private static partial byte* readdir(DirectoryListing list);
    [LibraryImport("libc")] private static partial int dirfd(DirectoryListing list);
    [LibraryImport("libc")] private static partial nint readlinkat(int folder, byte* name, byte* buffer, nint size);
    [LibraryImport("libc", SetLastError = true)]
    private static partial int statx(DirectoryHandle folder, byte* name, int flags, uint mask, Statx* buffer);
    [LibraryImport("libc", SetLastError = true)]
    private static partial int statx(int folder, byte* name, int flags, uint mask, Statx* buffer);

    /// <summary>linux/stat.h: fixed layout on every processor.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Statx
    {
        [FieldOffset(16)] public uint Links;
        [FieldOffset(20)] public uint Uid;
        [FieldOffset(24)] public uint Gid;
        [FieldOffset(28)] public ushort Mode;
        [FieldOffset(32)] public ulong Inode;
        [FieldOffset(128)] public uint RdevMajor;
        [FieldOffset(132)] public uint RdevMinor;

        public readonly FileFacts Facts => new(Mode, (int)RdevMajor, (int)RdevMinor) { Uid = Uid, Gid = Gid, Links = Links, Inode = Inode };
    }
}

/// <summary>Type, permissions, owner and device number of a file.</summary>
internal readonly record struct FileFacts(ushort Mode, int Major, int Minor)
{
    public uint Uid { get; init; }
    public uint Gid { get; init; }
    public ulong Inode { get; init; }

    /// <summary>Names that lead to it; of most folders two more than there are folders in it.</summary>
    public uint Links { get; init; }

    /// <summary>No file of a file system: an event, a timer, a shared buffer.</summary>
    public bool IsAnonymous => (Mode & 0xf000) == 0;

    public bool IsCharacterDevice => (Mode & 0xf000) == 0x2000;
}

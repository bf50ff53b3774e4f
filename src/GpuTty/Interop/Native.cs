using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace GpuTty.Interop;

/// <summary>The system calls that .NET has no way to: opening without following
/// links, directory fsync, flock, fallocate, pidfds, VT_ACTIVATE.</summary>
internal static unsafe partial class Native
{
    public const int ReadOnly = 0,
        WriteOnly = 1,
        ReadWrite = 2,
        Create = 0x40,
        Exclusive = 0x80,
        NoControllingTerminal = 0x100,
        Truncate = 0x200,
        NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;

    /// <summary>O_PATH: no driver is told that its node is opened, and nothing can be read.</summary>
    public const int PathOnly = 0x200000;

    /// <summary>These two differ between architectures: arm and powerpc swap values (asm/fcntl.h).</summary>
    public static readonly int NoFollow = AreSwapped ? 0x8000 : 0x20000;
    public static readonly int Directory = AreSwapped ? 0x4000 : 0x10000;

    /// <summary>O_TMPFILE: a file in the folder that is named, without a name of its own.</summary>
    public static readonly int Unnamed = 0x400000 | Directory;

    public const int EPERM = 1,
        ENOENT = 2,
        ESRCH = 3,
        EINTR = 4,
        EAGAIN = 11,
        EACCES = 13,
        EEXIST = 17,
        ENOTDIR = 20,
        EINVAL = 22,
        ENOSPC = 28,
        EPIPE = 32,
        ENOSYS = 38,
        ELOOP = 40,
        EOPNOTSUPP = 95;

    private static bool AreSwapped =>
        RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm or Architecture.Ppc64le;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial SafeFileHandle Open(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MakeDirectory(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Unlink(string path);

    /// <summary>What was opened without a name gets one, if it is free (linkat(2), O_TMPFILE in open(2)).</summary>
    public static int GiveName(SafeFileHandle file, SafeFileHandle folder, string name)
    {
        const int thisFolder = -100, followLink = 0x400;
        return Link(thisFolder, $"/proc/self/fd/{file.DangerousGetHandle()}", folder, name, followLink);
    }

    [LibraryImport("libc", EntryPoint = "linkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(int from, string path, SafeFileHandle folder, string name, int flags);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(SafeFileHandle directory, string path, int flags, uint mask, byte* buffer);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int Sync(SafeFileHandle file);

    /// <summary>As whom this thread touches files (setfsuid(2)).</summary>
    /// <returns>As whom it did so before, whether that has changed or not.</returns>
    [LibraryImport("libc", EntryPoint = "setfsuid")]
    public static partial uint SetFileUser(uint user);

    [LibraryImport("libc", EntryPoint = "setfsgid")]
    public static partial uint SetFileGroup(uint group);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    public static partial int SetOwner(SafeFileHandle file, uint owner, uint group);

    /// <summary>Of a file that was opened with <see cref="PathOnly"/>.</summary>
    public static int SetOwnerOfPath(SafeFileHandle file, uint owner, uint group)
    {
        const int emptyPath = 0x1000;
        return SetOwnerAt(file, "", owner, group, emptyPath);
    }

    [LibraryImport("libc", EntryPoint = "fchownat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetOwnerAt(SafeFileHandle directory, string path, uint owner, uint group, int flags);

    [LibraryImport("libc", EntryPoint = "flistxattr", SetLastError = true)]
    public static partial nint ListAttributes(SafeFileHandle file, byte[] names, nuint size);

    [LibraryImport("libc", EntryPoint = "getxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint GetAttributeOf(string path, string name, byte[] value, nuint size);

    [LibraryImport("libc", EntryPoint = "fgetxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint GetAttribute(SafeFileHandle file, string name, byte[] value, nuint size);

    [LibraryImport("libc", EntryPoint = "fsetxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetAttribute(SafeFileHandle file, string name, byte[] value, nuint size, int flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    private static partial int Allocate(SafeFileHandle file, int mode, long offset, long length);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    public static partial long Seek(SafeFileHandle file, long offset, int whence);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(SafeFileHandle file, byte* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(SafeFileHandle file, nuint request, nint argument);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint first, nint second, nint third, nint fourth);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, SafeFileHandle file, nint second, nint third, nint fourth);

    /// <summary>True when the lock is ours now; false when somebody else has
    /// it. It ends with the last descriptor, so with the process.</summary>
    public static bool TryLock(SafeFileHandle file)
    {
        const int exclusive = 2, doNotWait = 4;
        if (Lock(file, exclusive | doNotWait) == 0) return true;
        return Marshal.GetLastPInvokeError() == EAGAIN ? false : throw Failure("flock");
    }

    /// <summary>Lets go of it for every copy of the descriptor: a child has one
    /// between fork and exec, and the lock would last as long (flock(2)).</summary>
    public static void Unlock(SafeFileHandle file)
    {
        const int unlock = 8;
        if (Lock(file, unlock) != 0) throw Failure("flock");
    }

    /// <summary>Takes room for a file without changing its length (fallocate(2), FALLOC_FL_KEEP_SIZE). Returns 0 or the error.</summary>
    public static int Reserve(SafeFileHandle file, long length)
    {
        const int keepSize = 1;
        return Allocate(file, keepSize, 0, length) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    /// <summary>What an open file is. statx(2), because its layout is the same everywhere.</summary>
    public static OwnedFile Look(SafeFileHandle file)
    {
        const int emptyPath = 0x1000;
        const uint basic = 0x7ff;
        var buffer = stackalloc byte[256];
        if (Statx(file, "", emptyPath, basic, buffer) != 0) throw Failure("statx");
        return new OwnedFile(*(ushort*)(buffer + 28), *(uint*)(buffer + 20), *(uint*)(buffer + 16), *(uint*)(buffer + 24));
    }

    /// <summary>Null when there is no such process.</summary>
    public static SafeFileHandle? OpenProcess(int pid)
    {
        var descriptor = SystemCall(434, pid, 0, 0, 0);
        if (descriptor >= 0) return new SafeFileHandle(descriptor, ownsHandle: true);
        return Marshal.GetLastPInvokeError() is ESRCH or EINVAL ? null : throw Failure("pidfd_open");
    }

    /// <summary>False when the process is gone.</summary>
    public static bool Signal(SafeFileHandle process, int signal)
    {
        if (SystemCall(424, process, signal, 0, 0) == 0) return true;
        return Marshal.GetLastPInvokeError() == ESRCH ? false : throw Failure("pidfd_send_signal");
    }

    /// <summary>True when the file can be read (a pidfd: the process has ended) before the time is over.</summary>
    public static bool WaitReadable(SafeFileHandle file, TimeSpan atMost)
    {
        using var held = new Held(file);
        var entry = new PollEntry { Descriptor = held.Descriptor!.Value, Wanted = PollEntry.Readable };
        return Poll(&entry, 1, (int)atMost.TotalMilliseconds) > 0;
    }

    /// <summary>Waits without end until one of the two can be read.</summary>
    public static void WaitForEither(SafeFileHandle file, SafeFileHandle other)
    {
        using var held = new Held(file);
        using var otherHeld = new Held(other);
        var entries = stackalloc PollEntry[]
        {
            new() { Descriptor = held.Descriptor!.Value, Wanted = PollEntry.Readable },
            new() { Descriptor = otherHeld.Descriptor!.Value, Wanted = PollEntry.Readable },
        };
        _ = Poll(entries, 2, -1);
    }

    /// <summary>A file that can be read from the first <see cref="Raise(SafeFileHandle)"/> on (eventfd(2)).</summary>
    public static SafeFileHandle NewEvent()
    {
        var descriptor = NewEvent(0, CloseOnExec | NonBlocking);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw Failure("eventfd");
    }

    /// <summary>Hears of files that are added to it (inotify(7)); invalid where the user has too many of them.</summary>
    public static SafeFileHandle NewFileWatch() => NewFileWatch(CloseOnExec | NonBlocking);

    public static bool Watch(SafeFileHandle watch, string path, uint events) => AddWatch(watch, path, events) >= 0;

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    private static partial SafeFileHandle NewFileWatch(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddWatch(SafeFileHandle watch, string path, uint events);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int NewEvent(uint count, int flags);

    [LibraryImport("libc", EntryPoint = "eventfd_write", SetLastError = true)]
    private static partial int Raise(SafeFileHandle file, ulong count);

    public static void Raise(SafeFileHandle file) => _ = Raise(file, 1);

    /// <summary>Bytes read, or the error as a negative number. One call, one record: /dev/kmsg.</summary>
    public static int Read(SafeFileHandle file, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            var count = Read(file, start, (nuint)buffer.Length);
            return count >= 0 ? (int)count : -Marshal.GetLastPInvokeError();
        }
    }

    public static IOException Failure(string call)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{call}: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    /// <summary>A path of an open file, for calls that take no descriptor: good while the file is open.</summary>
    public static string PathOf(SafeFileHandle file)
    {
        using var held = new Held(file);
        return $"/proc/self/fd/{held.Descriptor}";
    }

    /// <summary>A descriptor that nobody can close and give away meanwhile, for calls that take a number.</summary>
    internal readonly ref struct Held
    {
        private readonly SafeFileHandle? _file;

        public Held(SafeFileHandle? file)
        {
            var isHeld = false;
            (_file = file)?.DangerousAddRef(ref isHeld);
            Descriptor = file is null ? null : (int)file.DangerousGetHandle();
        }

        /// <summary>Null where there is no file.</summary>
        public int? Descriptor { get; }

        public void Dispose() => _file?.DangerousRelease();
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public const short Readable = 1;

        public int Descriptor;
        public short Wanted;
        public short Seen;
    }
}

/// <summary>Type, permissions, owner, number of names and group of a file.</summary>
internal readonly record struct OwnedFile(int Mode, uint Owner, uint Links, uint Group)
{
    public bool IsFile => (Mode & 0xf000) == 0x8000;
    public bool IsLink => (Mode & 0xf000) == 0xa000;
    public bool IsDirectory => (Mode & 0xf000) == 0x4000;
    public UnixFileMode Permissions => (UnixFileMode)(Mode & 0xfff);
}

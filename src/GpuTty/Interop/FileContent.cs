using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace GpuTty.Interop;

/// <summary>Writes to files, with one kind of error.</summary>
internal static class FileContent
{
    /// <exception cref="IOException">It cannot be written, for want of room or of a limit
    /// (setrlimit(2), RLIMIT_FSIZE), which .NET takes for a wrong argument.</exception>
    public static void Write(SafeFileHandle file, ReadOnlySpan<byte> content, long offset)
    {
        try
        {
            RandomAccess.Write(file, content, offset);
        }
        catch (ArgumentOutOfRangeException tooLong)
        {
            throw new IOException("File too large: a limit that this program was started with (ulimit -f)", tooLong);
        }
    }

    /// <summary>Returns when all of it is on the disk. RandomAccess.FlushToDisk
    /// and FileStream.Flush hide that the disk has refused it (EIO).</summary>
    /// <exception cref="IOException">It is unknown whether it is there.</exception>
    public static void Sync(SafeFileHandle file)
    {
        if (Native.Sync(file) != 0) throw Native.Failure("fsync");
    }

    /// <summary>Names in a folder: a rename may be lost without it. Some file systems have nothing to keep there.</summary>
    public static void SyncFolder(string path)
    {
        using var folder = Native.Open(path, Native.ReadOnly | Native.Directory | Native.CloseOnExec, 0);
        if (folder.IsInvalid) throw Native.Failure("open");
        SyncFolder(folder);
    }

    /// <inheritdoc cref="SyncFolder(string)"/>
    public static void SyncFolder(SafeFileHandle folder)
    {
        if (Native.Sync(folder) != 0 && Marshal.GetLastPInvokeError() != Native.EINVAL) throw Native.Failure("fsync");
    }
}

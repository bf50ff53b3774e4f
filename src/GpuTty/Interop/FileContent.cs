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

    /// <summary>What a file is written as before it takes its name: most programs that read all of a folder leave out what begins with a
    /// dot. A write that was killed leaves it.</summary>
    public static string Beside(string folder, string name) => $"{folder}/.{name}.gputty";

    /// <summary>A file in place of what has its name, whole or not at all: made anew beside it, so that a link is replaced and never
    /// followed. When this returns, it is on the disk under its name; where it fails, it may be.</summary>
    /// <param name="folder">Where it is.</param>
    /// <param name="dress">Gives the file its owner and permissions; until then only its maker may open it.</param>
    /// <exception cref="IOException">It cannot be written, or it is unknown whether it is on the disk.</exception>
    public static void Replace(string folder, string name, ReadOnlySpan<byte> content, Action<SafeFileHandle> dress)
    {
        var (fresh, place) = (Beside(folder, name), $"{folder}/{name}");
        File.Delete(fresh);
        try
        {
            using (var file =
                Native.Open(fresh, Native.ReadWrite | Native.Create | Native.Exclusive | Native.NoFollow | Native.CloseOnExec, 0x180))
            {
                if (file.IsInvalid) throw Native.Failure("open");
                Write(file, content, 0);
                dress(file);
                Sync(file);
            }
            File.Move(fresh, place, overwrite: true);
        }
        catch
        {
            File.Delete(fresh);
            throw;
        }
        SyncFolder(folder);
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

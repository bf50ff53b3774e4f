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
}

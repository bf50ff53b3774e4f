using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace GpuTty.Interop;

/// <summary>A folder held open, so that many small files can be read from it fast,
/// and from this one only. Nothing here throws or waits for a FIFO.</summary>
internal sealed unsafe class DirectoryHandle : IDisposable
{
    private const int AttributeLimit = 4096;
    private const int LineBuffer = 64 * 1024;
    private readonly int _handle;

    private DirectoryHandle(int handle) => _handle = handle;

    public static DirectoryHandle? Open(string path)
    {
        fixed (byte* name = Terminated(path))
            return Libc.OpenFolder(Libc.CurrentFolder, name) is >= 0 and var handle ? new DirectoryHandle(handle) : null;
    }

    public int Handle => _handle;

    /// <summary>Contents as they are; null when unreadable, longer than the limit, or no file.</summary>
    public byte[]? Bytes(ReadOnlySpan<byte> name, int limit = AttributeLimit)
    {
        fixed (byte* start = name) return Read(_handle, start, limit);
    }

    /// <summary>One line of plain text without its end; null when it cannot be read, is empty, or is not plain text.</summary>
    public string? Word(ReadOnlySpan<byte> name) => SysFiles.PlainWord(Bytes(name));

    /// <summary>Gives each line of a file, without its end, as it is read:
    /// a file of any length costs no more than its longest line.</summary>
    /// <param name="name">The file.</param>
    /// <param name="line">Looks at a line; false ends the reading.</param>
    /// <returns>False when it could not be read to its end, or a line was longer than any that the kernel writes.</returns>
    public bool EachLine(ReadOnlySpan<byte> name, LineAction line)
    {
        int file;
        fixed (byte* start = name) file = Libc.OpenFile(_handle, start);
        if (file < 0) return false;
        var buffer = ArrayPool<byte>.Shared.Rent(LineBuffer);
        try
        {
            var length = 0;
            while (true)
            {
                nint count;
                fixed (byte* start = buffer) count = Libc.Read(file, start + length, buffer.Length - length);
                if (count < 0) return false;
                if (count == 0)
                {
                    if (length > 0) line(buffer.AsSpan(0, length));
                    return true;
                }
                length += (int)count;
                var begin = 0;
                while (buffer.AsSpan(begin, length - begin).IndexOf((byte)'\n') is >= 0 and var end)
                {
                    if (!line(buffer.AsSpan(begin, end))) return true;
                    begin += end + 1;
                }
                if (begin == 0 && length == buffer.Length) return false;
                buffer.AsSpan(begin, length - begin).CopyTo(buffer);
                length -= begin;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            _ = Libc.Close(file);
        }
    }

    /// <summary>Looks at one line of a file; the bytes are gone afterwards.</summary>
    public delegate bool LineAction(ReadOnlySpan<byte> line);

    /// <summary>One byte of a binary attribute; null when there is none.</summary>
    public byte? ByteAt(ReadOnlySpan<byte> name, long offset)
    {
        fixed (byte* start = name)
        {
            var file = Libc.OpenFile(_handle, start);
            if (file < 0) return null;
            byte value;
            var count = Libc.ReadAt(file, &value, 1, offset);
            _ = Libc.Close(file);
            return count == 1 ? value : null;
        }
    }

    /// <summary>Where a link points, as written; null for anything that is no link.</summary>
    public string? Link(ReadOnlySpan<byte> name)
    {
        fixed (byte* start = name) return ReadLink(_handle, start);
    }

    /// <summary>Last part of where a link points.</summary>
    public string? LinkName(ReadOnlySpan<byte> name) => SysFiles.LastPart(Link(name));

    public void Dispose() => _ = Libc.Close(_handle);

    /// <summary>Whole contents of a file of unknown length, up to a limit.</summary>
    internal static byte[]? Read(int folder, byte* name, int limit)
    {
        var file = Libc.OpenFile(folder, name);
        if (file < 0) return null;
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Min(limit + 1, AttributeLimit + 1));
        var length = 0;
        try
        {
            while (true)
            {
                if (length == buffer.Length) Grow(ref buffer);
                nint count;
                fixed (byte* start = buffer) count = Libc.Read(file, start + length, buffer.Length - length);
                if (count < 0) return null;
                length += (int)count;
                if (length > limit) return null;
                if (count == 0) return buffer.AsSpan(0, length).ToArray();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            _ = Libc.Close(file);
        }
    }

    internal static string? ReadLink(int folder, byte* name)
    {
        var buffer = stackalloc byte[4096];
        var length = Libc.ReadLink(folder, name, buffer, 4096);
        return length > 0 ? Encoding.UTF8.GetString(buffer, (int)length) : null;
    }

    internal static byte[] Terminated(string text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }

    internal static string Text(byte* name) => Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name));

    private static void Grow(ref byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}

using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace GpuTty.Interop;

/// <summary>A folder held open, so that many small files can be read from it fast,
/// and from this one only. Nothing here throws or waits for a FIFO.</summary>
internal sealed unsafe class DirectoryHandle : SafeHandleMinusOneIsInvalid
{
    private const int AttributeLimit = 4096;
    private const int LineBuffer = 64 * 1024;

    /// <summary>One that is closed: what every such handle has to have.</summary>
    public DirectoryHandle() : base(ownsHandle: true)
    {
    }

    private DirectoryHandle(int handle, bool ownsHandle) : base(ownsHandle) => SetHandle(handle);

    /// <summary>What relative names are relative to (openat(2), AT_FDCWD); an absolute path does not care.</summary>
    public static DirectoryHandle Current { get; } = new(-100, ownsHandle: false);

    public static DirectoryHandle? Open(string path)
    {
        fixed (byte* name = Terminated(path))
            return Libc.OpenFolder(Current, name) is >= 0 and var handle ? new DirectoryHandle(handle, ownsHandle: true) : null;
    }

    /// <summary>Contents as they are; null when unreadable, longer than the limit, or no file.</summary>
    public byte[]? Bytes(string name, int limit = AttributeLimit)
    {
        fixed (byte* start = Terminated(name)) return Read(start, limit, isLine: false);
    }

    /// <summary>What the kernel gives in one piece and with the end of its line: an attribute of sysfs, a file of one record
    /// in /proc. The end of the file is not read for, which saves one call in four; what has no such end is read like any other.</summary>
    public byte[]? Line(string name)
    {
        fixed (byte* start = Terminated(name)) return Read(start, AttributeLimit, isLine: true);
    }

    /// <summary>One line of plain text without its end; null when it cannot be read, is empty, or is not plain text.</summary>
    public string? Word(string name) => SysFiles.PlainWord(Line(name));

    /// <summary>Gives each line of a file, without its end, as it is read:
    /// a file of any length costs no more than its longest line.</summary>
    /// <param name="name">The file.</param>
    /// <param name="line">Looks at a line; false ends the reading.</param>
    /// <returns>False when it could not be read to its end, or a line was longer than any that the kernel writes.</returns>
    public bool EachLine(string name, LineAction line)
    {
        int file;
        fixed (byte* start = Terminated(name)) file = Libc.OpenFile(this, start);
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
    public byte? ByteAt(string name, long offset)
    {
        fixed (byte* start = Terminated(name))
        {
            var file = Libc.OpenFile(this, start);
            if (file < 0) return null;
            byte value;
            var count = Libc.ReadAt(file, &value, 1, offset);
            _ = Libc.Close(file);
            return count == 1 ? value : null;
        }
    }

    /// <summary>Where a link points, as written; null for anything that is no link.</summary>
    [SkipLocalsInit] // A page would be cleared for each link, and only what the kernel has written is read.
    public string? Link(string name)
    {
        fixed (byte* start = Terminated(name))
        {
            var buffer = stackalloc byte[Libc.LongestPath];
            var length = Libc.ReadLink(this, start, buffer, Libc.LongestPath);
            return length > 0 ? Encoding.UTF8.GetString(buffer, (int)length) : null;
        }
    }

    /// <summary>Last part of where a link points.</summary>
    public string? LinkName(string name) => SysFiles.LastPart(Link(name));

    /// <summary>What a name leads to; null where it leads nowhere.</summary>
    public FileFacts? Stat(string name)
    {
        fixed (byte* start = Terminated(name)) return Libc.TryStat(this, start, out var facts) ? facts : null;
    }

    /// <summary>Its names, to be read one after the other; null where it cannot be listed.</summary>
    public DirectoryListing? List(string name = ".")
    {
        fixed (byte* start = Terminated(name)) return DirectoryListing.Of(Libc.OpenList(this, start));
    }

    /// <summary>The name as the C library wants it: with a zero at its end.</summary>
    internal static byte[] Terminated(string text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }

    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0;

    private byte[]? Read(byte* name, int limit, bool isLine)
    {
        var file = Libc.OpenFile(this, name);
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
                // A whole page may be a part of something longer.
                var isWhole = count == 0 || (isLine && length < AttributeLimit && buffer[length - 1] == '\n');
                if (isWhole) return buffer.AsSpan(0, length).ToArray();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            _ = Libc.Close(file);
        }
    }

    private static void Grow(ref byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}

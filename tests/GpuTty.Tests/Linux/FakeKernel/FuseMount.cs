using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using GpuTty.Interop;
using Microsoft.Win32.SafeHandles;

namespace GpuTty.Tests.Linux.FakeKernel;

/// <summary>One name in a pretended /sys.</summary>
internal abstract record Entry
{
    public sealed record Folder(IReadOnlyCollection<string> Names) : Entry;
    public sealed record Link(string Target) : Entry;

    /// <summary>A file; what it holds is asked for anew at each read, which may take its time.</summary>
    /// <param name="Write">Takes what is written, may take its time, and answers 0 or an errno. Null: read-only.</param>
    public sealed record Attribute(Func<string> Read, Func<string, Task<int>>? Write = null) : Entry
    {
        /// <summary>Latin 1 where what it holds is bytes.</summary>
        public Encoding Encoding { get; init; } = Encoding.UTF8;
    }
}

/// <summary>
/// A file system of our own, spoken over /dev/fuse (include/uapi/linux/fuse.h): writes can wait, fail with any errno, and change links,
/// as a driver core does. A writer that waits for an answer is in the kernel, and a kill does not end its wait.
/// </summary>
internal sealed partial class FuseMount : IDisposable
{
    private const int HeaderLength = 40, ReplyLength = 16;
    private const int ENOENT = 2, EIO = 5, EACCES = 13, ENOSYS = 38;
    private readonly SafeFileHandle _device;
    private readonly Func<string, Entry?> _look;
    private readonly Lock _gate = new();
    private readonly List<string> _paths = ["", ""];
    private readonly Dictionary<string, ulong> _ids = new() { [""] = 1 };

    /// <param name="path">An empty directory.</param>
    /// <param name="look">What is at a path such as <c>bus/pci</c>; "" is the top.</param>
    public FuseMount(string path, Func<string, Entry?> look)
    {
        (Path, _look) = (path, look);
        _device = Native.Open("/dev/fuse", Native.ReadWrite | Native.CloseOnExec, 0);
        const ulong noSetuidNoDevices = 6;
        if (_device.IsInvalid
            || Mount(
                "gputty-tests",
                path,
                "fuse",
                noSetuidNoDevices,
                $"fd={_device.DangerousGetHandle()},rootmode=40000,user_id=0,group_id=0") != 0)
            throw new IOException($"no FUSE: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        new Thread(Serve) { IsBackground = true, Name = "fuse" }.Start();
    }

    public string Path { get; }

    public void Dispose()
    {
        // By force: whoever still waits for an answer gets an error, also when a test has failed in the middle of a write.
        const int force = 1, detach = 2;
        _ = Unmount(Path, force | detach);
        // Ends the connection: whoever still waits gets an error.
        _device.Dispose();
    }

    private void Serve()
    {
        try
        {
            ServeUntilUnmounted();
        }
        catch (ObjectDisposedException)
        {
            // Unmounted while it answered.
        }
    }

    private void ServeUntilUnmounted()
    {
        var buffer = new byte[1 << 18];
        while (true)
        {
            var count = Native.Read(_device, buffer);
            if (count is -Native.EINTR or -ENOENT or -Native.EAGAIN) continue;
            if (count <= 0) return;
            var request = buffer.AsSpan(0, count).ToArray();
            var opcode = BinaryPrimitives.ReadUInt32LittleEndian(request.AsSpan(4));
            const uint read = 15, write = 16;
            // A write or a read may take forever; everybody else is answered meanwhile.
            if (opcode == write) _ = WriteAsync(request);
            else if (opcode == read)
                _ = Task.Factory.StartNew(
                    () => Answer(opcode, request),
                    CancellationToken.None,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default);
            else Answer(opcode, request);
        }
    }

    private void Answer(uint opcode, byte[] request)
    {
        var body = request.AsSpan(HeaderLength);
        var node = BinaryPrimitives.ReadUInt64LittleEndian(request.AsSpan(16));
        switch (opcode)
        {
            case 26: Reply(request, Init()); break;
            case 1: Lookup(request, Under(node, Text(body))); break;
            case 3 or 4: Reply(request, Attributes(node)); break;
            case 5: Reply(request, At(node) is Entry.Link link ? Encoding.UTF8.GetBytes(link.Target) : null); break;
            case 14: Reply(request, At(node) is Entry.Attribute ? Opened(directly: true) : null); break;
            case 27: Reply(request, At(node) is Entry.Folder ? Opened(directly: false) : null); break;
            case 15: Reply(request, Slice(At(node) is Entry.Attribute file ? file.Encoding.GetBytes(file.Read()) : [], body)); break;
            case 28: Reply(request, Slice(Listing(node), body)); break;
            case 18 or 29 or 25: Reply(request, []); break;
            case 17: Reply(request, new byte[80]); break;
            // FORGET, BATCH_FORGET and INTERRUPT have no answer.
            case 2 or 42 or 36: break;
            // What would make a name: a mistyped path is an error, as on the real thing.
            case 8 or 9 or 35: Refuse(request, EACCES); break;
            default: Refuse(request, ENOSYS); break;
        }
    }

    private async Task WriteAsync(byte[] request)
    {
        await Task.Yield();
        var node = BinaryPrimitives.ReadUInt64LittleEndian(request.AsSpan(16));
        var length = BinaryPrimitives.ReadInt32LittleEndian(request.AsSpan(HeaderLength + 16));
        var text = Encoding.UTF8.GetString(request, HeaderLength + 40, length);
        var error = At(node) is Entry.Attribute { Write: { } write } ? await write(text) : EIO;
        if (error != 0)
        {
            Refuse(request, error);
            return;
        }
        var reply = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(reply, length);
        Reply(request, reply);
    }

    private void Lookup(byte[] request, string path)
    {
        if (_look(path) is null)
        {
            Refuse(request, ENOENT);
            return;
        }
        ulong id;
        lock (_gate)
        {
            if (!_ids.TryGetValue(path, out id))
            {
                _ids[path] = id = (ulong)_paths.Count;
                _paths.Add(path);
            }
        }
        var entry = new byte[128];
        BinaryPrimitives.WriteUInt64LittleEndian(entry, id);
        Attr(id)!.CopyTo(entry, 40);
        Reply(request, entry);
    }

    private byte[]? Attributes(ulong node)
    {
        if (Attr(node) is not { } attr) return null;
        var reply = new byte[104];
        attr.CopyTo(reply, 16);
        return reply;
    }

    /// <summary>struct fuse_attr; null when the name is gone.</summary>
    private byte[]? Attr(ulong node)
    {
        if (At(node) is not { } entry) return null;
        var attr = new byte[88];
        BinaryPrimitives.WriteUInt64LittleEndian(attr, node);
        BinaryPrimitives.WriteUInt64LittleEndian(attr.AsSpan(8), 4096);
        BinaryPrimitives.WriteInt32LittleEndian(attr.AsSpan(60), entry switch
        {
            Entry.Folder => 0x4000 | 0x1ed,
            Entry.Link => 0xa000 | 0x1ff,
            _ => 0x8000 | 0x1a4,
        });
        BinaryPrimitives.WriteInt32LittleEndian(attr.AsSpan(64), 1);
        BinaryPrimitives.WriteInt32LittleEndian(attr.AsSpan(80), 4096);
        return attr;
    }

    private byte[] Listing(ulong node)
    {
        if (At(node) is not Entry.Folder folder) return [];
        var all = new List<byte>();
        foreach (var name in folder.Names)
        {
            var bytes = Encoding.UTF8.GetBytes(name);
            var record = new byte[(24 + bytes.Length + 7) / 8 * 8];
            BinaryPrimitives.WriteUInt64LittleEndian(record, 1000);
            BinaryPrimitives.WriteUInt64LittleEndian(record.AsSpan(8), (ulong)(all.Count + record.Length));
            BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(16), bytes.Length);
            bytes.CopyTo(record, 24);
            all.AddRange(record);
        }
        return [.. all];
    }

    /// <summary>The part that a READ or READDIR asks for.</summary>
    private static byte[] Slice(byte[] whole, ReadOnlySpan<byte> read)
    {
        var offset = (int)Math.Min(BinaryPrimitives.ReadInt64LittleEndian(read[8..]), whole.Length);
        var size = Math.Min(BinaryPrimitives.ReadInt32LittleEndian(read[16..]), whole.Length - offset);
        return whole[offset..(offset + size)];
    }

    private static byte[] Init()
    {
        var reply = new byte[64];
        BinaryPrimitives.WriteInt32LittleEndian(reply, 7);
        BinaryPrimitives.WriteInt32LittleEndian(reply.AsSpan(4), 31);
        BinaryPrimitives.WriteInt32LittleEndian(reply.AsSpan(20), 64 * 1024);
        BinaryPrimitives.WriteInt32LittleEndian(reply.AsSpan(24), 1);
        return reply;
    }

    /// <param name="directly">Past the page cache: each read and write comes here.</param>
    private static byte[] Opened(bool directly)
    {
        var reply = new byte[16];
        reply[8] = (byte)(directly ? 1 : 0);
        return reply;
    }

    private Entry? At(ulong node)
    {
        lock (_gate) return node < (ulong)_paths.Count ? _look(_paths[(int)node]) : null;
    }

    private string Under(ulong node, string name)
    {
        lock (_gate) return _paths[(int)node].Length == 0 ? name : $"{_paths[(int)node]}/{name}";
    }

    private static string Text(ReadOnlySpan<byte> body) => Encoding.UTF8.GetString(body[..body.IndexOf((byte)0)]);

    private void Refuse(byte[] request, int error) => Send(request, -error, []);

    /// <param name="body">Null when there is no such name any more.</param>
    private void Reply(byte[] request, byte[]? body) => Send(request, body is null ? -ENOENT : 0, body ?? []);

    private unsafe void Send(byte[] request, int error, byte[] body)
    {
        var reply = new byte[ReplyLength + body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(reply, reply.Length);
        BinaryPrimitives.WriteInt32LittleEndian(reply.AsSpan(4), error);
        request.AsSpan(8, 8).CopyTo(reply.AsSpan(8));
        body.CopyTo(reply, ReplyLength);
        try
        {
            // The one who asked may have gone meanwhile: then the kernel refuses the answer.
            fixed (byte* start = reply) _ = Put(_device, start, (nuint)reply.Length);
        }
        catch (ObjectDisposedException)
        {
            // Or we have.
        }
    }

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Mount(string source, string target, string type, ulong flags, string data);

    [LibraryImport("libc", EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unmount(string target, int flags);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static unsafe partial nint Put(SafeFileHandle file, byte* bytes, nuint count);
}

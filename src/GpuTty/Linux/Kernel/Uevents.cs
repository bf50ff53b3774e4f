using System.Net.Sockets;
using System.Runtime.InteropServices;
using GpuTty.Interop;

namespace GpuTty.Linux.Kernel;

/// <summary>The kernel's messages about devices and modules that come and go (netlink,
/// NETLINK_KOBJECT_UEVENT). Where they cannot be had, nothing comes.</summary>
internal sealed class Uevents : IDisposable
{
    private const int NetlinkFamily = 16;
    private const int DatagramCloseOnExec = 2 | 0x80000;
    private const int KobjectUevent = 15;
    private const int MostDrained = 10_000;
    private readonly Socket? _socket;
    private readonly byte[] _buffer = new byte[16 * 1024];

    private Uevents(Socket? socket) => _socket = socket;

    public static unsafe Uevents Open()
    {
        var handle = Libc.Socket(NetlinkFamily, DatagramCloseOnExec, KobjectUevent);
        if (handle < 0) return new Uevents(null);
        // struct sockaddr_nl: family, padding, pid 0 = let the kernel choose, group 1 = the kernel's own messages.
        var address = new NetlinkAddress { Family = NetlinkFamily, Groups = 1 };
        if (Libc.Bind(handle, &address, (uint)sizeof(NetlinkAddress)) == 0)
            return new Uevents(new Socket(new SafeSocketHandle(handle, ownsHandle: true)) { Blocking = false });
        _ = Libc.Close(handle);
        return new Uevents(null);
    }

    public WedgedCards Wedged { get; } = new();

    public bool IsOpen => _socket is not null;

    /// <summary>Returns at the next message; where there are none to be had, only when cancelled.</summary>
    public async Task WaitAsync(CancellationToken cancel)
    {
        if (_socket is null)
        {
            await Task.Delay(Timeout.Infinite, cancel);
            return;
        }
        try
        {
            Wedged.Hear(_buffer.AsSpan(0, await _socket.ReceiveAsync(_buffer, SocketFlags.None, cancel)));
        }
        catch (SocketException)
        {
            // More came than fitted (ENOBUFS): something has changed in any case.
        }
    }

    /// <summary>Drops what has arrived: one look answers a whole burst.</summary>
    public void Drain()
    {
        var error = SocketError.Success;
        // A lost message (ENOBUFS) is an error too, but more may follow it; nothing left is WouldBlock.
        for (var count = 0; _socket is not null && error != SocketError.WouldBlock && count < MostDrained; count++)
        {
            var length = _socket.Receive(_buffer, 0, _buffer.Length, SocketFlags.None, out error);
            if (error == SocketError.Success) Wedged.Hear(_buffer.AsSpan(0, length));
        }
    }

    public void Dispose() => _socket?.Dispose();

    [StructLayout(LayoutKind.Sequential)]
    private struct NetlinkAddress
    {
        public ushort Family;
        public ushort Padding;
        public uint Pid;
        public uint Groups;
    }
}

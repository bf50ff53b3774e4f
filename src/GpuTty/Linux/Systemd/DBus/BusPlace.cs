using System.Buffers.Binary;
using System.Net.Sockets;
using GpuTty.Interop;

namespace GpuTty.Linux.Systemd.DBus;

/// <summary>A socket where D-Bus is spoken. The path is always ours: no address of the caller's environment is read.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="User">
/// Whose own service manager listens there; null for the system's bus. That user could have put a link
/// to any socket in its place: we connect with his rights, and only to a process of his. </param>
internal sealed record BusPlace(string Path, int? User)
{
    private static readonly TimeSpan s_accepts = TimeSpan.FromSeconds(2);

    public string Name => User is { } uid ? $"the service manager of user {uid}" : "the system bus";

    /// <summary>Connects. Waits no longer than two seconds for a listener that accepts nobody.</summary>
    /// <exception cref="BusException">Nobody is there, or the wrong one.</exception>
    public Socket Connect()
    {
        try
        {
            return User is { } uid ? AsUser.Run(uid, ConnectNow) : ConnectNow();
        }
        catch (SocketException failed)
        {
            throw new BusException(
                failed.SocketErrorCode switch
                {
                    // There is no such file, or nobody has it open.
                    SocketError.AddressNotAvailable or SocketError.ConnectionRefused => BusFailure.NoBus,
                    SocketError.AccessDenied => BusFailure.Denied,
                    SocketError.WouldBlock or SocketError.TimedOut => BusFailure.Late,
                    _ => BusFailure.Lost,
                },
                $"{Name} cannot be reached: {failed.Message}.", cause: failed);
        }
        catch (Exception refused) when (refused is IOException or PlatformNotSupportedException)
        {
            throw new BusException(BusFailure.Denied, $"{Name} answers only that user and root; run as root.", cause: refused);
        }
    }

    private Socket ConnectNow()
    {
        const int socketLevel = 1, sendTimeout = 21;
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // struct timeval: also the limit for connect(2), which waits while the queue of the listener is full (unix(7), socket(7)).
            Span<byte> limit = stackalloc byte[16];
            BinaryPrimitives.WriteInt64LittleEndian(limit, (long)s_accepts.TotalSeconds);
            socket.SetRawSocketOption(socketLevel, sendTimeout, limit);
            socket.Connect(new UnixDomainSocketEndPoint(Path));
            if (User is { } uid && PeerOf(socket) is var peer && peer != uid)
                throw new BusException(BusFailure.Denied, $"{Path} belongs to user {peer}, not to user {uid}.");
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Who listened there: SO_PEERCRED (unix(7)), struct ucred { pid, uid, gid }.</summary>
    private static int PeerOf(Socket socket)
    {
        const int socketLevel = 1, peerCredentials = 17;
        Span<byte> credentials = stackalloc byte[12];
        _ = socket.GetRawSocketOption(socketLevel, peerCredentials, credentials);
        return BinaryPrimitives.ReadInt32LittleEndian(credentials[4..]);
    }
}

using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using GpuTty.Interop;
using Tmds.DBus.Protocol;

namespace GpuTty.Tests.Linux.Systemd.Bus;

/// <summary>A service manager's own socket: D-Bus without a bus, and a
/// server that lets in whom the kernel says it is (SO_PEERCRED).</summary>
internal sealed class ManagerSocket : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly PretendedManager _manager;

    /// <param name="owner">Who listens; only root can be somebody else.</param>
    public ManagerSocket(string path, PretendedManager manager, int? owner = null)
    {
        _manager = manager;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        // systemd's own is that user's; here only the rule under test keeps anybody out.
        File.SetUnixFileMode(path, (UnixFileMode)0x1ff);
        AsUser.Run(owner ?? (int)Native.EffectiveUser(), () =>
        {
            _listener.Listen();
            return true;
        });
        _ = AcceptAsync();
    }

    /// <summary>Whom each connection has said to be, and whom the kernel says.</summary>
    public ConcurrentQueue<(string Said, int Uid)> Callers { get; } = [];

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true) await ServeAsync(await _listener.AcceptAsync());
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        var credentials = new byte[12];
        _ = socket.GetRawSocketOption(1, 17, credentials);
        var stream = new NetworkStream(socket, ownsSocket: true);
        var auth = await LogInAsync(stream);
        Callers.Enqueue((Encoding.ASCII.GetString(Convert.FromHexString(auth[0].Split(' ')[^1])), BitConverter.ToInt32(credentials, 4)));
        await stream.WriteAsync("OK 0123456789abcdef0123456789abcdef\r\n"u8.ToArray());
        // systemd's answers nothing that comes with BEGIN, so a client must have been told OK before its first message and after its BEGIN.
        if (auth is not [_, "BEGIN", ""]) return;
        var answered = new Answered(stream);
        var connection = new DBusConnection(new ServerSide(answered));
        await connection.ConnectAsync();
        connection.AddMethodHandler(_manager);
        _manager.Listeners.Add(connection);
        answered.Begin();
    }

    /// <summary>The lines of the first write that has any; the byte before them is no part of them.</summary>
    private static async Task<string[]> LogInAsync(Stream stream)
    {
        var buffer = new byte[1024];
        while (true)
        {
            var count = await stream.ReadAsync(buffer);
            var text = Encoding.ASCII.GetString(buffer, 0, count).TrimStart('\0');
            if (count == 0 || text.Length > 0) return text.Split("\r\n");
        }
    }

    /// <summary>
    /// The library speaks as a client: what it says to log in, and its first message, are answered
    /// here and go no further. What the real client says waits until whoever is to hear it is there.
    /// </summary>
    private sealed class Answered(Stream inner) : Stream
    {
        private readonly Channel<byte[]> _answers = Channel.CreateUnbounded<byte[]>();
        private bool _logsIn = true, _saysHello = true;

        /// <summary>From now on the real client is heard.</summary>
        public void Begin() => _answers.Writer.Complete();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!await _answers.Reader.WaitToReadAsync(cancellationToken)) return await inner.ReadAsync(buffer, cancellationToken);
            var answer = await _answers.Reader.ReadAsync(cancellationToken);
            answer.CopyTo(buffer);
            return answer.Length;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!_logsIn && !_saysHello) return inner.WriteAsync(buffer, cancellationToken);
            var text = Encoding.ASCII.GetString(buffer.Span);
            if (!_logsIn) (_saysHello, _) = (false, _answers.Writer.TryWrite(NoHello(buffer.Span)));
            else if (text.StartsWith("BEGIN", StringComparison.Ordinal)) _logsIn = false;
            else if (text.StartsWith("AUTH", StringComparison.Ordinal))
                _answers.Writer.TryWrite("OK 0123456789abcdef0123456789abcdef\r\n"u8.ToArray());
            return default;
        }

        /// <summary>An error reply, as from whoever is no bus: header, the call's serial, a name, padding.</summary>
        private static byte[] NoHello(ReadOnlySpan<byte> call) =>
        [
            (byte)'l',
            3,
            1,
            1,
            0,
            0,
            0,
            0,
            1,
            0,
            0,
            0,
            20,
            0,
            0,
            0,
            5,
            1,
            (byte)'u',
            0,
            .. call[8..12],
            4,
            1,
            (byte)'s',
            0,
            3,
            0,
            0,
            0,
            .. "x.y"u8,
            0,
            0,
            0,
            0,
            0,
        ];

        public override bool CanRead => true;
        public override bool CanWrite => true;
        public override bool CanSeek => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }

    private sealed class ServerSide(Stream stream) : DBusConnectionOptions("")
    {
        protected override ValueTask<SetupResult> SetupAsync(CancellationToken cancellationToken) =>
            new(new SetupResult { ConnectionStream = stream, UserId = "0", MachineId = "" });
    }
}

using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace GpuTty.Interop;

/// <summary>
/// One of the descriptors 0, 1 and 2 as they are. The console of .NET would write a terminal's keypad_xmit before the first byte and
/// never take it back (ConsolePal.Unix.cs, EnsureConsoleInitialized).
/// </summary>
internal sealed unsafe class StandardStream(int descriptor) : Stream
{
    private const int Interrupted = 4, WouldBlock = 11, BrokenPipe = 32;

    private readonly SafeFileHandle _file = new(descriptor, ownsHandle: false);

    public override bool CanRead => descriptor == 0;
    public override bool CanWrite => descriptor != 0;
    public override bool CanSeek => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>Nothing is there to read where the descriptor is closed.</summary>
    public override int Read(Span<byte> buffer)
    {
        while (true)
        {
            nint count;
            fixed (byte* start = buffer) count = TerminalLibc.Read(_file, start, (nuint)buffer.Length);
            if (count >= 0) return (int)count;
            if (Marshal.GetLastPInvokeError() is var error && error is not (Interrupted or WouldBlock)) return 0;
            if (error == WouldBlock) Wait(TerminalLibc.PollEntry.In);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Nobody misses what a closed pipe does not take.</summary>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            nint count;
            fixed (byte* start = buffer) count = TerminalLibc.Write(_file, start, (nuint)buffer.Length);
            if (count >= 0)
            {
                buffer = buffer[(int)count..];
                continue;
            }
            switch (Marshal.GetLastPInvokeError())
            {
                case Interrupted: break;
                case WouldBlock: Wait(TerminalLibc.PollEntry.Out); break;
                case BrokenPipe: return;
                case var error: throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
            }
        }
    }

    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    private void Wait(short events)
    {
        var wanted = new TerminalLibc.PollEntry(descriptor, events);
        _ = TerminalLibc.Poll(&wanted, 1, -1);
    }
}

namespace GpuTty.Linux.Systemd.DBus;

/// <summary>
/// A connection that brings no more bytes than was allowed: the library
/// takes messages of 128 MiB, and who sends them may be any user's process.
/// </summary>
internal class LimitedStream(Stream inner) : Stream
{
    private long _left;

    /// <summary>From now on so many bytes may come; afterwards reading fails.</summary>
    public void Allow(long bytes) => Interlocked.Exchange(ref _left, bytes);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await inner.ReadAsync(buffer, cancellationToken);
        return Interlocked.Add(ref _left, -count) >= 0 ? count : throw new IOException("it said too much");
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.WriteAsync(buffer, cancellationToken);

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

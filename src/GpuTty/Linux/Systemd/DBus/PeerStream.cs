namespace GpuTty.Linux.Systemd.DBus;

/// <summary>
/// A connection to a service manager's own socket. What follows <c>BEGIN</c> in the same read stays unanswered there until more comes
/// (sd-bus keeps it from the phase in which one logs in), so <c>BEGIN</c> goes out with the line before it, whose answer is waited for.
/// </summary>
internal sealed class PeerStream(Stream inner) : LimitedStream(inner)
{
    private static ReadOnlySpan<byte> Begin => "BEGIN\r\n"u8;

    private bool _hasBegun;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_hasBegun && buffer.Span.StartsWith("AUTH EXTERNAL "u8))
            return base.WriteAsync((byte[])[.. buffer.Span, .. Begin], cancellationToken);
        if (_hasBegun || !buffer.Span.SequenceEqual(Begin)) return base.WriteAsync(buffer, cancellationToken);
        _hasBegun = true;
        return default;
    }
}

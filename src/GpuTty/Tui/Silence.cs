namespace GpuTty.Tui;

/// <summary>
/// Begun with each question, and over when the keyboard has rested: what was pressed before the question can have been read is no answer
/// to it, nor is a key that is held.
/// </summary>
internal sealed class Silence(TimeProvider clock)
{
    // Longer than from one repetition of a key to the next, and too short to have read a question.
    private static readonly TimeSpan s_rest = TimeSpan.FromMilliseconds(150);

    private long? _since;

    public void Begin() => _since = clock.GetTimestamp();

    /// <summary>True where what comes in now is dropped; then the rest begins anew.</summary>
    public bool Drops()
    {
        if (_since is not { } since || clock.GetElapsedTime(since) >= s_rest) return false;
        Begin();
        return true;
    }
}

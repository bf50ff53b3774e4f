namespace GpuTty.Switching;

/// <summary>The write-ahead journal of one run.</summary>
public interface IJournal
{
    /// <summary>Returns when the event is on the disk (<see cref="RunEvent.Waiting"/> need not be).</summary>
    void Append(RunEvent entry);
}

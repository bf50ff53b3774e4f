using GpuTty.Interop;

namespace GpuTty.Terminal;

/// <summary>Wakes a thread that waits for the terminal (eventfd(2)). Signal handlers and other threads may call it.</summary>
internal sealed unsafe class WakeFile : IDisposable
{
    private const int NonBlockingCloseOnExec = 0x80800;
    private readonly Lock _open = new();
    private bool _isClosed;

    public int File { get; } = TerminalLibc.EventFile(0, NonBlockingCloseOnExec);

    /// <summary>Does nothing any more once it is closed: the number may belong to another file by then.</summary>
    public void Wake()
    {
        ulong one = 1;
        lock (_open)
        {
            if (!_isClosed) _ = TerminalLibc.Write(File, (byte*)&one, sizeof(ulong));
        }
    }

    public void Clear()
    {
        ulong count;
        _ = TerminalLibc.Read(File, (byte*)&count, sizeof(ulong));
    }

    public void Dispose()
    {
        lock (_open)
        {
            if (!_isClosed) _ = TerminalLibc.Close(File);
            _isClosed = true;
        }
    }
}

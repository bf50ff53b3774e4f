namespace GpuTty.Terminal;

/// <summary>Wakes a thread that waits for the terminal (eventfd(2)). Signal handlers and other threads may call it.</summary>
internal sealed unsafe class WakeFile : IDisposable
{
    private const int NonBlockingCloseOnExec = 0x80800;

    public int File { get; } = Libc.EventFile(0, NonBlockingCloseOnExec);

    public void Wake()
    {
        ulong one = 1;
        _ = Libc.Write(File, (byte*)&one, sizeof(ulong));
    }

    public void Clear()
    {
        ulong count;
        _ = Libc.Read(File, (byte*)&count, sizeof(ulong));
    }

    public void Dispose() => _ = Libc.Close(File);
}

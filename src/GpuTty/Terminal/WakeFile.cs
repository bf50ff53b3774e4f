using GpuTty.Interop;

namespace GpuTty.Terminal;

/// <summary>Wakes a thread that waits for the terminal (eventfd(2)). Signal handlers and other threads may call it.</summary>
internal sealed unsafe class WakeFile : IDisposable
{
    private const int NonBlockingCloseOnExec = 0x80800;

    public int File { get; } = TerminalLibc.EventFile(0, NonBlockingCloseOnExec);

    public void Wake()
    {
        ulong one = 1;
        _ = TerminalLibc.Write(File, (byte*)&one, sizeof(ulong));
    }

    public void Clear()
    {
        ulong count;
        _ = TerminalLibc.Read(File, (byte*)&count, sizeof(ulong));
    }

    public void Dispose() => _ = TerminalLibc.Close(File);
}

using GpuTty.Interop;
using Microsoft.Win32.SafeHandles;

namespace GpuTty.Terminal;

/// <summary>Wakes a thread that waits for the terminal (eventfd(2)). Signal handlers and other threads may call it.</summary>
internal sealed unsafe class WakeFile : IDisposable
{
    private const int NonBlockingCloseOnExec = 0x80800;
    private readonly Lock _open = new();

    public SafeFileHandle File { get; } = TerminalLibc.EventFile(0, NonBlockingCloseOnExec);

    /// <summary>Does nothing any more once it is closed.</summary>
    public void Wake()
    {
        ulong one = 1;
        lock (_open)
        {
            if (!File.IsClosed) _ = TerminalLibc.Write(File, (byte*)&one, sizeof(ulong));
        }
    }

    public void Clear()
    {
        ulong count;
        _ = TerminalLibc.Read(File, (byte*)&count, sizeof(ulong));
    }

    public void Dispose()
    {
        lock (_open) File.Dispose();
    }
}

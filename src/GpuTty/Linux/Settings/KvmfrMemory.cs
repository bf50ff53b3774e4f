using GpuTty.Interop;

namespace GpuTty.Linux.Settings;

/// <summary>The memory behind /dev/kvmfr0: nothing below /sys tells its size, its driver does (kvmfr.h, KVMFR_DMABUF_GETSIZE).</summary>
internal static class KvmfrMemory
{
    private const nuint GetSize = 0x7544;

    /// <returns>Null where the node cannot be opened, or is none of that driver.</returns>
    public static long? MebibytesOf(string path)
    {
        try
        {
            using var node = File.OpenHandle(path);
            var size = Native.Control(node, GetSize, 0);
            return size > 0 ? size / (1024 * 1024) : null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

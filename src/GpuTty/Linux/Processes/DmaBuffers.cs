using System.Text;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Text;

namespace GpuTty.Linux.Processes;

/// <summary>
/// Descriptors of buffers that a driver has exported (drivers/dma-buf/dma-buf.c). Such a file keeps the
/// module of its exporter loaded, although no node of a card is open; its exporter is in /proc/PID/fdinfo.
/// </summary>
internal static class DmaBuffers
{
    private const int Limit = 64 * 1024;

    /// <summary>Exporters that belong to graphics; cameras and heaps of ordinary memory keep no card.</summary>
    private static readonly HashSet<string> s_graphics =
    [
        "drm", "i915", "xe", "amdgpu", "radeon", "nouveau", "nvidia", "nvidia_drm", "virtio_gpu",
    ];

    /// <summary>Null for anything else.</summary>
    /// <param name="descriptors">Stands at the descriptor.</param>
    public static HeldNode? Read(DirectoryHandle process, DirectoryListing descriptors)
    {
        if (descriptors.Link() is not { } path || !IsBuffer(path) || descriptors.Number is not { } descriptor) return null;
        var facts = process.Bytes($"fdinfo/{descriptor}", Limit);
        // An exporter that cannot be told may be any of the graphics drivers.
        var exporter = Exporter(facts is null ? null : Encoding.UTF8.GetString(facts)) ?? "drm";
        return s_graphics.Contains(exporter) ? new HeldNode(Visible.Text(path, 200), NodeKind.DmaBuf, null, exporter, descriptor) : null;
    }

    /// <summary><c>/dmabuf:</c> with the name that a program may have given it, or as older kernels show it.</summary>
    public static bool IsBuffer(string path) => path.StartsWith("/dmabuf:", StringComparison.Ordinal) || path == "anon_inode:dmabuf";

    /// <summary>The line <c>exp_name:</c>: a module, or <c>drm</c> where the driver leaves the export to that.</summary>
    public static string? Exporter(string? facts)
    {
        foreach (var line in facts?.Split('\n') ?? [])
        {
            if (line.StartsWith("exp_name:", StringComparison.Ordinal) && line["exp_name:".Length..].Trim() is { Length: > 0 } name)
                return KernelModule.Canonical(Visible.Text(name, 60));
        }
        return null;
    }
}

using System.Collections.Concurrent;
using System.Text;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Text;

namespace GpuTty.Linux.Processes;

/// <summary>
/// Buffers that a driver has exported (drivers/dma-buf/dma-buf.c), of one look. Such a file keeps the module of its exporter loaded,
/// although no node of a card is open; its exporter is in /proc/PID/fdinfo. A mapping keeps it without a descriptor.
/// </summary>
internal sealed class DmaBuffers
{
    private const int Limit = 64 * 1024;

    /// <summary>Exporters that belong to graphics; cameras and heaps of ordinary memory keep no card.</summary>
    private static readonly HashSet<string> s_graphics =
    [
        "drm", "i915", "xe", "amdgpu", "radeon", "nouveau", "nvidia", "nvidia_drm", "virtio_gpu",
    ];

    /// <summary>A driver that cannot be told may be any of the graphics drivers.</summary>
    private const string AnyDriver = "drm";

    /// <summary>Exporters of the buffers that somebody has open, by their numbers.</summary>
    private readonly ConcurrentDictionary<ulong, string> _exporters = new();

    /// <summary>Null for anything else.</summary>
    /// <param name="descriptors">Stands at the descriptor.</param>
    /// <param name="number">Of what is open.</param>
    public HeldNode? Read(DirectoryHandle process, DirectoryListing descriptors, ulong number)
    {
        if (descriptors.Link() is not { } path || !IsBuffer(path) || descriptors.Number is not { } descriptor) return null;
        var facts = process.Bytes($"fdinfo/{descriptor}", Limit);
        var told = Exporter(facts is null ? null : Encoding.UTF8.GetString(facts));
        if (told is not null) _exporters.TryAdd(number, told);
        return Held(path, told, descriptor);
    }

    /// <summary>A mapping, after all descriptors were read; null for anything else. i915 maps its buffers through
    /// a file of its own (i915_gem_mman.c, mmap_singleton), which keeps its module as well.</summary>
    /// <param name="path">As /proc/PID/maps shows it.</param>
    /// <param name="number">Of the mapped file.</param>
    public HeldNode? Mapped(string path, ulong number) =>
        path is "anon_inode:i915.gem" or "anon_inode:[i915.gem]" ? Held(path, "i915", null)
        : IsBuffer(path) ? Held(path, _exporters.GetValueOrDefault(number), null)
        : null;

    /// <summary>No file of a file system: those of many kinds have one number together, so that only the name tells them apart.</summary>
    public static bool MayBeMapped(ReadOnlySpan<byte> path) => path.StartsWith("/dmabuf:"u8) || path.StartsWith("anon_inode:"u8);

    private static HeldNode? Held(string path, string? exporter, int? descriptor) =>
        s_graphics.Contains(exporter ?? AnyDriver)
            ? new HeldNode(Visible.Text(path, 200), NodeKind.DmaBuf, null, exporter ?? AnyDriver, descriptor)
            : null;

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

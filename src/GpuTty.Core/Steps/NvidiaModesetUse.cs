using GpuTty.Host;

namespace GpuTty.Steps;

/// <summary>
/// nvidia_drm with modeset=1 keeps every card of nvidia open, without a process and without a reference to the module. The remove() of
/// NVIDIA's driver tells it to close since version 580.105.08, and waits for it without an end before (kernel-open/nvidia/nv-pci.c).
/// </summary>
internal static class NvidiaModesetUse
{
    private static readonly Version s_closesItself = new(580, 105, 8);

    /// <summary>The parameter is there, and this user may not read it.</summary>
    public static bool IsForRootOnly(HostSnapshot host) => !host.Caller.IsRoot && host.FindModule("nvidia_drm") is { SetsModes: null };

    /// <returns>A clause: why an unbind would not return; null where it would.</returns>
    public static string? Of(HostSnapshot host, string driver)
    {
        if (driver != "nvidia" || host.FindModule("nvidia_drm") is not { SetsModes: not false } above) return null;
        var version = host.FindModule("nvidia")?.Version;
        if (Version.TryParse(version, out var loaded) && loaded >= s_closesItself) return null;
        return above.SetsModes is null ? "whether nvidia_drm keeps it open (modeset=1) can be read by root only"
            : $"nvidia_drm keeps it open (modeset=1), and {(version is null ? "this version" : $"version {version}")} of the driver "
                + "would wait for that without an end";
    }
}

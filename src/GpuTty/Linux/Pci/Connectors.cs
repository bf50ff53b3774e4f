using System.Collections.Concurrent;
using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Text;

namespace GpuTty.Linux.Pci;

/// <summary>Sockets for monitors: /sys/class/drm/cardN-NAME/status.</summary>
internal sealed class Connectors
{
    private const int LongestEdid = 64 * 1024;
    private readonly HangTolerantScan<PciAddress> _scan = new();

    /// <summary>By folder: what the monitor calls itself, and what the status was when it was asked for that.</summary>
    private readonly ConcurrentDictionary<string, (string? Status, string? Monitor)> _monitors = new();

    /// <param name="busy">Functions with a write under way, whose driver may be in the middle of something.</param>
    /// <param name="unknowns">Gets the functions that are silent.</param>
    public ILookup<PciAddress, Connector> Read(
        IEnumerable<ClassDevice> classes, ImmutableArray<PciAddress> busy, List<Unknown> unknowns, CancellationToken cancel = default)
    {
        var sockets = classes
            .Where(entry =>
                entry.Class == "drm"
                && entry.Name.StartsWith("card", StringComparison.Ordinal)
                && entry.Name.Contains('-', StringComparison.Ordinal))
            .OrderBy(entry => entry.Name, StringComparer.Ordinal)
            .Select(entry => new Socket(entry.Owner, entry.Name, entry.Path, SysFiles.Word($"{entry.Path}/status")))
            .ToList();
        var changed = sockets.Where(socket => !IsKnown(socket) && !busy.Contains(socket.Owner)).ToLookup(socket => socket.Owner);
        var (_, late) = _scan.Read(
            [.. changed.Select(card => card.Key)],
            card =>
            {
                foreach (var socket in changed[card]) _monitors[socket.Path] = (socket.Status, MonitorAt(socket));
                return _monitors;
            },
            cancel: cancel);
        foreach (var card in late)
            new PartFiles(unknowns, UnknownFact.PciDevices, $"device {card}", $"{card}")
                .Missing("Its driver does not tell which monitors are plugged in; it may be stuck in the kernel.");
        return sockets.ToLookup(socket => socket.Owner, socket => new Connector(
            Visible.Text(socket.Name[(socket.Name.IndexOf('-', StringComparison.Ordinal) + 1)..], 80),
            Parse(socket.Status),
            IsKnown(socket) ? _monitors[socket.Path].Monitor : null));
    }

    /// <summary>The kernel shows what it has read when the monitor was plugged in, and nothing is asked of that again; but it takes
    /// the driver's lock for all that sets a mode, and cannot be called off (drivers/gpu/drm/drm_sysfs.c, edid_show).</summary>
    private static string? MonitorAt(Socket socket) =>
        SysFiles.Bytes($"{socket.Path}/edid", LongestEdid, out _) is { } edid ? EdidName.Of(edid) : null;

    private bool IsKnown(Socket socket) => _monitors.TryGetValue(socket.Path, out var known) && known.Status == socket.Status
        // What was just plugged in says so before it says what it is.
        && (known.Monitor is not null || Parse(known.Status) != true);

    private static bool? Parse(string? status) => status switch { "connected" => true, "disconnected" => false, _ => null };

    private sealed record Socket(PciAddress Owner, string Name, string Path, string? Status);
}

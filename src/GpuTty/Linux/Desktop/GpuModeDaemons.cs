using System.Text.Json;
using GpuTty.Host.Desktop;
using GpuTty.Host.Settings;
using GpuTty.Linux.Settings;
using GpuTty.Text;

namespace GpuTty.Linux.Desktop;

/// <summary>
/// Daemons that switch a laptop between its graphics cards: supergfxd, what asusd did before
/// it, and Cardwire. They name no address and mean the card that was added to the processor's.
/// </summary>
internal static class GpuModeDaemons
{
    public static IEnumerable<ConflictingTool> Read(BoundedFiles files) =>
        ((ConflictingTool?[])[Supergfxd(files), Asusd(files), Cardwire(files)]).OfType<ConflictingTool>();

    /// <summary>Unbinds the card, takes it off the bus or gives it to vfio-pci when its mode changes.</summary>
    private static ConflictingTool? Supergfxd(BoundedFiles files) =>
        files.File("etc/supergfxd.conf") is not { } file ? null
        : new(
            null,
            $"supergfxd moves the card itself when its mode changes{(Setting(file.Text, "mode") is { } mode ? $" (now {mode})" : "")}",
            "Use one of the two: systemctl disable --now supergfxd")
        { Tool = MovingTool.Supergfxd, Where = new SourceLine(file.Path, null) };

    private static ConflictingTool? Asusd(BoundedFiles files) =>
        files.File("etc/asusd/asusd.conf") is { } file && Setting(file.Text, "gfx_vfio_enable") == "true"
            ? new(null, "asusd may give the card to vfio-pci itself (gfx_vfio_enable)",
                "Use one of the two: set gfx_vfio_enable to false in /etc/asusd/asusd.conf")
            { Tool = MovingTool.Asusd, Where = new SourceLine(file.Path, null) }
            : null;

    /// <summary>Does not move it, but hides it from programs.</summary>
    private static ConflictingTool? Cardwire(BoundedFiles files) =>
        !files.Exists("etc/cardwire/cardwire.toml") ? null
        : new(null, "Cardwire hides the card from programs in some of its modes, also after it has been returned to the host",
            "Where a program does not find it: cardwire set hybrid")
        { Tool = MovingTool.Cardwire, Where = new SourceLine("/etc/cardwire/cardwire.toml", null) };

    /// <summary>A setting of a JSON file as text; null for what is none.</summary>
    private static string? Setting(string text, string name)
    {
        try
        {
            using var file = JsonDocument.Parse(text);
            return file.RootElement.ValueKind == JsonValueKind.Object && file.RootElement.TryGetProperty(name, out var value)
                ? Visible.Text(value.ValueKind is JsonValueKind.True ? "true" : value.ToString(), 40) : null;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}

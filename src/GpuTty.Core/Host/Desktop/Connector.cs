namespace GpuTty.Host.Desktop;

/// <summary>A socket for a monitor (/sys/class/drm/cardN-NAME).</summary>
/// <param name="Name">Without the card: <c>HDMI-A-1</c>.</param>
/// <param name="IsConnected">Null where the kernel says <c>unknown</c>.</param>
/// <param name="Monitor">What the monitor calls itself; null where none has told.</param>
public sealed record Connector(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("is_connected")] bool? IsConnected,
    [property: JsonPropertyName("monitor")] string? Monitor = null);

namespace GpuTty.Host.Desktop;

/// <summary>A socket for a monitor (/sys/class/drm/cardN-NAME).</summary>
/// <param name="Name">Without the card: <c>HDMI-A-1</c>.</param>
/// <param name="IsConnected">Null where the kernel says <c>unknown</c>.</param>
public sealed record Connector(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("is_connected")] bool? IsConnected);

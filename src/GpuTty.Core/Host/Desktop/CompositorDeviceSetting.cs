using System.Collections.Immutable;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;

namespace GpuTty.Host.Desktop;

/// <summary>A setting, not of ours, that tells a desktop which cards to open or to leave alone.</summary>
/// <param name="Setting">
/// KWIN_DRM_DEVICES, WLR_DRM_DEVICES or AQ_DRM_DEVICES; AutoAddGPU (xorg.conf(5)); mutter-device-ignore or mutter-device-preferred-primary
/// (tags of udev, mutter's src/backends/native/meta-udev.c).
/// </param>
/// <param name="Value">As it is written; empty for tags. Control characters made visible.</param>
/// <param name="Where">The process or the file that has it: <c>kwin_wayland (812)</c>.</param>
/// <param name="Nodes">The nodes below /dev/dri that it names, links followed.</param>
public sealed record CompositorDeviceSetting(
    [property: JsonPropertyName("setting")] string Setting,
    [property: JsonPropertyName("value")] string Value,
    [property: JsonPropertyName("where")] string Where,
    [property: JsonPropertyName("nodes")] ImmutableArray<string> Nodes)
{
    public const string AutoAddGpu = "AutoAddGPU";
    public const string MutterIgnores = "mutter-device-ignore";
    public const string MutterPrefers = "mutter-device-preferred-primary";

    /// <summary>Lists of nodes in the environment of compositors: KWin, wlroots, and Hyprland's Aquamarine.</summary>
    public static ImmutableArray<string> Variables { get; } = ["KWIN_DRM_DEVICES", "WLR_DRM_DEVICES", "AQ_DRM_DEVICES"];

    public bool Names(PciDevice device) => device.Nodes.Any(node => node.Kind == NodeKind.Card && Nodes.Contains(node.Path));
}

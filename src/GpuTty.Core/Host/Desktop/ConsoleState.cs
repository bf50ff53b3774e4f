using System.Collections.Immutable;
using GpuTty.Host.Pci;

namespace GpuTty.Host.Desktop;

/// <summary>What draws the text consoles.</summary>
public sealed record ConsoleState
{
    /// <summary>The VT on the screen now (/sys/class/tty/tty0/active); null where there are none.</summary>
    [JsonPropertyName("active_vt")] public int? ActiveVt { get; init; }

    [JsonPropertyName("framebuffers")] public ImmutableArray<Framebuffer> Framebuffers { get; init; } = [];
    [JsonPropertyName("vt_consoles")] public ImmutableArray<VtConsole> VtConsoles { get; init; } = [];

    /// <summary>The framebuffer that shows the consoles; null where none does or it is unknown.</summary>
    [JsonPropertyName("shown")] public Framebuffer? Shown { get; init; }

    /// <summary>The kernel draws them in the text mode of VGA (vgacon), which only the card can do that it started with.</summary>
    [JsonIgnore]
    public bool IsInVgaText => Shown is null
        && VtConsoles.Any(console => console.IsBound && console.Name.Contains("VGA", StringComparison.Ordinal))
        && !VtConsoles.Any(console => console.IsBound && console.IsOfFramebuffer);
}

/// <summary>/dev/fbN and what it belongs to (/sys/class/graphics/fbN).</summary>
/// <param name="Device">The PCI function behind it, or whose memory the firmware's
/// screen is in; null where there is none or it is unknown.</param>
public sealed record Framebuffer(
    [property: JsonPropertyName("index")] int Index,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("device")] PciAddress? Device)
{
    /// <summary>The driver that draws on the screen the firmware has set up, by
    /// the name it gives its framebuffer; null for a driver of a card.</summary>
    public string? FirmwareDriver => Name switch
    {
        "EFI VGA" => "efifb",
        "VESA VGA" => "vesafb",
        "simple" => "simplefb",
        "simpledrmdrmfb" or "efidrmdrmfb" or "vesadrmdrmfb" or "ofdrmdrmfb" => Name[..^"drmfb".Length],
        _ => null,
    };
}

/// <summary>/sys/class/vtconsole/vtconN.</summary>
/// <param name="Name"><c>(M) frame buffer device</c>, <c>(S) dummy device</c>, <c>(S) VGA+</c>.</param>
public sealed record VtConsole(
    [property: JsonPropertyName("index")] int Index,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("is_bound")] bool IsBound)
{
    /// <summary>It draws on framebuffers (fbcon).</summary>
    [JsonIgnore] public bool IsOfFramebuffer => Name.Contains("frame buffer", StringComparison.Ordinal);
}

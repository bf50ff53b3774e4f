using System.Collections.Immutable;
using GpuTty.Host.Pci;

namespace GpuTty.Host;

/// <summary>What only the doctor asks of the machine: nothing is decided from it. A null means that it could not be told.</summary>
public sealed record MachineDetails
{
    /// <summary>The firmware is UEFI (/sys/firmware/efi).</summary>
    [JsonPropertyName("is_uefi")] public bool IsUefi { get; init; }

    /// <summary>The firmware starts signed programs only; null without UEFI.</summary>
    [JsonPropertyName("secure_boot")] public bool? SecureBoot { get; init; }

    /// <summary>none, integrity or confidentiality (kernel_lockdown(7)).</summary>
    [JsonPropertyName("lockdown")] public string? Lockdown { get; init; }

    /// <summary>Interrupts go through the IOMMU; null on processors where /proc/interrupts does not tell.</summary>
    [JsonPropertyName("remaps_interrupts")] public bool? RemapsInterrupts { get; init; }

    /// <summary>Version of NVIDIA's driver, <c>570.86.16</c>; null where it is not loaded.</summary>
    [JsonPropertyName("nvidia_version")] public string? NvidiaVersion { get; init; }

    /// <summary>NVIDIA's open modules; null where none is loaded.</summary>
    [JsonPropertyName("is_nvidia_open")] public bool? IsNvidiaOpen { get; init; }

    /// <summary>Parameters of nvidia_drm that are on: modeset, fbdev.</summary>
    [JsonPropertyName("nvidia_drm")] public ImmutableArray<string> NvidiaDrm { get; init; } = [];

    [JsonPropertyName("links")] public ImmutableArray<LinkDetails> Links { get; init; } = [];
}

/// <summary>The PCI Express link of a graphics function, asked only where it is awake: the question would wake it.</summary>
/// <param name="Lanes">Now.</param>
/// <param name="MostLanes">That the function has.</param>
/// <param name="ResizableBars">Numbers of BARs whose size can be set.</param>
public sealed record LinkDetails(
    [property: JsonPropertyName("device")] PciAddress Device,
    [property: JsonPropertyName("lanes")] int? Lanes,
    [property: JsonPropertyName("most_lanes")] int? MostLanes,
    [property: JsonPropertyName("resizable_bars")] ImmutableArray<int> ResizableBars);

using GpuTty.Host.Pci;

namespace GpuTty.Steps;

/// <summary>A function with its driver.</summary>
public sealed record BoundFunction(
    [property: JsonPropertyName("device")] PciAddress Device, [property: JsonPropertyName("driver")] string Driver);

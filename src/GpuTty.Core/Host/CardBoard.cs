using GpuTty.Host.Pci;

namespace GpuTty.Host;

/// <summary>What tells a card from its twin.</summary>
/// <param name="Maker">Of the board, not of the chip, from pci.ids; null where that does not name it.</param>
/// <param name="Memory">On the card, in bytes; null where its driver does not tell.</param>
public sealed record CardBoard(
    [property: JsonPropertyName("device")] PciAddress Device,
    [property: JsonPropertyName("maker")] string? Maker,
    [property: JsonPropertyName("memory")] long? Memory);

/// <summary>Memory on a card that a program's open files keep (Documentation/gpu/drm-usage-stats.rst).</summary>
/// <param name="Bytes">Of all its clients of that card together.</param>
public sealed record HeldMemory(
    [property: JsonPropertyName("pid")] int Pid,
    [property: JsonPropertyName("device")] PciAddress Device,
    [property: JsonPropertyName("bytes")] long Bytes);

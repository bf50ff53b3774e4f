using System.Collections.Immutable;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;

namespace GpuTty.Simulation;

/// <summary>What a function has to show while its driver has it.</summary>
internal sealed record Wiring(PciAddress Device)
{
    public ImmutableArray<Connector> Connectors { get; init; } = [];

    /// <summary>Numbers of the playback devices: /dev/snd/pcmC1D3p.</summary>
    public ImmutableArray<int> Playback { get; init; } = [];
    public int I2cBuses { get; init; }
}

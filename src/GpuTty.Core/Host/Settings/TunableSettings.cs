using System.Collections.Immutable;
using GpuTty.Host.Pci;

namespace GpuTty.Host.Settings;

/// <summary>Settings of the machine that may be changed while a virtual machine has a card, and what decides whether they can be.</summary>
/// <param name="Values">Those that this machine has.</param>
/// <param name="Online">CPUs that run.</param>
/// <param name="Cores">CPUs that share a core, a list for each core that has several.</param>
/// <param name="HasKvmfr">The module kvmfr is there for the running kernel; null when that is unknown.</param>
/// <param name="PowerDaemon">A service that sets governors by itself and runs; null where none does.</param>
/// <param name="Nodes">NUMA nodes of graphics functions, where the firmware tells them.</param>
public sealed record TunableSettings(
    [property: JsonPropertyName("values")] ImmutableArray<KnownSetting> Values,
    [property: JsonPropertyName("online")] string Online,
    [property: JsonPropertyName("cores")] ImmutableArray<string> Cores,
    [property: JsonPropertyName("has_kvmfr")] bool? HasKvmfr,
    [property: JsonPropertyName("power_daemon")] string? PowerDaemon,
    [property: JsonPropertyName("nodes")] ImmutableArray<NumaPlace> Nodes)
{
    public static TunableSettings None { get; } = new([], "", [], false, null, []);

    /// <summary>Null where this machine has no such setting.</summary>
    public string? ValueOf(HostSetting setting) => Values.FirstOrDefault(known => known.Setting == setting)?.Value;

    public TunableSettings With(HostSetting setting, string value) =>
        this with { Values = [.. Values.Select(known => known.Setting == setting ? known with { Value = value } : known)] };
}

/// <param name="Node">Number of the node below /sys/devices/system/node.</param>
public sealed record NumaPlace(
    [property: JsonPropertyName("device")] PciAddress Device,
    [property: JsonPropertyName("node")] int Node);

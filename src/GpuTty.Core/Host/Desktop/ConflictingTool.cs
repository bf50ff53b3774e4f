using GpuTty.Host.Pci;
using GpuTty.Host.Settings;

namespace GpuTty.Host.Desktop;

/// <summary>Programs whose settings say that they move devices, or switch them off.</summary>
public enum MovingTool
{
    [JsonStringEnumMemberName("other")] Other,
    [JsonStringEnumMemberName("driverctl")] Driverctl,
    [JsonStringEnumMemberName("libvirt")] Libvirt,
    [JsonStringEnumMemberName("supergfxd")] Supergfxd,
    [JsonStringEnumMemberName("asusd")] Asusd,
    [JsonStringEnumMemberName("cardwire")] Cardwire,
    [JsonStringEnumMemberName("proxmox")] Proxmox,
    [JsonStringEnumMemberName("envycontrol")] Envycontrol,
    /// <summary>No program: a switch in the firmware of ASUS's laptops.</summary>
    [JsonStringEnumMemberName("asus-firmware")] AsusFirmware,
}

/// <summary>Another program that moves a device by itself, as its own settings say.</summary>
/// <param name="Device">The function; null for every card that is not the processor's own graphics.</param>
/// <param name="What">What it does, as a sentence without its end: <c>driverctl gives 01:00.0 to vfio-pci at each boot</c>.</param>
/// <param name="Remedy">How the two get along.</param>
public sealed record ConflictingTool(
    [property: JsonPropertyName("device")] PciAddress? Device,
    [property: JsonPropertyName("what")] string What,
    [property: JsonPropertyName("remedy")] string Remedy)
{
    [JsonPropertyName("tool")] public MovingTool Tool { get; init; }

    /// <summary>What brings the card back that it has switched off, so that it is not on the bus: <c>supergfxctl --mode Hybrid, then log
    /// out</c>. Null where it has switched none off.</summary>
    [JsonPropertyName("switch_on"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? SwitchOn { get; init; }

    /// <summary>False for what only keeps a card off the bus: what is there it leaves alone.</summary>
    [JsonIgnore] public bool Moves => Tool is not (MovingTool.Envycontrol or MovingTool.AsusFirmware);

    /// <summary>Where its settings say so; null where that is not known.</summary>
    [JsonPropertyName("where")] public SourceLine? Where { get; init; }
}

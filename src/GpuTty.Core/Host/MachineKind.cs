namespace GpuTty.Host;

/// <summary>Who makes the processor: the IOMMU's name and its kernel parameters go with it.</summary>
public enum ProcessorMaker
{
    [JsonStringEnumMemberName("unknown")] Unknown,
    [JsonStringEnumMemberName("intel")] Intel,
    [JsonStringEnumMemberName("amd")] Amd,
    [JsonStringEnumMemberName("arm")] Arm,
    [JsonStringEnumMemberName("other")] Other,
}

/// <summary>What Linux runs on: the machine itself, a virtual machine, Windows' WSL, or Xen, as its control domain (dom0).</summary>
public enum Platform
{
    [JsonStringEnumMemberName("unknown")] Unknown,
    [JsonStringEnumMemberName("hardware")] Hardware,
    [JsonStringEnumMemberName("guest")] Guest,
    [JsonStringEnumMemberName("wsl")] Wsl,
    [JsonStringEnumMemberName("xen-control-domain")] XenControlDomain,
}

/// <summary>The case, as far as it decides whether a card can be moved to another slot. Compact: mini PCs, sticks, all-in-ones.</summary>
public enum Chassis
{
    [JsonStringEnumMemberName("unknown")] Unknown,
    [JsonStringEnumMemberName("desktop")] Desktop,
    [JsonStringEnumMemberName("portable")] Portable,
    [JsonStringEnumMemberName("compact")] Compact,
    [JsonStringEnumMemberName("server")] Server,
}

/// <summary>What kind of machine this is, so that a remedy is one that can be followed here.</summary>
public sealed record MachineKind(
    [property: JsonPropertyName("processor")] ProcessorMaker Processor,
    [property: JsonPropertyName("platform")] Platform Platform,
    [property: JsonPropertyName("chassis")] Chassis Chassis)
{
    public static readonly MachineKind Unknown = new(ProcessorMaker.Unknown, Platform.Unknown, Chassis.Unknown);

    /// <summary>Cards can be moved to another slot, or added; null where the case is not known.</summary>
    public bool? HasSlots => Chassis switch
    {
        Chassis.Unknown => null,
        Chassis.Desktop or Chassis.Server => true,
        _ => false,
    };
}

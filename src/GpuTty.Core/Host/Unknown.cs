namespace GpuTty.Host;

/// <summary>What a missing fact is about: the stable word for scripts, and what a plan can ask for.</summary>
public enum UnknownFact
{
    [JsonStringEnumMemberName("pci-devices")] PciDevices,
    [JsonStringEnumMemberName("device-ids")] DeviceIds,
    [JsonStringEnumMemberName("device-names")] DeviceNames,
    [JsonStringEnumMemberName("device-modules")] DeviceModules,
    [JsonStringEnumMemberName("iommu-groups")] IommuGroups,
    [JsonStringEnumMemberName("modules")] Modules,
    [JsonStringEnumMemberName("holders")] Holders,
    [JsonStringEnumMemberName("sessions")] Sessions,
    [JsonStringEnumMemberName("display-manager")] DisplayManager,
    [JsonStringEnumMemberName("units")] Units,
    [JsonStringEnumMemberName("desktop-settings")] DesktopSettings,
    [JsonStringEnumMemberName("original-state")] OriginalState,
}

/// <summary>A fact that could not be told, so that nothing is guessed from it.</summary>
/// <param name="Code">What it is about.</param>
/// <param name="Fact">What is missing: <c>device names</c>.</param>
/// <param name="Reason">Why, in one sentence: <c>lspci is not installed.</c></param>
public sealed record Unknown(UnknownFact Code, string Fact, string Reason);

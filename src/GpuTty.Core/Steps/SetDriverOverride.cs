using GpuTty.Host;
using GpuTty.Host.Pci;

namespace GpuTty.Steps;

/// <summary>
/// Sets driver_override: from now on only that driver can take the function. Changes nothing about the driver bound now
/// (Documentation/ABI/testing/sysfs-bus-pci), so it comes first: if it is refused, nothing else has been touched.
/// </summary>
/// <param name="Old">What the override was; null when unset.</param>
/// <param name="New">What it becomes; null to clear it.</param>
public sealed record SetDriverOverride(
    [property: JsonPropertyName("device")] PciAddress Device,
    [property: JsonPropertyName("old")] string? Old,
    [property: JsonPropertyName("new")] string? New) : Step
{
    public override string Code() => "set-driver-override";
    public override string Describe() => New is null ? $"Clear the driver override of {Device.ShortName}"
        : New == PlaceholderDrivers.NoDriver
            ? $"Keep {Device.ShortName} without a driver (driver_override)"
            : $"Reserve {Device.ShortName} for {New} (driver_override)";
    public override string Command() => $"echo {New ?? "\"\""} > /sys/bus/pci/devices/{Device}/driver_override";
    public override PciAddress? RequiredDevice() => Device;
    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) => [SnapshotPart.Device(Device)];
    public override bool TouchesPci() => true;
    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => host.SetDriverOverrideAsync(Device, New, cancel);
    protected override bool Shows(HostSnapshot host) => host.Find(Device) is { } device && device.DriverOverride == New;
    public override Step Undo() => new SetDriverOverride(Device, New, Old);
}

using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;

namespace GpuTty.Steps;

/// <summary>
/// Has the kernel forget a function that has no driver (Documentation/ABI/testing/sysfs-bus-pci, remove).
/// Only a look at the bus brings it back; while the bridge above does not answer, it must not be done at all.
/// </summary>
/// <param name="Bridge">Right above it; null on a root bus.</param>
public sealed record RemoveDevice(
    [property: JsonPropertyName("device")] PciAddress Device,
    [property: JsonPropertyName("bridge")] PciAddress? Bridge) : Step
{
    public override string Code() => "remove-device";
    public override string Describe() => $"Have the kernel forget {Device.ShortName}";
    public override string Command() => $"echo 1 > /sys/bus/pci/devices/{Device}/remove";

    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) => [SnapshotPart.Device(Device)];

    protected override IEnumerable<SnapshotPart> AllowedBy(HostSnapshot host) =>
        [SnapshotPart.Holders, .. Bridge is { } bridge ? (SnapshotPart[])[SnapshotPart.Device(bridge)] : []];

    public override bool TouchesPci() => true;
    public override TimeSpan Limit() => TimeSpan.FromSeconds(20);
    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => host.RemoveDeviceAsync(Device, cancel);
    protected override bool Shows(HostSnapshot host) => host.Find(Device) is null;

    protected override string? Gate(HostSnapshot host) =>
        host.Find(Device) is { Driver: { } driver } ? $"{Device.ShortName} is bound to {driver}"
        : host.HoldersOf(Device).ToList() is { Count: > 0 } holders ? $"held by {Holder.Names(holders)}"
        : RescanBus.Asleep(host, Bridge);

    protected override string Lacks(HostSnapshot host) => $"{Device.ShortName} is still there";
    public override Step Undo() => new RescanBus([Device], Bridge);
}

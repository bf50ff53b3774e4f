using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;

namespace GpuTty.Steps;

/// <summary>
/// Resets a function in one way of those that the kernel offers for it, and leaves the list of ways as it was
/// (Documentation/ABI/testing/sysfs-bus-pci, reset and reset_method). Nothing shows that it has happened but the write that succeeds.
/// </summary>
/// <param name="Methods">The list as it was.</param>
public sealed record ResetFunction(
    [property: JsonPropertyName("device")] PciAddress Device,
    [property: JsonPropertyName("method")] string Method,
    [property: JsonPropertyName("methods")] string Methods) : Step
{
    public override string Code() => "reset-function";
    public override string Describe() => $"Reset {Device.ShortName} ({Method})";

    public override string Command() =>
        $"echo {Method} > /sys/bus/pci/devices/{Device}/reset_method\necho 1 > /sys/bus/pci/devices/{Device}/reset\n"
        + $"echo {Methods} > /sys/bus/pci/devices/{Device}/reset_method";

    public override PciAddress? RequiredDevice() => Device;
    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) => [SnapshotPart.Device(Device)];
    protected override IEnumerable<SnapshotPart> AllowedBy(HostSnapshot host) => [SnapshotPart.Holders, SnapshotPart.NodesOf(Device)];
    public override bool TouchesPci() => true;
    public override TimeSpan Limit() => TimeSpan.FromSeconds(30);
    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => host.ResetAsync(Device, Method, Methods, cancel);

    protected override string? Gate(HostSnapshot host) => NotIdle(host, Device);

    protected override bool Shows(HostSnapshot host) => host.Find(Device) is { HasFallenOffTheBus: false };
    public override bool IsProvenByItsCommand() => true;
    protected override string Lacks(HostSnapshot host) => $"{Device.ShortName} does not answer after it";
    public override Step? Undo() => null;
    public override bool NeedsNoUndo() => true;

    /// <summary>Why a function is not with vfio-pci and unused; null where it is.</summary>
    internal static string? NotIdle(HostSnapshot host, PciAddress device) =>
        host.Find(device) is not { IsOnVfio: true } ? $"{device.ShortName} is not with vfio-pci"
        : host.HoldersOf(device).ToList() is { Count: > 0 } holders ? $"held by {Holder.Names(holders)}" : null;
}

using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;

namespace GpuTty.Steps;

/// <summary>The last proof before a virtual machine: nothing in the group but
/// vfio, bridges and functions without a driver, and its node exists.</summary>
public sealed record CheckGroup([property: JsonPropertyName("device")] PciAddress Device) : Step
{
    public override string Code() => "check-iommu-group";
    public override string Describe() => $"Check that the whole IOMMU group of {Device.SlotName} is free for the VM";
    public override string Command() => "";
    public override PciAddress? RequiredDevice() => Device;

    /// <summary>The group with all who are in it; which those are is not known before the function is.</summary>
    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) => host.Find(Device) is { IommuGroup: { } number } device
        ? [
            SnapshotPart.Device(Device),
            SnapshotPart.NodesOf(Device),
            SnapshotPart.Group(number),
            .. host.GroupOf(device)?.Members.Select(SnapshotPart.Device) ?? [],
        ]
        : [SnapshotPart.Device(Device)];

    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => Task.CompletedTask;

    protected override bool Shows(HostSnapshot host) =>
        host.Find(Device) is { IsOnVfio: true } device
        && device.Nodes.Any(node => node.Kind == NodeKind.Vfio)
        && !ForeignMembers(host).Any();

    protected override string Lacks(HostSnapshot host) =>
        ForeignMembers(host).FirstOrDefault() is { } stranger ? $"{stranger.Address.ShortName} is bound to {stranger.Driver}"
        : $"no node below /dev/vfio for {Device.ShortName} yet";

    public override Step? Undo() => null;
    public override bool NeedsNoUndo() => true;

    private IEnumerable<PciDevice> ForeignMembers(HostSnapshot host) =>
        host.Find(Device)?.IommuGroup is not { } group ? []
        : host.Devices.Where(other => other.IommuGroup == group && !other.IsBridge && !other.LeavesGroupViable);
}

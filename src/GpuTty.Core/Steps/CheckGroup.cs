using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;

namespace GpuTty.Steps;

/// <summary>The last proof before a virtual machine: nothing in the groups of the card but
/// vfio, bridges and functions without a driver, and the node of each exists.</summary>
public sealed record CheckGroup([property: JsonPropertyName("device")] PciAddress Device) : Step
{
    public override string Code() => "check-iommu-group";
    public override string Describe() => $"Check that the whole IOMMU group of {Device.SlotName} is free for the VM";
    public override string Command() => "";
    public override PciAddress? RequiredDevice() => Device;

    /// <summary>The groups with all who are in them; which those are is not known before the functions are.</summary>
    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) =>
    [
        SnapshotPart.Device(Device),
        .. FirstOfGroups(host).SelectMany(function => (SnapshotPart[])
        [
            SnapshotPart.Device(function.Address),
            SnapshotPart.NodesOf(function.Address),
            SnapshotPart.Group(function.IommuGroup!.Value),
            .. host.GroupOf(function)?.Members.Select(SnapshotPart.Device) ?? [],
        ]),
    ];

    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => Task.CompletedTask;

    protected override bool Shows(HostSnapshot host) =>
        host.Find(Device) is { } device && IsReady(device) && FirstOfGroups(host).All(IsReady) && !ForeignMembers(host).Any();

    protected override string Lacks(HostSnapshot host) =>
        ForeignMembers(host).FirstOrDefault() is { } stranger ? $"{stranger.Address.ShortName} is bound to {stranger.Driver}"
        : $"no node below /dev/vfio for {(FirstOfGroups(host).FirstOrDefault(f => !IsReady(f))?.Address ?? Device).ShortName} yet";

    public override Step? Undo() => null;
    public override bool NeedsNoUndo() => true;

    private static bool IsReady(PciDevice function) =>
        function.IsOnVfio && function.Nodes.Any(node => node.Kind == NodeKind.Vfio);

    /// <summary>One function of the card for each group: sound may have a group of its own.</summary>
    private IEnumerable<PciDevice> FirstOfGroups(HostSnapshot host) =>
        (Card.FindAt(host, Device)?.Functions ?? (host.Find(Device) is { } alone ? [alone] : []))
            .Where(f => f.IommuGroup is not null).DistinctBy(f => f.IommuGroup);

    private IEnumerable<PciDevice> ForeignMembers(HostSnapshot host)
    {
        var groups = FirstOfGroups(host).Select(f => f.IommuGroup).ToHashSet();
        return host.Devices.Where(other =>
            other.IommuGroup is not null && groups.Contains(other.IommuGroup) && !other.IsBridge && !other.LeavesGroupViable);
    }
}

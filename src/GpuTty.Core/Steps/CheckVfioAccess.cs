using GpuTty.Host;
using GpuTty.Host.Pci;

namespace GpuTty.Steps;

/// <summary>After the bind: the nodes are there, and have the owner that
/// was wanted. What another rule has made of them is set right.</summary>
public sealed record CheckVfioAccess([property: JsonPropertyName("access")] VfioAccess Access) : Step
{
    public override string Code() => "check-vfio-user";
    public override string Describe() => $"Check that {Access.Owner.Name} can open the vfio node of {Access.Slot.SlotName}";
    public override string Command() => "";
    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) => new AllowVfio(Access).VerifiedBy(host);
    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => host.AllowVfioAsync(Access, cancel);
    protected override bool Shows(HostSnapshot host) => AllowVfio.Nodes(host, Access).Any() && new AllowVfio(Access).HasHappened(host);

    protected override string Lacks(HostSnapshot host) =>
        AllowVfio.Nodes(host, Access).Any() ? new AllowVfio(Access).PendingReason(host) : $"/dev/vfio/{Access.Group} is not there yet";

    public override Step? Undo() => null;
    public override bool NeedsNoUndo() => true;
}

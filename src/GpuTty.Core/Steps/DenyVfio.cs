using GpuTty.Host;
using GpuTty.Host.Pci;

namespace GpuTty.Steps;

/// <summary>The rule goes; nodes that are still there belong to root again.</summary>
public sealed record DenyVfio([property: JsonPropertyName("access")] VfioAccess Access) : Step
{
    public override string Code() => "deny-vfio-user";
    public override string Describe() => $"Give the vfio node of {Access.Slot.SlotName} back to root";
    public override string Command() => $"rm /run/{VfioAccess.Folder}/{Access.FileName}\nudevadm control --reload";
    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) => new AllowVfio(Access).VerifiedBy(host);
    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => host.DenyVfioAsync(Access, cancel);

    protected override bool Shows(HostSnapshot host) =>
        !host.VfioAccesses.Contains(Access) && !AllowVfio.Nodes(host, Access).Any(node => AllowVfio.IsOwned(node, Access))
        && (host.VfioAccesses.Length > 0 || host.Vfio.IommuOwner != AllowVfio.Owned(Access));

    protected override string Lacks(HostSnapshot host) => "its node still has the other owner";
    public override Step Undo() => new AllowVfio(Access);
}

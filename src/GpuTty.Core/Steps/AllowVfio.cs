using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;

namespace GpuTty.Steps;

/// <summary>Lets a user open vfio's nodes of a card. Before the bind, so that nobody ever meets a node with another owner.</summary>
public sealed record AllowVfio([property: JsonPropertyName("access")] VfioAccess Access) : Step
{
    public override string Code() => "allow-vfio-user";
    public override string Describe() => $"Let {Access.Owner.Name} open the vfio node of {Access.Slot.SlotName}";
    public override string Command() => $"write /run/{VfioAccess.Folder}/{Access.FileName}\nudevadm control --reload";

    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) =>
        [SnapshotPart.SeatRules, .. Functions(host, Access).Select(function => SnapshotPart.NodesOf(function.Address))];

    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => host.AllowVfioAsync(Access, cancel);

    /// <summary>Nodes that are there already have their new owner; those that will be are made with it.</summary>
    protected override bool Shows(HostSnapshot host) =>
        host.VfioAccesses.Contains(Access) && Nodes(host, Access).All(node => IsOwned(node, Access)) && IsIommuOwned(host);

    protected override string Lacks(HostSnapshot host) =>
        $"{Nodes(host, Access).FirstOrDefault(node => !IsOwned(node, Access))?.Path ?? "the rule"} is not theirs yet";

    public override Step Undo() => new DenyVfio(Access);

    /// <summary>One node for all cards (iommufd): where somebody else has another card, it may be theirs.</summary>
    private bool IsIommuOwned(HostSnapshot host) =>
        host.Vfio.IommuOwner is not { } owner || host.VfioAccesses.Any(other => other.Owner != Access.Owner) || owner == Owned(Access);

    internal static IEnumerable<PciDevice> Functions(HostSnapshot host, VfioAccess access) =>
        host.Devices.Where(device => device.IommuGroup == access.Group && device.Address.SharesSlotWith(access.Slot));

    internal static IEnumerable<DeviceNode> Nodes(HostSnapshot host, VfioAccess access) =>
        Functions(host, access)
            .SelectMany(function => function.Nodes)
            .Where(node => node.Kind == NodeKind.Vfio
                && (node.Path == $"/dev/vfio/{access.Group}" || node.Path.StartsWith("/dev/vfio/devices/", StringComparison.Ordinal)))
            .Distinct();

    internal static bool IsOwned(DeviceNode node, VfioAccess access) =>
        node.Owner == Owned(access);

    internal static NodeOwner Owned(VfioAccess access) => new(access.Owner.Uid ?? 0, access.Owner.Gid ?? 0, access.Mode);
}

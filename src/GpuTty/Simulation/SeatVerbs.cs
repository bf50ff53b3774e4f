using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;

namespace GpuTty.Simulation;

/// <summary>Seat rules: whoever looks for screens later does not find the card. Who has it open keeps it.</summary>
internal static class SeatVerbs
{
    public static Machine HideFromSeat(Machine machine, SeatRule rule) =>
        machine.HiddenFromSeat.Contains(rule) ? machine : Tagged(machine with { HiddenFromSeat = machine.HiddenFromSeat.Add(rule) });

    public static Machine AllowDesktop(Machine machine, SeatRule rule) =>
        Tagged(machine with { HiddenFromSeat = machine.HiddenFromSeat.Remove(rule) });

    public static Machine Pin(Machine machine, GlDriverAllowList pin) =>
        machine.Pinned.Contains(pin) ? machine : machine with { Pinned = machine.Pinned.Add(pin) };

    public static Machine Unpin(Machine machine, GlDriverAllowList pin) => machine with { Pinned = machine.Pinned.Remove(pin) };

    public static Machine AllowVfio(Machine machine, VfioAccess access) =>
        Tagged(machine with { VfioAccesses = [.. machine.VfioAccesses.Where(other => other.Group != access.Group), access] });

    public static Machine DenyVfio(Machine machine, VfioAccess access) =>
        Tagged(machine with { VfioAccesses = machine.VfioAccesses.Remove(access) });

    /// <summary>vfio brings it along; the last rule that was written counts.</summary>
    public static NodeOwner? IommuOwner(Machine machine) => machine.FindDriver(VfioSupport.Driver) is null ? null
        : machine.VfioAccesses is [.., var last] ? OwnerOf(last) : new NodeOwner(0, 0, 0b110_110_000);

    private static NodeOwner OwnerOf(Machine machine, PciDevice device) =>
        machine.VfioAccesses.FirstOrDefault(access => access.Group == device.IommuGroup) is { } access
            ? OwnerOf(access)
            : new(0, 0, 0b110_000_000);

    private static NodeOwner OwnerOf(VfioAccess access) => new(access.Owner.Uid ?? 0, access.Owner.Gid ?? 0, access.Mode);

    public static bool IsKeptOff(this Machine machine, PciDevice device) => machine.HiddenFromSeat.Any(rule => rule.Matches(device));

    /// <summary>What udev's database says of each card node.</summary>
    public static Machine Tagged(Machine machine) => machine.Fold(machine.Devices, (m, device) => m.With(device with
    {
        Nodes = [.. device.Nodes.Select(node =>
            node.Kind == NodeKind.Card ? node with { IsOnSeat = !m.IsKeptOff(device), IsOffSeatByRule = m.IsKeptOff(device) }
            : node.Kind == NodeKind.Vfio ? node with { Owner = OwnerOf(m, device) } : node)],
    }));
}

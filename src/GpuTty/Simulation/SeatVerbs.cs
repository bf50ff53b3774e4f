using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;

namespace GpuTty.Simulation;

/// <summary>Seat rules: whoever looks for screens later does not find the card. Who has it open keeps it.</summary>
internal static class SeatVerbs
{
    public static Machine HideFromSeat(Machine machine, SeatRule rule) =>
        machine.HiddenFromSeat.Contains(rule) ? machine : Tagged(machine with { HiddenFromSeat = machine.HiddenFromSeat.Add(rule) });

    public static Machine AllowDesktop(Machine machine, SeatRule rule) => Tagged(machine with { HiddenFromSeat = machine.HiddenFromSeat.Remove(rule) });

    public static Machine Pin(Machine machine, GlDriverAllowList pin) => machine.Pinned.Contains(pin) ? machine : machine with { Pinned = machine.Pinned.Add(pin) };

    public static Machine Unpin(Machine machine, GlDriverAllowList pin) => machine with { Pinned = machine.Pinned.Remove(pin) };

    public static bool IsKeptOff(this Machine machine, PciDevice device) => machine.HiddenFromSeat.Any(rule => rule.Matches(device));

    /// <summary>What udev's database says of each card node.</summary>
    public static Machine Tagged(Machine machine) => machine.Fold(machine.Devices, (m, device) => m.With(device with
    {
        Nodes = [.. device.Nodes.Select(node => node.Kind == NodeKind.Card ? node with { IsOnSeat = !m.IsKeptOff(device), IsOffSeatByRule = m.IsKeptOff(device) } : node)],
    }));
}

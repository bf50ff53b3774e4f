using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Steps;

namespace GpuTty.Planning.Plans;

/// <summary>
/// What an undo puts back exactly as it was: the rules, pins and the override that the run had replaced, permanent ones as permanent
/// ones.
/// </summary>
internal static class Restoring
{
    /// <summary>In the order in which they are done; without those that are so already.</summary>
    public static ImmutableArray<Step> Of(HostSnapshot host, SwitchIntent intent) =>
        [.. intent.Restores.Where(step => !step.HasHappened(host))];

    /// <summary>The part that decides whether a desktop may open the card.</summary>
    public static ImmutableArray<Step> Rules(HostSnapshot host, SwitchIntent intent) =>
        [.. Of(host, intent).Where(step => step is HideFromSeat or AllowDesktop)];

    /// <summary>True where, after these steps, a rule keeps the desktop off the device.</summary>
    public static bool IsKeptOffAfter(HostSnapshot host, PciDevice device, IEnumerable<Step> rules) => rules
        .Aggregate(host.HiddenFromSeat.AsEnumerable(), (kept, step) => step switch
        {
            HideFromSeat on => kept.Append(on.Rule),
            AllowDesktop off => kept.Where(rule => rule != off.Rule),
            _ => kept,
        })
        .Any(rule => rule.Matches(device));
}

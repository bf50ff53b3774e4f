using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Steps;

namespace GpuTty.Planning.Plans;

/// <summary>What is done to a card once vfio-pci has it and before a virtual
/// machine does: its firmware is saved, its functions are reset.</summary>
internal static class ResetPlan
{
    public static IEnumerable<Step> Steps(Card card, SwitchIntent intent) =>
    [
        .. intent is { IsUndo: false, SaveFirmware: { } path } ? (Step[])[new SaveFirmware(card.Address, path)] : [],
        .. intent is { IsUndo: false, ResetMethod: { } method }
            ? card.Functions.Where(function => function.ResetMethods.Contains(method))
                .Select(function => new ResetFunction(function.Address, method, string.Join(' ', function.ResetMethods)))
            : [],
    ];

    public static IEnumerable<Obstacle> Obstacles(HostSnapshot host, Card card, SwitchIntent intent)
    {
        if (intent is not { IsUndo: false, ResetMethod: { } method }) yield break;
        if (!card.Display.ResetMethods.Contains(method)) yield return new Obstacle.NoSuchReset(card.Display, method);
        else if (method is "bus" or "cxl_bus" && ResetMeaning.Neighbours(host, card) is { Length: > 0 } neighbours)
            yield return new Obstacle.ResetHitsOthers(card.Display, method, neighbours[0]);
    }

    /// <summary>Nothing of it is needed where a card is with vfio-pci already and neither was asked for.</summary>
    public static bool IsWanted(SwitchIntent intent) =>
        intent is { IsUndo: false } and ({ ResetMethod: not null } or { SaveFirmware: not null });
}

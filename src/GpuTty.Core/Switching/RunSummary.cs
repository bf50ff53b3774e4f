using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Steps;
using GpuTty.Text;

namespace GpuTty.Switching;

/// <summary>The last sentence of a run.</summary>
internal static class RunSummary
{
    public static string Switched(SwitchPlan plan, HostSnapshot seen)
    {
        var card = Card.FindAt(seen, plan.Intent.Card);
        var slot = plan.Intent.Card.SlotName;
        return plan.Intent.Direction switch
        {
            Direction.ToVm => $"Card {slot} is on vfio-pci and ready for a virtual machine{Group(card)}.",
            Direction.ToHost => $"Card {slot} is back on the host{Driver(card)}.",
            Direction.Pin => $"From the next login on, the desktop does not load the driver of card {slot}.",
            Direction.Unpin => "From the next login on, the desktop may load every installed graphics driver again.",
            Direction.SetOverride => $"{plan.Intent.Card.ShortName} has its driver override again.",
            Direction.ClearOverride => $"{plan.Intent.Card.ShortName} has no driver override any more.",
            Direction.Rescan =>
                $"The kernel has found {plan.Intent.Card.ShortName} "
                    + $"anew{(seen.Find(plan.Intent.Card)?.Driver is { } found ? $" ({found})" : "; it has no driver")}.",
            Direction.HideFromSeat => $"The desktop is kept off card {slot}.",
            _ => $"The desktop may use card {slot} again.",
        };
    }

    private static string Group(Card? card) => card?.Display.IommuGroup is { } group ? $" (group {group})" : "";

    private static string Driver(Card? card) =>
        card is null ? "" : card.Display.Driver is { } driver ? $" ({driver})" : "; its graphics function has no driver";

    /// <param name="begun">The steps that were begun.</param>
    public static string TakenBack(IEnumerable<Step> begun, StepFailure failure)
    {
        var closed = begun.Count(step => step is EndSession);
        return $"{failure.Problem} Everything has been rolled back"
            + (closed > 0
                ? $"; {Counted.Word(closed, "the session that was closed stays", "the sessions that were closed stay")} closed."
                : ".");
    }

    /// <summary>The only card could not come home whole, and what did stays there.</summary>
    public static string StillMissing(StepFailure failure, IEnumerable<string> missing) =>
        $"{failure.Problem} What has returned to the host stays there. This is still missing: {string.Join("; ", missing)}. "
            + $"{failure.Remedy}";

    public static string LeftHalfway(StepFailure failure, IReadOnlyList<string> left) =>
        $"{failure.Problem} {RunState.NotRolledBack} {string.Join("; ", left)}.{(failure.EndsPciWrites ? $" {failure.Remedy}" : "")}";
}

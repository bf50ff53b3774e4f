using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Steps;

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
            Direction.ToVm => $"Card {slot} is on vfio-pci and ready for a virtual machine{(card?.Display.IommuGroup is { } group ? $" (group {group})" : "")}.",
            Direction.ToHost => $"Card {slot} is back on the host{(card is null ? "" : card.Display.Driver is { } driver ? $" ({driver})" : "; its graphics function has no driver")}.",
            Direction.Pin => $"From the next login on the desktop leaves the driver of card {slot} alone.",
            Direction.Unpin => "From the next login on the desktop may ask every graphics driver again.",
            Direction.SetOverride => $"{plan.Intent.Card.ShortName} has its driver override again.",
            Direction.ClearAim => $"{plan.Intent.Card.ShortName} may take any driver again.",
            Direction.KeepOff => $"The desktop is kept off card {slot}.",
            _ => $"The desktop may use card {slot} again.",
        };
    }

    /// <param name="begun">The steps that were begun.</param>
    public static string TakenBack(IEnumerable<Step> begun, StepFailure failure)
    {
        var closed = begun.Count(step => step is EndSession);
        return $"{failure.Problem} Everything has been taken back"
            + (closed > 0 ? $"; {(closed == 1 ? "the session that was closed stays" : "the sessions that were closed stay")} closed." : ".");
    }

    /// <summary>The only card could not come home whole, and what did stays there.</summary>
    public static string StillMissing(StepFailure failure, IEnumerable<string> missing) =>
        $"{failure.Problem} What has come home stays there. This is still missing: {string.Join("; ", missing)}. {failure.Remedy}";

    public static string LeftHalfway(StepFailure failure, IReadOnlyList<string> left) =>
        $"{failure.Problem} This could not be taken back: {string.Join("; ", left)}.{(failure.EndsPciWrites ? $" {failure.Remedy}" : "")}";
}

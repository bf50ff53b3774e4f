using GpuTty.Host;
using GpuTty.Planning;
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
            Direction.ToHost => $"Card {slot} is back on the host{(card?.Display.Driver is { } driver ? $" ({driver})" : "")}.",
            Direction.KeepOff => $"The desktop is kept off card {slot}.",
            _ => $"The desktop may use card {slot} again.",
        };
    }

    public static string TakenBack(SwitchPlan plan, int failedAt, StepFailure failure)
    {
        var closed = plan.Steps.Take(failedAt + 1).Count(step => step is EndSession);
        return $"{failure.Problem} Everything has been taken back"
            + (closed > 0 ? $"; {(closed == 1 ? "the session that was closed stays" : "the sessions that were closed stay")} closed." : ".");
    }

    public static string LeftHalfway(StepFailure failure, IReadOnlyList<string> left) =>
        $"{failure.Problem} This could not be taken back: {string.Join("; ", left)}.";
}

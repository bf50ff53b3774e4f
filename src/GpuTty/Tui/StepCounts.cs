using GpuTty.Switching;
using GpuTty.Text;

namespace GpuTty.Tui;

/// <summary>How far a run is, in words: on the way there what is done, on the way back what has been rolled back of it.</summary>
internal static class StepCounts
{
    /// <summary><c>7 of 18 steps done</c>.</summary>
    public static string Brief(RunState run)
    {
        if (!run.IsTakingBack) return $"{Done(run)} of {Counted.Of(run.Steps.Length, "step")} done";
        return $"{Back(run)} of {Counted.Of(ToGoBack(run), "step")} rolled back";
    }

    /// <summary><c>12 of 18 steps were done</c>, and how many of them were rolled back.</summary>
    public static string Sentence(RunState run)
    {
        var done = Done(run) + Back(run) + run.Steps.Count(step => step.Status == StepStatus.NotTakenBack);
        var back = Back(run);
        return $"{done} of {Counted.Of(run.Steps.Length, "step")} {Counted.Word(done, "was", "were")} done"
            + (back == 0 ? "" : $", {back} of them {Counted.Word(back, "was", "were")} rolled back");
    }

    private static int Done(RunState run) => run.Steps.Count(step => step.Status == StepStatus.Done);

    private static int Back(RunState run) => run.Steps.Count(step => step.Status == StepStatus.TakenBack);

    /// <summary>What has been rolled back, could not be, or still has to be.</summary>
    private static int ToGoBack(RunState run) =>
        run.Steps.Count(step => step.Status is StepStatus.TakenBack or StepStatus.NotTakenBack
            || (step.Status == StepStatus.Done && step.Step.Undo() is not null));
}

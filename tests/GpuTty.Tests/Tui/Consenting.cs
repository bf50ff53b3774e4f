using GpuTty.Planning.Plans;
using GpuTty.Steps;
using GpuTty.Switching;

namespace GpuTty.Tests.Tui;

/// <summary>A switch that waits for somebody to say that it is kept.</summary>
internal static class Consenting
{
    private static readonly SwitchPlan s_plan = ((PlanResult.Ready)SwitchPlanner.Plan(DesktopMachine.Idle,
        new SwitchIntent(DesktopMachine.Big, Direction.ToVm, EndSessions: true) { ConfirmWithin = TimeSpan.FromSeconds(60) })).Plan;

    public static int Step { get; } = s_plan.Steps.ToList().FindIndex(each => each is AwaitConsent);

    public static Play Asked { get; } = Play.At(DesktopMachine.Idle).Type("vS\n\ny\e").Report(
    [
        (RunEvent.Opened)Runs.Opened with { Intent = s_plan.Intent, Steps = s_plan.Steps },
        .. Enumerable.Range(
            0, Step).SelectMany(done =>
                (RunEvent[])[Begun(done), new RunEvent.Done(done, TimeSpan.FromSeconds(1)) { At = Runs.Opened.At }]),
        Begun(Step),
    ]);

    private static RunEvent.Begun Begun(int step) => new(step, s_plan.Steps[step].Limit()) { At = Runs.Opened.At };
}

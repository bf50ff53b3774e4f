using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Steps;
using GpuTty.Switching;

namespace GpuTty.Tests.Tui;

/// <summary>Journals of runs on the desktop machine, event by event.</summary>
internal static class Runs
{
    private static readonly DateTimeOffset s_start = DesktopMachine.Idle.TakenAt;

    public static SwitchPlan Plan { get; } =
        ((PlanResult.Ready)SwitchPlanner.Plan(
            DesktopMachine.Idle, new SwitchIntent(DesktopMachine.Big, Direction.ToVm, EndSessions: true))).Plan;

    public static RunEvent Opened { get; } = new RunEvent.Opened(
        RunEvent.Opened.CurrentSchema,
        DesktopMachine.Idle.BootId,
        9,
        Plan.Intent,
        Owner.HostDriver,
        Plan.DesktopImpact,
        Plan.Risk,
        Plan.Steps,
        Plan.Consequences)
    { At = s_start };

    /// <summary>The index of the first step of a kind.</summary>
    public static int Of<T>() where T : Step => Plan.Steps.ToList().FindIndex(step => step is T);

    /// <summary>The journal up to the begin of a step.</summary>
    public static RunEvent[] Until(int step) =>
    [
        Opened,
        .. Enumerable.Range(
            0, step).SelectMany(done =>
                (RunEvent[])[Begun(done), new RunEvent.Done(done, TimeSpan.FromSeconds(0.1 + (done % 5 * 0.4))) { At = At(done) }]),
        Begun(step),
    ];

    /// <summary>A module does not let go, and what was done is rolled back.</summary>
    public static RunEvent[] TakenBack { get; } =
    [
        .. Until(Of<UnloadModule>()),
        new RunEvent.Failed(
            Of<UnloadModule>(),
            "\"Unload module nvidia_drm\" did not succeed within 15 seconds: waiting for 1 reference, held by ollama (4711).",
            "End ollama (4711), then try again.")
        {
            At = At(20),
        },
        new RunEvent.TakingBack("\"Unload module nvidia_drm\" did not succeed within 15 seconds.") { At = At(20) },
        .. Enumerable.Range(0, Of<UnloadModule>() + 1)
            .Reverse()
            .Where(step => Plan.Steps[step].Undo() is not null)
            .Select(step => new RunEvent.TakenBack(step) { At = At(21) }),
        new RunEvent.Closed(
            Outcome.TakenBack,
            "\"Unload module nvidia_drm\" did not succeed within 15 seconds: waiting for 1 reference, held by ollama (4711). "
                + "Everything has been rolled back; the session that was closed stays closed.")
        {
            At = At(22),
        },
    ];

    public static RunEvent[] LeftHalfway { get; } =
    [
        .. TakenBack[..^2],
        new RunEvent.NotTakenBack(0, "The disk is full.", "Make room, then press u.") { At = At(22) },
        new RunEvent.Closed(
            Outcome.LeftHalfway,
            "\"Unload module nvidia_drm\" did not succeed within 15 seconds. This could not be rolled back: Delete the saved state.")
        {
            At = At(22),
        },
    ];

    public static RunEvent[] Switched { get; } =
    [
        .. Until(Plan.Steps.Length - 1),
        new RunEvent.Done(Plan.Steps.Length - 1, TimeSpan.FromSeconds(3.4)) { At = At(30) },
        new RunEvent.Closed(Outcome.Switched, "Card 01:00 is on vfio-pci and ready for a virtual machine (group 13).") { At = At(30) },
    ];

    private static RunEvent.Begun Begun(int step) => new(step, Plan.Steps[step].Limit()) { At = At(step) };

    private static DateTimeOffset At(int second) => s_start.AddSeconds(second);
}

using GpuTty.Host;
using GpuTty.Host.Desktop;

namespace GpuTty.Steps;

/// <summary>
/// An active display manager is not yet a desktop: waits for its login screen or session. If none comes, the desktop cannot
/// live without the card, and everything is rolled back.
/// </summary>
public sealed record AwaitDesktop : Step
{
    /// <summary>
    /// What starts it; null in older journals. A session of type tty counts only when this unit has started it: a login at another text
    /// console is no desktop.
    /// </summary>
    [JsonPropertyName("unit")]
    public UnitName? Unit { get; init; }

    public override string Code() => "wait-for-desktop";
    public override string Describe() => "Wait for the desktop";
    public override string Command() => "";
    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) => [SnapshotPart.Sessions];
    public override TimeSpan Limit() => TimeSpan.FromSeconds(90);
    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => Task.CompletedTask;
    protected override bool Shows(HostSnapshot host) => host.Sessions.Any(IsShown) || IsLoginScreen(host.DisplayManager);
    protected override string Lacks(HostSnapshot host) => "no login screen and no session yet";
    public override Step? Undo() => null;
    public override bool NeedsNoUndo() => true;

    private bool IsLoginScreen(DisplayManager? manager) =>
        manager is { HasLoginScreen: true, Unit.IsActive: true } && (Unit is null || Unit == manager.Unit.Name);

    /// <summary>One on the seat with the screens. A session of VNC or of another seat says nothing about this desktop.</summary>
    private bool IsShown(LoginSession session) =>
        session is { Seat: LoginSession.MainSeat, IsRemote: false, State: not "closing" }
        && !SessionClass.IsManager(session.Class) && !SessionClass.IsBackground(session.Class)
        && (session.IsGraphical || session.IsGreeter || (Unit is { Uid: null } unit && session.StartedBy == unit.Name));
}

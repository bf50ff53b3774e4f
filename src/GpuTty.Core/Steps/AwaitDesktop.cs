using GpuTty.Host;
using GpuTty.Host.Desktop;

namespace GpuTty.Steps;

/// <summary>
/// An active display manager is not yet a desktop: waits for its login screen or session. If none comes, the desktop cannot
/// live without the card, and everything is taken back.
/// </summary>
public sealed record AwaitDesktop : Step
{
    public override string Code() => "wait-for-desktop";
    public override string Describe() => "Wait for the desktop";
    public override string Command() => "";
    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) => [SnapshotPart.Sessions];
    public override TimeSpan Limit() => TimeSpan.FromSeconds(90);
    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => Task.CompletedTask;
    protected override bool Shows(HostSnapshot host) => host.Sessions.Any(IsShown);
    protected override string Lacks(HostSnapshot host) => "no login screen and no session yet";
    public override Step? Undo() => null;
    public override bool IsHarmless() => true;

    /// <summary>One on the seat with the screens. A session of VNC or of another seat says nothing about this desktop.</summary>
    private static bool IsShown(LoginSession session) =>
        session is { Seat: LoginSession.MainSeat, IsRemote: false, State: not "closing" }
        && !SessionClass.IsManager(session.Class) && !SessionClass.IsBackground(session.Class)
        && (session.IsGraphical || session.StartedBy is not null || session.IsGreeter);
}

using GpuTty.Host;

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
    public override Facts ProvenBy() => Facts.Desktop;
    public override TimeSpan Limit() => TimeSpan.FromSeconds(90);
    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => Task.CompletedTask;
    public override bool HasHappened(HostSnapshot host) => host.Sessions.Any(session => session.IsGraphical && session.State != "closing");
    public override string Missing(HostSnapshot host) => "no login screen and no session yet";
    public override Step? Undo() => null;
    public override bool IsHarmless() => true;
}

using GpuTty.Host;

namespace GpuTty.Steps;

/// <summary>Ends a graphical session through logind: what stopping the display manager does not always do.</summary>
/// <param name="Session">logind's id.</param>
/// <param name="Label">Who and what, for people.</param>
public sealed record EndSession(
    [property: JsonPropertyName("session")] string Session,
    [property: JsonPropertyName("label")] string Label) : Step
{
    public override string Code() => "end-session";
    public override string Describe() => $"End {Label}";
    public override string Command() => $"loginctl terminate-session {Session}";
    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) => [SnapshotPart.Sessions, SnapshotPart.Holders];

    /// <summary>Its scope is a unit, and is given as long as one.</summary>
    public override TimeSpan Limit() => StopUnit.Usual;

    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => host.EndSessionAsync(Session, cancel);

    /// <summary>
    /// A session that is "closing" has only stragglers left: programs that logind leaves alone when a login ends
    /// (logind.conf(5), KillUserProcesses=no), and ends when it is told to end the session. Those that hold no card are left alone.
    /// </summary>
    protected override bool Shows(HostSnapshot host) =>
        host.FindSession(Session) is not { } session
        || (session.State == "closing" && !host.Holders.Any(holder => holder.Session == Session));

    protected override string Lacks(HostSnapshot host) => $"session {Session} is {host.FindSession(Session)?.State}";
    public override Step? Undo() => null;
}

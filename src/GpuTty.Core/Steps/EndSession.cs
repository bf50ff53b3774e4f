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
    public override Facts ProvenBy() => Facts.Desktop;
    public override TimeSpan Limit() => TimeSpan.FromSeconds(60);
    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => host.EndSessionAsync(Session, cancel);

    /// <summary>A session that is "closing" has only stragglers left; <see cref="AwaitRelease"/> deals with those that hold the card.</summary>
    public override bool HasHappened(HostSnapshot host) => host.FindSession(Session) is null or { State: "closing" };

    public override string Missing(HostSnapshot host) => $"session {Session} is {host.FindSession(Session)?.State}";
    public override Step? Undo() => null;
}

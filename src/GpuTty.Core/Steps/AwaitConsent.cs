using GpuTty.Host;
using GpuTty.Text;

namespace GpuTty.Steps;

/// <summary>
/// The dead-man switch of a change that may leave its user without a screen: unless the change is confirmed in time,
/// everything is rolled back. No look at the machine can answer for a person.
/// </summary>
/// <param name="Within">How long they have.</param>
public sealed record AwaitConsent([property: JsonPropertyName("within")] TimeSpan Within) : Step
{
    /// <summary>Enough to notice a dark screen, find another way in and answer; short enough to wait for in the dark.</summary>
    public static TimeSpan Usual { get; } = TimeSpan.FromSeconds(60);

    public override string Code() => "wait-for-confirmation";
    public override string Describe() => "Wait for your confirmation";
    public override string Command() => "";
    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) => [];
    public override TimeSpan Limit() => Within;
    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => Task.CompletedTask;
    protected override bool Shows(HostSnapshot host) => false;
    public override bool AsksForConsent() => true;
    protected override string Lacks(HostSnapshot host) => "not confirmed yet";
    public override (string Problem, string Remedy) TimeoutMessage(TimeSpan limit, HostSnapshot host) =>
        ($"Not confirmed within {Counted.Seconds(limit)}.", "Try again, and answer with Enter on the screen or with: gputty confirm");
    public override Step? Undo() => null;
    public override bool NeedsNoUndo() => true;
}

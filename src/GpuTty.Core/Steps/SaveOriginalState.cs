using GpuTty.Host;

namespace GpuTty.Steps;

/// <summary>Keeps how the card was, so that it can go home in any later run of this boot.</summary>
public sealed record SaveOriginalState([property: JsonPropertyName("memory")] OriginalState Memory) : Step
{
    public override string Code() => "save-original-state";
    public override string Describe() => "Save the card's current state";
    public override string Command() => "# writes /run/gputty/home.json";
    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) => [SnapshotPart.OriginalState];
    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => host.RememberAsync(Memory, cancel);
    protected override bool Shows(HostSnapshot host) => host.Memory.Knows(Memory);
    public override Step Undo() => new DropOriginalState(Memory);
}

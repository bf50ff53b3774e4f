using GpuTty.Host;

namespace GpuTty.Steps;

/// <summary>Keeps how the card was, so that it can go home in any later run of this boot.</summary>
public sealed record SaveOriginalState([property: JsonPropertyName("memory")] OriginalState Memory) : Step
{
    /// <summary>What was remembered of the card already, as after a switch that was interrupted; null where nothing was.</summary>
    [JsonPropertyName("before")] public OriginalState? Before { get; init; }

    /// <summary>What this step adds, which goes again when it is rolled back.</summary>
    [JsonIgnore] public OriginalState Added => Before is null ? Memory : Memory.Without(Before);

    public override string Code() => "save-original-state";
    public override string Describe() => "Save the card's current state";
    public override string Command() => "# writes /run/gputty/home.json";
    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) => [SnapshotPart.OriginalState];
    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => host.RememberAsync(Memory, cancel);
    protected override bool Shows(HostSnapshot host) => host.Memory.Knows(Memory);
    public override Step Undo() => new DropOriginalState(Added);
}

using GpuTty.Host;
using GpuTty.Host.Desktop;

namespace GpuTty.Steps;

/// <summary>Drops what the user has said a card is for, so that it is asked again.</summary>
public sealed record ForgetUse([property: JsonPropertyName("use")] CardUse Use) : Step
{
    public override string Code() => "drop-card-role";
    public override string Describe() => $"Forget what {Use.Card.SlotName} is for";
    public override string Command() => "# writes /run/gputty/home.json";
    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) => [SnapshotPart.OriginalState];
    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) =>
        host.ForgetAsync(HomeMemory.Nothing with { Uses = [Use] }, cancel);
    protected override bool Shows(HostSnapshot host) => !host.Memory.Uses.Contains(Use);
    public override Step Undo() => new RememberUse(Use, null);
    public override bool IsHarmless() => true;
}

using GpuTty.Host;
using GpuTty.Host.Desktop;

namespace GpuTty.Steps;

/// <summary>Drops what the user has said a card is for, so that it is asked again.</summary>
public sealed record DropDesktopAccess([property: JsonPropertyName("use")] CardAccess Use) : Step
{
    public override string Code() => "drop-card-role";
    public override string Describe() => $"Delete the saved use of {Use.Card.SlotName}";
    public override string Command() => "# writes /run/gputty/home.json";
    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) => [SnapshotPart.OriginalState];
    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) =>
        host.ForgetAsync(OriginalState.Nothing with { Uses = [Use] }, cancel);
    protected override bool Shows(HostSnapshot host) => !host.Memory.Uses.Contains(Use);
    public override Step Undo() => new SaveDesktopAccess(Use, null);
    public override bool NeedsNoUndo() => true;
}

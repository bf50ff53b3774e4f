using GpuTty.Host;
using GpuTty.Host.Desktop;

namespace GpuTty.Steps;

/// <summary>Keeps what the user has said the card is for until the next boot.</summary>
/// <param name="Before">What was said earlier; null when nothing was.</param>
public sealed record SaveDesktopAccess(
    [property: JsonPropertyName("use")] CardAccess Use,
    [property: JsonPropertyName("before")] CardAccess? Before) : Step
{
    public override string Code() => "save-card-role";
    public override string Describe() =>
        $"Save what {Use.Card.SlotName} is used for: {(Use.Use == DesktopAccess.Allowed ? "monitors" : "compute and rendering")}";
    public override string Command() => "# writes /run/gputty/home.json";
    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) => [SnapshotPart.OriginalState];
    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) =>
        host.RememberAsync(OriginalState.Nothing with { Uses = [Use] }, cancel);
    protected override bool Shows(HostSnapshot host) => host.Memory.Uses.Contains(Use);
    public override Step Undo() => Before is null ? new DropDesktopAccess(Use) : new SaveDesktopAccess(Before, Use);
    public override bool NeedsNoUndo() => true;
}

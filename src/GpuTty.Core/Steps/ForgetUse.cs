using GpuTty.Host;
using GpuTty.Host.Desktop;

namespace GpuTty.Steps;

/// <summary>Drops what the user has said a card is for, so that it is asked again.</summary>
public sealed record ForgetUse([property: JsonPropertyName("use")] CardUse Use) : Step
{
    public override string Code() => "drop-card-role";
    public override string Describe() => $"Forget what {Use.Card.SlotName} is for";
    public override string Command() => "write /run/gputty/home.json";
    public override Facts ProvenBy() => Facts.State;
    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) =>
        host.ForgetAsync(HomeMemory.Nothing with { Uses = [Use] }, cancel);
    public override bool HasHappened(HostSnapshot host) => !host.Memory.Uses.Contains(Use);
    public override Step Undo() => new RememberUse(Use, null);
    public override bool IsHarmless() => true;
}

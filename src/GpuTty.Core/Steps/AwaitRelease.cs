using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;

namespace GpuTty.Steps;

/// <summary>The gate before anything is unbound: waits until no process has a node of the card open or mapped.</summary>
/// <param name="Card">Any function of the card.</param>
public sealed record AwaitRelease([property: JsonPropertyName("card")] PciAddress Card) : Step
{
    public override string Code() => "wait-for-release";
    public override string Describe() => $"Wait until nobody holds {Card.SlotName}";
    public override string Command() => "";
    public override Facts ProvenBy() => Facts.Holders;
    public override TimeSpan Limit() => TimeSpan.FromSeconds(15);
    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => Task.CompletedTask;
    public override bool HasHappened(HostSnapshot host) => !Remaining(host).Any();
    public override string Missing(HostSnapshot host) => $"held by {string.Join(", ", Remaining(host).Select(holder => holder.Label))}";
    public override Step? Undo() => null;
    public override bool IsHarmless() => true;

    private IEnumerable<Holder> Remaining(HostSnapshot host) =>
        host.Holders.Where(holder => holder.Nodes.Any(node => node.Device is { } device && device.SharesSlotWith(Card)));
}

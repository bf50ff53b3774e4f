using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;

namespace GpuTty.Steps;

/// <summary>The gate before anything is unbound: waits until no process has a node of the card open or mapped.</summary>
/// <param name="Card">Any function of the card.</param>
public sealed record AwaitRelease([property: JsonPropertyName("card")] PciAddress Card) : Step
{
    /// <summary>What the managers of those who end are given to end them; null where nobody is waited for but programs.</summary>
    [JsonPropertyName("within"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TimeSpan? Within { get; init; }

    public override string Code() => "wait-for-release";
    public override string Describe() => $"Wait until no process uses {Card.SlotName}";
    public override string Command() => "";
    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) => [SnapshotPart.Holders, SnapshotPart.Nodes];
    public override TimeSpan Limit() => Within ?? TimeSpan.FromSeconds(15);
    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => Task.CompletedTask;
    protected override bool Shows(HostSnapshot host) => !Remaining(host).Any();
    protected override string Lacks(HostSnapshot host) => $"held by {Holder.Names(Remaining(host))}";
    public override Step? Undo() => null;
    public override bool NeedsNoUndo() => true;

    private IEnumerable<Holder> Remaining(HostSnapshot host) =>
        // Another function of the slot may be another card: a virtual function in a running machine.
        GpuTty.Host.Pci.Card.FindAt(host, Card) is { } card ? card.HoldersIn(host)
        : host.Holders.Where(holder => holder.Nodes.Any(node => node.Device is { } device && device.SharesSlotWith(Card)));
}

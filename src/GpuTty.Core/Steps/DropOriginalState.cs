using GpuTty.Host;

namespace GpuTty.Steps;

/// <summary>Drops what was remembered, once the card is home.</summary>
public sealed record DropOriginalState([property: JsonPropertyName("memory")] OriginalState Memory) : Step
{
    public override string Code() => "drop-original-state";
    public override string Describe() => "Delete the saved state";
    public override string Command() => "# removes the card from /run/gputty/home.json";
    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) => [SnapshotPart.OriginalState];
    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => host.ForgetAsync(Memory, cancel);

    protected override bool Shows(HostSnapshot host) =>
        !Memory.Devices.Any(device => host.Memory.Devices.Any(known => known.Address == device.Address))
        && !Memory.Modules.Any(host.Memory.Modules.Contains)
        && !Memory.Units.Any(host.Memory.Units.Contains)
        && !Memory.Settings.Any(host.Memory.Settings.Contains);

    public override Step Undo() => new SaveOriginalState(Memory);
}

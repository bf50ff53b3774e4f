using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;

namespace GpuTty.Steps;

/// <summary>Has the kernel look for functions that it does not know (Documentation/ABI/testing/sysfs-bus-pci, rescan).</summary>
/// <param name="Devices">Those that have to be there afterwards.</param>
/// <param name="Bridge">Right above them; null to look everywhere.</param>
public sealed record RescanBus(
    [property: JsonPropertyName("devices")] ImmutableArray<PciAddress> Devices,
    [property: JsonPropertyName("bridge")] PciAddress? Bridge) : Step
{
    public override string Code() => "rescan-bus";
    public override string Describe() => $"Look for {string.Join(", ", Devices.Select(device => device.ShortName))} anew";
    public override string Command() =>
        Bridge is { } bridge ? $"echo 1 > /sys/bus/pci/devices/{bridge}/rescan" : "echo 1 > /sys/bus/pci/rescan";

    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) =>
        [
            SnapshotPart.Devices,
            .. Devices.Select(SnapshotPart.Device),
            .. Bridge is { } bridge ? (SnapshotPart[])[SnapshotPart.Device(bridge)] : [],
        ];

    public override bool TouchesPci() => true;
    public override TimeSpan Limit() => TimeSpan.FromSeconds(60);
    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => host.RescanAsync(Bridge, cancel);
    protected override bool Shows(HostSnapshot host) => Devices.All(device => host.Find(device) is { HasFallenOffTheBus: false });
    protected override string? Gate(HostSnapshot host) => Asleep(host, Bridge);

    protected override string Lacks(HostSnapshot host)
    {
        var silent = Devices.Where(device => host.Find(device) is not { HasFallenOffTheBus: false });
        return $"{string.Join(", ", silent.Select(device => device.ShortName))} does not answer";
    }

    public override Step? Undo() => null;
    public override bool NeedsNoUndo() => true;

    public bool Equals(RescanBus? other) => other is not null && Devices.SequenceEqual(other.Devices) && Bridge == other.Bridge;

    public override int GetHashCode() => HashCode.Combine(Devices.Length, Bridge);

    /// <summary>Behind a bridge that is gone, does not answer or sleeps nothing
    /// is found again (drivers/pci/probe.c); null where it is awake.</summary>
    internal static string? Asleep(HostSnapshot host, PciAddress? above) => above is not { } bridge ? null : host.Find(bridge) switch
    {
        null => $"the bridge {bridge.ShortName} above it is gone",
        { HasFallenOffTheBus: true } => $"the bridge {bridge.ShortName} above it does not answer",
        { PowerState: "D3hot" or "D3cold" } => $"the bridge {bridge.ShortName} above it sleeps",
        _ => null,
    };
}

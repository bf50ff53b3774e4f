using GpuTty.Host;
using GpuTty.Host.Desktop;

namespace GpuTty.Steps;

/// <summary>Stops a service through its manager, which does not start it again then, as it would after a kill (systemd.service(5), Restart=).</summary>
/// <param name="Why">For whom it is stopped: "the desktop", "holds the card".</param>
public sealed record StopUnit(
    [property: JsonPropertyName("unit")] UnitName Unit,
    [property: JsonPropertyName("why")] string Why) : Step
{
    public override string Code() => "stop-unit";
    public override string Describe() => $"Stop {Unit} ({Why})";
    public override string Command() => StartUnit.Systemctl("stop", Unit);
    public override Facts ProvenBy() => Facts.Desktop;

    /// <summary>A little more than systemd gives a unit by default before it ends it by force (DefaultTimeoutStopSec=, 90 s).</summary>
    public override TimeSpan Limit() => TimeSpan.FromSeconds(110);

    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => host.StopUnitAsync(Unit, cancel);
    public override bool HasHappened(HostSnapshot host) => host.FindUnit(Unit)?.IsStopped ?? true;
    public override string Missing(HostSnapshot host) => $"{Unit} is {host.FindUnit(Unit)?.ActiveState ?? "unknown"}";
    public override Step Undo() => new StartUnit(Unit, Why);
}

using GpuTty.Host;
using GpuTty.Host.Desktop;

namespace GpuTty.Steps;

/// <summary>Stops a service through its manager, which does not start it again
/// then, as it would after a kill (systemd.service(5), Restart=).</summary>
/// <param name="Why">For whom it is stopped: "the desktop", "holds the card".</param>
public sealed record StopUnit(
    [property: JsonPropertyName("unit")] UnitName Unit,
    [property: JsonPropertyName("why")] string Why) : Step
{
    /// <summary>More than <see cref="Usual"/>, for a unit that is given longer to stop (TimeoutStopSec=); null for others.</summary>
    [JsonPropertyName("within"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TimeSpan? Within { get; init; }

    public override string Code() => "stop-unit";
    public override string Describe() => $"Stop {Unit} ({Why})";
    public override string Command() => StartUnit.Systemctl("stop", Unit);
    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) => [SnapshotPart.Unit(Unit)];

    /// <summary>A little more than systemd gives a unit by default before it ends it by force (DefaultTimeoutStopSec=, 90 s).</summary>
    internal static TimeSpan Usual { get; } = TimeSpan.FromSeconds(110);

    /// <summary>Nobody waits longer than this, whatever a unit is given.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromMinutes(15);

    /// <summary>Until its manager would end it by force, and a little more; null where <see cref="Usual"/> is enough, or unknown.</summary>
    public static TimeSpan? TimeOf(HostSnapshot host, UnitName unit) =>
        host.FindUnit(unit)?.Traits?.StopTimeout + TimeSpan.FromSeconds(20) is { } time && time > Usual
            ? time < Longest ? time : Longest
            : null;

    public override TimeSpan Limit() => Within ?? Usual;

    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => host.StopUnitAsync(Unit, cancel);
    protected override bool Shows(HostSnapshot host) =>
        host.FindUnit(Unit) is { } unit ? unit.IsStopped : host.AskedUnits?.Contains(Unit) != false;
    protected override string Lacks(HostSnapshot host) => $"{Unit} is {host.FindUnit(Unit)?.ActiveState ?? "unknown"}";
    public override Step Undo() => new StartUnit(Unit, Why);
}

using GpuTty.Host;
using GpuTty.Host.Desktop;

namespace GpuTty.Steps;

/// <summary>
/// Stops a unit that nobody could start again: one that was made for a program that ran,
/// or a part of a desktop that has ended. Like the end of a session it cannot be undone.
/// </summary>
/// <param name="Why">A clause: "it belonged to the desktop".</param>
public sealed record EndUnit(
    [property: JsonPropertyName("unit")] UnitName Unit,
    [property: JsonPropertyName("why")] string Why) : Step
{
    /// <summary>RefuseManualStop=, as the units of GNOME's session have it:
    /// it stops with what it belongs to, which is waited for.</summary>
    [JsonPropertyName("refusesStop")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool RefusesStop { get; init; }

    /// <summary>As of <see cref="StopUnit.Within"/>.</summary>
    [JsonPropertyName("within"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TimeSpan? Within { get; init; }

    public override string Code() => "end-unit";
    public override string Describe() => RefusesStop ? $"Wait until {Unit} has ended ({Why})" : $"End {Unit} ({Why})";
    public override string Command() => RefusesStop ? "" : StartUnit.Systemctl("stop", Unit);
    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) => [SnapshotPart.Unit(Unit)];
    public override TimeSpan Limit() => Within ?? StopUnit.Usual;
    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => host.StopUnitAsync(Unit, cancel);

    /// <summary>A transient unit that has ended is no longer known.</summary>
    protected override bool Shows(HostSnapshot host) =>
        host.FindUnit(Unit) is { } unit ? unit.IsStopped : host.AskedUnits?.Contains(Unit) != false;

    protected override string Lacks(HostSnapshot host) => $"{Unit} is {host.FindUnit(Unit)?.ActiveState ?? "unknown"}";
    public override Step? Undo() => null;
}

using GpuTty.Host;
using GpuTty.Host.Desktop;

namespace GpuTty.Steps;

/// <summary>Starts a service that was running before.</summary>
public sealed record StartUnit(
    [property: JsonPropertyName("unit")] UnitName Unit,
    [property: JsonPropertyName("why")] string Why) : Step
{
    public override string Code() => "start-unit";
    public override string Describe() => $"Start {Unit} ({Why})";
    public override string Command() => $"{Systemctl("reset-failed", Unit)}\n{Systemctl("start", Unit)}";
    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) => [SnapshotPart.Unit(Unit)];
    public override TimeSpan Limit() => TimeSpan.FromSeconds(90);
    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => host.StartUnitAsync(Unit, cancel);

    /// <summary>
    /// Active, and not merely on its way: a display manager that fails goes through "activating" first. What a user's manager had comes
    /// with that user's next login where the manager has ended.
    /// </summary>
    protected override bool Shows(HostSnapshot host) => host.FindUnit(Unit)?.ActiveState == "active" || host.HasNoManager(Unit);

    protected override string Lacks(HostSnapshot host) => $"{Unit} is {host.FindUnit(Unit)?.ActiveState ?? "unknown"}";
    public override Step Undo() => new StopUnit(Unit, Why);

    internal static string Systemctl(string verb, UnitName unit) =>
        unit.Uid is { } uid ? $"systemctl --user --machine={uid}@.host {verb} {unit.Name}" : $"systemctl {verb} {unit.Name}";
}

using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;

namespace GpuTty.Steps;

/// <summary>Gives an unbound function to a driver: sets its override,
/// loads the driver where needed, and asks the kernel to probe.</summary>
/// <param name="Driver">The driver that must be bound afterwards; null where any will do, because nobody knows what it was.</param>
/// <param name="Module">What to load when the driver is not registered; null when built in or unknown.</param>
/// <param name="UndoByUnloading">True for drivers that are taken off a device by unloading their module, never by unbinding.</param>
public sealed record BindDevice(
    [property: JsonPropertyName("device")] PciAddress Device,
    [property: JsonPropertyName("driver")] string? Driver,
    [property: JsonPropertyName("module")] string? Module,
    [property: JsonPropertyName("undoByUnloading")] bool UndoByUnloading = false) : Step
{
    public override string Code() => "bind-driver";

    /// <summary>The override is cleared for the probe: a kernel that refuses one which names
    /// this driver still lets the driver take the function by its own table.</summary>
    [JsonPropertyName("clearsOverride")]
    public bool ClearsOverride { get; init; }

    /// <summary>
    /// The override names the driver once its module is loaded: it had its turn without one when it was registered, and
    /// where it has refused, the probe would only give the function back to vfio-pci.
    /// </summary>
    [JsonPropertyName("overridesAfterLoading"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool OverridesAfterLoading { get; init; }

    /// <summary>What is tried where the driver refuses the function, one after the other: drivers that offer themselves
    /// for it too. Null where there are none, and where it is known which driver it was.</summary>
    [JsonPropertyName("others"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<OtherDriver>? Others { get; init; }

    private string? Override => ClearsOverride ? null : Driver;

    private BindDevice? Otherwise => Others is not [var next, ..] ? null : new(Device, next.Driver, next.Module, next.UndoByUnloading)
    {
        ClearsOverride = next.ClearsOverride,
        OverridesAfterLoading = next.OverridesAfterLoading,
        Others = Others.Value.Length > 1 ? Others.Value.RemoveAt(0) : null,
    };

    /// <summary>This and what is tried after it, in that order.</summary>
    internal IEnumerable<BindDevice> Ways()
    {
        for (var way = this; way is not null; way = way.Otherwise) yield return way;
    }

    public override string Describe() =>
        Driver is null
            ? $"Let the host find a driver for {Device.ShortName}"
            : $"Bind {Device.ShortName} to {string.Join(", or else to ", Ways().Select(way => way.Driver))}";

    public override string Command() => string.Join('\n', Writes().Concat(Ways().Skip(1).SelectMany(way => way.Writes())
        .Select(write => $"test -e /sys/bus/pci/devices/{Device}/driver || {write}")));

    private IEnumerable<string> Writes() =>
    [
        $"echo {Override} > /sys/bus/pci/devices/{Device}/driver_override",
        .. Module is null ? (string[])[] : [$"modprobe {Module}"],
        .. OverridesAfterLoading ? (string[])[$"echo {Driver} > /sys/bus/pci/devices/{Device}/driver_override"] : [],
        $"echo {Device} > /sys/bus/pci/drivers_probe",
    ];

    public override PciAddress? RequiredDevice() => Device;
    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) => [SnapshotPart.Device(Device)];
    public override bool TouchesPci() => true;
    public override TimeSpan Limit() => TimeSpan.FromSeconds(60);

    public override async Task ApplyAsync(IHostControls host, CancellationToken cancel)
    {
        await host.SetDriverOverrideAsync(Device, Override, cancel);
        if (Module is not null) await host.LoadModuleAsync(Module, cancel);
        if (OverridesAfterLoading) await host.SetDriverOverrideAsync(Device, Driver, cancel);
        await host.ProbeAsync(Device, cancel);
    }

    /// <summary>The kernel has asked the driver by the time that the write to drivers_probe is back.</summary>
    public override Step? Next(HostSnapshot host) => host.Find(Device) is { Driver: null } ? Otherwise : null;

    protected override bool Shows(HostSnapshot host) =>
        host.Find(Device) is { Driver: { } bound } device && (Driver is null ? !device.IsOnVfio : Ways().Any(way => way.Driver == bound));

    protected override string Lacks(HostSnapshot host) => host.Find(Device) switch
    {
        null => $"{Device.ShortName} is gone",
        { Driver: null } => $"{Device.ShortName} has no driver yet",
        { Driver: var other } => $"{Device.ShortName} is bound to {other}",
    };

    public override Step? Undo() =>
        Driver is null ? null
        : UndoByUnloading && Module is not null ? new UnloadModule(Module, Device, Driver)
        : new UnbindDevice(Device, Driver, Module);

    public override Step? Undo(HostSnapshot host) =>
        (host.Find(Device)?.Driver is { } bound ? Ways().FirstOrDefault(way => way.Driver == bound) : null)?.Undo() ?? Undo();

    public bool Equals(BindDevice? other) => other is not null
        && (Device, Driver, Module, UndoByUnloading, ClearsOverride, OverridesAfterLoading)
            == (other.Device, other.Driver, other.Module, other.UndoByUnloading, other.ClearsOverride, other.OverridesAfterLoading)
        && (Others ?? []).SequenceEqual(other.Others ?? []);

    public override int GetHashCode() => HashCode.Combine(Device, Driver, Module);
}

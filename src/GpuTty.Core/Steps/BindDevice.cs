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

    private string? Override => ClearsOverride ? null : Driver;

    public override string Describe() =>
        Driver is null ? $"Let the host find a driver for {Device.ShortName}" : $"Bind {Device.ShortName} to {Driver}";

    public override string Command() => string.Join('\n',
        (string[])[
            $"echo {Override} > /sys/bus/pci/devices/{Device}/driver_override",
            .. Module is null ? (string[])[] : [$"modprobe {Module}"],
            $"echo {Device} > /sys/bus/pci/drivers_probe",
        ]);

    public override PciAddress? RequiredDevice() => Device;
    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) => [SnapshotPart.Device(Device)];
    public override bool TouchesPci() => true;
    public override TimeSpan Limit() => TimeSpan.FromSeconds(60);

    public override async Task ApplyAsync(IHostControls host, CancellationToken cancel)
    {
        await host.SetDriverOverrideAsync(Device, Override, cancel);
        if (Module is not null) await host.LoadModuleAsync(Module, cancel);
        await host.ProbeAsync(Device, cancel);
    }

    protected override bool Shows(HostSnapshot host) =>
        host.Find(Device) is { Driver: { } bound } device && (Driver is null ? !device.IsOnVfio : bound == Driver);

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
}

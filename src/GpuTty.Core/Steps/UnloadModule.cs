using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Text;

namespace GpuTty.Steps;

/// <summary>
/// The gate that cannot wedge the kernel: unloading a busy module fails at once and changes nothing
/// (delete_module(2), EWOULDBLOCK); unloading an idle one unbinds its devices.
/// </summary>
/// <param name="Module">With underscores.</param>
/// <param name="Device">The function it drives, which loses its driver with it and
/// gets it back on the way back; null for the upper modules of a stack.</param>
/// <param name="Driver">The driver's name for <paramref name="Device"/>.</param>
public sealed record UnloadModule(
    [property: JsonPropertyName("module")] string Module,
    [property: JsonPropertyName("device")] PciAddress? Device = null,
    [property: JsonPropertyName("driver")] string? Driver = null) : Step
{
    public override string Code() => "unload-module";

    /// <summary>On the way back the override of <see cref="Device"/> is cleared and does not name the driver.</summary>
    [JsonPropertyName("undoClearsOverride")]
    public bool UndoClearsOverride { get; init; }

    public override string Describe() =>
        Device is { } device ? $"Unload module {Module}, which drives {device.ShortName}" : $"Unload module {Module}";
    /// <summary>Not modprobe -r, which would unload what a later step names as well.</summary>
    public override string Command() => $"rmmod {Module}";
    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) =>
        [SnapshotPart.Modules, .. Device is { } device ? (SnapshotPart[])[SnapshotPart.Device(device)] : []];

    /// <summary>A function that was not read may have the driver too.</summary>
    protected override IEnumerable<SnapshotPart> AllowedBy(HostSnapshot host) =>
        Device is null ? [] : [SnapshotPart.Devices, SnapshotPart.Drivers];

    public override bool TouchesPci() => true;
    public override TimeSpan Limit() => TimeSpan.FromSeconds(15);

    /// <summary>It takes every function off the driver, which may have to wake the card up, and then ends the driver.</summary>
    public override TimeSpan WriteLimit() => UnbindDevice.WithWakingUp;

    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => host.UnloadModuleAsync(Module, cancel);

    /// <summary>Somebody may load the module again at once; what counts then is that the function is off its driver.</summary>
    protected override bool Shows(HostSnapshot host) =>
        !host.IsLoaded(Module) || (Device is { } device && Driver is not null && host.Find(device)?.Driver != Driver);

    /// <summary>Waits for the count to fall rather than trying the unload again and again. The count
    /// of an idle driver is 0 however many devices it has: all of them would lose it.</summary>
    protected override string? Gate(HostSnapshot host) =>
        Outsider(host) is { } other ? $"{Module} also drives {other.Address.ShortName}"
        : host.FindModule(Module) is { References: > 0 } ? Lacks(host)
        : null;

    private PciDevice? Outsider(HostSnapshot host) =>
        Device is { } device && Card.FindAt(host, device) is { } card ? card.OutsiderOn(host, Driver, Module) : null;

    protected override string Lacks(HostSnapshot host)
    {
        if (host.FindModule(Module) is not { } loaded) return "";
        var holders = host.Holders.Where(h => host.Pins(h, Module)).ToList();
        var by = holders.Count > 0 ? $", held by {Holder.Names(holders)}"
            : loaded.UsedBy.Length > 0 ? $", used by {string.Join(", ", loaded.UsedBy)}"
            : IntelSound.OfModule(host, Module).FirstOrDefault() is { } sound ? $", held by {sound.Driver} of {sound.Address.ShortName}"
            : ", held by no program that can be seen";
        return $"waiting for {(loaded.References is { } count ? Counted.Of(count, "reference") : "references")}{by}";
    }

    public override Step Undo() =>
        Device is { } device && Driver is not null
            ? new BindDevice(device, Driver, Module, UndoByUnloading: true) { ClearsOverride = UndoClearsOverride }
            : new LoadModule(Module);
}

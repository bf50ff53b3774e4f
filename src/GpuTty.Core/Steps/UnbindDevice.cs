using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Text;

namespace GpuTty.Steps;

/// <summary>
/// Takes one function away from its driver. A busy driver may never come back from this write, so it is only done with no holder of
/// that function, looked for again right before, and with none that only the module's count shows.
/// </summary>
/// <param name="Module">The driver's module, needed to go back; null when built in.</param>
public sealed record UnbindDevice(
    [property: JsonPropertyName("device")] PciAddress Device,
    [property: JsonPropertyName("driver")] string Driver,
    [property: JsonPropertyName("module")] string? Module) : Step
{
    public override string Code() => "unbind-driver";

    /// <summary>On the way back the override is cleared and does not name the driver.</summary>
    [JsonPropertyName("undoClearsOverride")]
    public bool UndoClearsOverride { get; init; }

    public override string Describe() => $"Unbind {Device.ShortName} from {Driver}";
    public override string Command() => $"echo {Device} > /sys/bus/pci/drivers/{Driver}/unbind";
    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) => [SnapshotPart.Device(Device)];

    protected override IEnumerable<SnapshotPart> AllowedBy(HostSnapshot host) =>
        [
            SnapshotPart.Holders,
            SnapshotPart.Nodes,
            .. UnexplainedDriverUse.Matters(Driver) ? (SnapshotPart[])[SnapshotPart.Modules] : [],
        ];

    public override bool TouchesPci() => true;
    public override TimeSpan Limit() => TimeSpan.FromSeconds(20);

    /// <summary>A card whose power is off is woken up first, for which the kernel gives it 60 s (PCIE_RESET_READY_POLL_MS).</summary>
    internal static TimeSpan WithWakingUp { get; } = TimeSpan.FromSeconds(75);

    public override TimeSpan WriteLimit() => WithWakingUp;
    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => host.UnbindAsync(Device, Driver, cancel);
    protected override bool Shows(HostSnapshot host) => host.Find(Device)?.Driver != Driver;

    private bool IsDisplay(HostSnapshot host) => host.Find(Device)?.IsGraphics != false;

    protected override string? Gate(HostSnapshot host)
    {
        var holders = host.HoldersOf(Device).ToList();
        return holders.Count > 0 ? $"held by {Holder.Names(holders)}"
            : IsDisplay(host) && NvidiaModesetUse.Of(host, Driver) is { } never ? never
            : UnexplainedDriverUse.Of(host, Driver, Module) is > 0 and var more
                ? $"{Module} has {Counted.Of(more, "reference")} of unknown origin"
                : null;
    }

    public override (string Problem, string Remedy) TimeoutMessage(TimeSpan limit, HostSnapshot host)
    {
        var usual = base.TimeoutMessage(limit, host);
        return host.Find(Device)?.Driver == Driver && UnexplainedDriverUse.Of(host, Driver, Module) > 0
            ? usual with { Remedy = $"End the programs that have used {Driver} one after the other: gputty holders counts its references." }
            : usual;
    }

    protected override string Lacks(HostSnapshot host) => $"{Device.ShortName} is still bound to {Driver}";
    public override Step Undo() => new BindDevice(Device, Driver, Module) { ClearsOverride = UndoClearsOverride };
}

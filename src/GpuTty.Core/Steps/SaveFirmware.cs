using GpuTty.Host;
using GpuTty.Host.Pci;

namespace GpuTty.Steps;

/// <summary>Saves the firmware of a card into a new file, while vfio-pci has it
/// and nobody uses it. What was read is checked before it is kept.</summary>
/// <param name="Path">Absolute; must not exist.</param>
public sealed record SaveFirmware(
    [property: JsonPropertyName("device")] PciAddress Device,
    [property: JsonPropertyName("path")] string Path) : Step
{
    public override string Code() => "save-firmware";
    public override string Describe() => $"Save the firmware of {Device.ShortName} as {Text.Visible.Text(Path, 200)}";

    public override string Command() =>
        $"echo 1 > /sys/bus/pci/devices/{Device}/rom\ncat /sys/bus/pci/devices/{Device}/rom > {Text.ShellWord.Quoted(Path)}\n"
            + $"echo 0 > /sys/bus/pci/devices/{Device}/rom";

    public override PciAddress? RequiredDevice() => Device;
    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) => [SnapshotPart.Device(Device)];
    protected override IEnumerable<SnapshotPart> AllowedBy(HostSnapshot host) => [SnapshotPart.Holders, SnapshotPart.NodesOf(Device)];
    public override bool TouchesPci() => true;
    public override TimeSpan Limit() => TimeSpan.FromSeconds(30);
    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => host.SaveFirmwareAsync(Device, Path, cancel);

    protected override string? Gate(HostSnapshot host) => ResetFunction.NotIdle(host, Device);

    protected override bool Shows(HostSnapshot host) => true;
    public override bool IsProvenByItsCommand() => true;
    public override Step? Undo() => null;
    public override bool NeedsNoUndo() => true;
}

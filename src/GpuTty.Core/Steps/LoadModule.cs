using GpuTty.Host;
using GpuTty.Host.Pci;

namespace GpuTty.Steps;

/// <summary>Loads a module with the options that modprobe.d has for it. Never
/// rolled back for vfio's modules: other machines may use them.</summary>
public sealed record LoadModule([property: JsonPropertyName("module")] string Module) : Step
{
    /// <summary>It is needed only where this function has the driver below it; null where it is needed in any case.</summary>
    [JsonPropertyName("usedBy"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BoundFunction? UsedBy { get; init; }

    public override string Code() => "load-module";
    public override string Describe() =>
        $"Load module {Module}{(UsedBy is { } use ? $", where {use.Device.ShortName} is bound to {use.Driver}" : "")}";
    public override string Command() => $"modprobe {Module}";
    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) =>
        [SnapshotPart.Modules, SnapshotPart.Drivers, .. UsedBy is { } use ? (SnapshotPart[])[SnapshotPart.Device(use.Device)] : []];
    public override bool TouchesPci() => true;
    public override TimeSpan Limit() => TimeSpan.FromSeconds(60);
    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => host.LoadModuleAsync(Module, cancel);

    /// <summary>A built-in driver has no line in /proc/modules: then the registered driver is the proof.</summary>
    protected override bool Shows(HostSnapshot host) => host.IsLoaded(Module) || (IsVfio && host.Vfio.IsRegistered)
        || (UsedBy is { } use && host.Find(use.Device) is { Driver: { } bound } && bound != use.Driver);

    public override Step? Undo() => IsVfio ? null : new UnloadModule(Module);
    public override bool NeedsNoUndo() => IsVfio;
    private bool IsVfio => KernelModule.Canonical(Module).StartsWith("vfio", StringComparison.Ordinal);
}

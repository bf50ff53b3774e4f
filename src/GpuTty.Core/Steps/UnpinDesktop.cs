using GpuTty.Host;
using GpuTty.Host.Desktop;

namespace GpuTty.Steps;

/// <summary>Lets the desktop ask every installed driver again, from its next start on.</summary>
public sealed record UnpinDesktop([property: JsonPropertyName("pin")] GlDriverAllowList Pin) : Step
{
    public override string Code() => "allow-gl-drivers";
    public override string Describe() => $"Let {Pin.Unit ?? "desktops"} ask every driver again";
    public override string Command() => $"rm /{Pin.Path}";
    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) => [SnapshotPart.GlDriverSettings];
    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => host.UnpinAsync(Pin, cancel);
    protected override bool Shows(HostSnapshot host) => !host.Pinned.Contains(Pin);
    public override Step Undo() => new PinDesktop(Pin);
}

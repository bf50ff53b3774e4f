using GpuTty.Host;
using GpuTty.Host.Desktop;

namespace GpuTty.Steps;

/// <summary>Lets the desktop ask every installed driver again, from its next start on.</summary>
public sealed record UnpinDesktop([property: JsonPropertyName("pin")] DesktopPin Pin) : Step
{
    public override string Code() => "allow-gl-drivers";
    public override string Describe() => $"Let {Pin.Unit ?? "desktops"} ask every driver again";
    public override string Command() => $"rm /{Pin.Path}";
    public override Facts ProvenBy() => Facts.State;
    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => host.UnpinAsync(Pin, cancel);
    public override bool HasHappened(HostSnapshot host) => !host.Pinned.Contains(Pin);
    public override Step Undo() => new PinDesktop(Pin);
}

using GpuTty.Host;
using GpuTty.Host.Desktop;

namespace GpuTty.Steps;

/// <summary>Tells the desktop which graphics drivers to ask. It listens when it starts: what runs now keeps what it has open.</summary>
public sealed record PinDesktop([property: JsonPropertyName("pin")] GlDriverAllowList Pin) : Step
{
    public override string Code() => "restrict-gl-drivers";
    public override string Describe() =>
        $"Restrict the GL and Vulkan drivers of {Pin.Unit ?? "desktops"}{(Pin.IsPermanent ? " permanently" : "")}";
    public override string Command() =>
        string.Join(
            '\n',
            [
                $"# writes /{Pin.Path}",
                .. Pin.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => $"#   {line}"),
            ]);
    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) => [SnapshotPart.GlDriverSettings];
    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => host.PinAsync(Pin, cancel);
    protected override bool Shows(HostSnapshot host) => host.Pinned.Contains(Pin);
    public override Step Undo() => new UnpinDesktop(Pin);
}

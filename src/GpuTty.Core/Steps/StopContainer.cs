using GpuTty.Host;
using GpuTty.Host.Holders;

namespace GpuTty.Steps;

/// <summary>Stops a container through its manager, which does not start it again then, as it would after a kill inside.</summary>
/// <param name="Container">Kind and name: <c>docker 0123456789ab</c>.</param>
public sealed record StopContainer([property: JsonPropertyName("container")] string Container) : Step
{
    public override string Code() => "stop-container";
    public override string Describe() => $"Stop container {Container}";
    public override string Command() => $"{ContainerCommand.Stop(Container)}";
    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) => [SnapshotPart.Holders, SnapshotPart.Nodes];

    /// <summary>Managers give a container 10 s before they end it by force; Proxmox stops its services, and waits 60 s (pct(1)).</summary>
    public override TimeSpan Limit() => TimeSpan.FromSeconds(90);

    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => host.StopContainerAsync(Container, cancel);
    protected override bool Shows(HostSnapshot host) => host.Holders.All(holder => holder.Container != Container);
    protected override string Lacks(HostSnapshot host) =>
        $"held by {Holder.Names(host.Holders.Where(holder => holder.Container == Container))} in it";

    public override Step Undo() => new StartContainer(Container);
}

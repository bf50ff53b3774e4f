using GpuTty.Host;
using GpuTty.Host.Holders;

namespace GpuTty.Steps;

/// <summary>Starts a container that this switch has stopped. What it does then shows nowhere, so its manager's word is taken.</summary>
public sealed record StartContainer([property: JsonPropertyName("container")] string Container) : Step
{
    public override string Code() => "start-container";
    public override string Describe() => $"Start container {Container} (it was running)";
    public override string Command() => $"{ContainerCommand.Start(Container)}";
    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) => [];
    public override TimeSpan Limit() => TimeSpan.FromSeconds(60);
    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => host.StartContainerAsync(Container, cancel);
    protected override bool Shows(HostSnapshot host) => true;
    public override bool IsProvenByItsCommand() => true;
    public override Step Undo() => new StopContainer(Container);
}

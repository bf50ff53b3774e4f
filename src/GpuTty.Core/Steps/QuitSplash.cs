using GpuTty.Host;

namespace GpuTty.Steps;

/// <summary>
/// Tells the splash screen of the boot to quit. A stop of its unit need not (plymouth-start.service may say KillMode=none), and
/// plymouth-quit.service is one that display managers say they conflict with: started, it would call off their start.
/// </summary>
/// <param name="StartTime">Tells the process from a later one with the same pid.</param>
public sealed record QuitSplash(
    [property: JsonPropertyName("pid")] int Pid,
    [property: JsonPropertyName("startTime")] long StartTime) : Step
{
    public override string Code() => "quit-splash";
    public override string Describe() => "Tell the splash screen to quit";
    public override string Command() => "plymouth quit";
    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) => [SnapshotPart.Process(Pid)];
    public override TimeSpan Limit() => TimeSpan.FromSeconds(20);
    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => host.QuitSplashAsync(cancel);
    protected override bool Shows(HostSnapshot host) => !host.Holders.Any(holder => holder.Pid == Pid && holder.StartTime == StartTime);
    protected override string Lacks(HostSnapshot host) => $"plymouthd ({Pid}) is still there";
    public override Step? Undo() => null;
    public override bool NeedsNoUndo() => true;
}

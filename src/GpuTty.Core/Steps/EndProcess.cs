using GpuTty.Host;

namespace GpuTty.Steps;

/// <summary>Ends a program that holds the card and belongs to no unit or session that could be stopped instead.</summary>
/// <param name="StartTime">Tells the process from a later one with the same pid.</param>
/// <param name="Signal">SIGKILL only where the user has agreed a second time.</param>
public sealed record EndProcess(
    [property: JsonPropertyName("pid")] int Pid,
    [property: JsonPropertyName("startTime")] long StartTime,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("signal")] EndSignal Signal) : Step
{
    public override string Code() => "end-process";
    public override string Describe() => Signal == EndSignal.Kill ? $"Kill {Name} ({Pid})" : $"End {Name} ({Pid})";
    public override string Command() => $"kill -{(Signal == EndSignal.Kill ? "KILL" : "TERM")} {Pid}";
    public override Facts ProvenBy() => Facts.Holders;
    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => host.EndProcessAsync(Pid, StartTime, Signal, cancel);
    public override bool HasHappened(HostSnapshot host) => !host.Holders.Any(holder => holder.Pid == Pid && holder.StartTime == StartTime);
    public override string Missing(HostSnapshot host) => $"{Name} ({Pid}) is still there";
    public override Step? Undo() => null;
}

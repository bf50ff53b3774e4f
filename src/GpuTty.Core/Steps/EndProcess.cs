using GpuTty.Host;
using GpuTty.Text;

namespace GpuTty.Steps;

/// <summary>Ends a program that holds the card and belongs to no unit or session that could be stopped instead.</summary>
/// <param name="StartTime">Tells the process from a later one with the same pid.</param>
/// <param name="Signal">SIGKILL only where the user has agreed a second time, and SIGTERM before it.</param>
public sealed record EndProcess(
    [property: JsonPropertyName("pid")] int Pid,
    [property: JsonPropertyName("startTime")] long StartTime,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("signal")] EndSignal Signal) : Step
{
    /// <summary>How long a program has to end by itself before it is ended by force, as docker(1) and podman(1) give it.</summary>
    public static TimeSpan UntilForce { get; } = TimeSpan.FromSeconds(10);

    public override string Code() => "end-process";
    public override string Describe() => Signal == EndSignal.Kill ? $"End {Name} ({Pid}), by force if it refuses" : $"End {Name} ({Pid})";
    public override string Command() =>
        Signal == EndSignal.Kill ? $"kill -TERM {Pid}; sleep {UntilForce.TotalSeconds:0}; kill -KILL {Pid}" : $"kill -TERM {Pid}";

    /// <summary>Whoever is asked to end may have a project or a checkpoint to save first.</summary>
    public override TimeSpan Limit() => Signal == EndSignal.Kill ? UntilForce + TimeSpan.FromSeconds(20) : TimeSpan.FromSeconds(60);

    public override IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host) => [SnapshotPart.Process(Pid)];
    public override Task ApplyAsync(IHostControls host, CancellationToken cancel) => host.EndProcessAsync(Pid, StartTime, Signal, cancel);
    protected override bool Shows(HostSnapshot host) => !host.Holders.Any(holder => holder.Pid == Pid && holder.StartTime == StartTime);
    protected override string Lacks(HostSnapshot host) => $"{Name} ({Pid}) is still there";
    public override (string Problem, string Remedy) TimeoutMessage(TimeSpan limit, HostSnapshot host) =>
        CannotTell(host) is not null ? base.TimeoutMessage(limit, host)
        : Signal == EndSignal.Kill
        ? (
            $"{Name} ({Pid}) has been killed, and is still there after {Counted.Seconds(limit)}.",
            "It waits in the kernel: save your work and reboot.")
        : (
            $"{Name} ({Pid}) was asked to end, and is still there after {Counted.Seconds(limit)}.",
            "Close it yourself, or try again and agree that it is ended by force (--end-holders kill).");

    public override Step? Undo() => null;

    /// <summary>A process may change its name at any time, and is the same one afterwards.</summary>
    public bool Equals(EndProcess? other) => other is not null && (Pid, StartTime, Signal) == (other.Pid, other.StartTime, other.Signal);

    public override int GetHashCode() => HashCode.Combine(Pid, StartTime, Signal);
}

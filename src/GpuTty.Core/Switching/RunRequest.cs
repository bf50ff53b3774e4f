using GpuTty.Host.Desktop;

namespace GpuTty.Switching;

/// <summary>What a person asks of a run that is waiting. About one step: a request that comes too late does nothing.</summary>
/// <param name="Step">Index of the step in <see cref="RunState.Steps"/>.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "wish")]
[JsonDerivedType(typeof(Keep), "keep")]
[JsonDerivedType(typeof(WaitOn), "wait-on")]
[JsonDerivedType(typeof(Stop), "stop")]
public abstract record RunRequest([property: JsonPropertyName("step")] int Step)
{
    /// <summary>How much longer than planned a run may wait in all because somebody
    /// asked for it; the worker's own deadline leaves room for it.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(2);

    /// <summary>The confirmation: what <see cref="Steps.AwaitConsent"/> waits for.</summary>
    public sealed record Keep(int Step) : RunRequest(Step);

    /// <summary>The step may take as long again.</summary>
    public sealed record WaitOn(int Step) : RunRequest(Step);

    /// <summary>Stop the service that holds the card, as one more step of the run.</summary>
    public sealed record Stop(
        int Step,
        [property: JsonPropertyName("unit")] UnitName Unit) : RunRequest(Step);
}

/// <summary>Where the runner finds the requests of people who follow the run.</summary>
public interface IRunRequests
{
    /// <summary>The next one, which is then gone; null when there is none.</summary>
    RunRequest? Take();
}

using GpuTty.Steps;

namespace GpuTty.Switching;

/// <summary>The steps of a run, and the one it is at: those of the plan, and those that were asked for on the way.</summary>
internal sealed class RunSteps(IEnumerable<Step> planned)
{
    private readonly List<Step> _steps = [.. planned];

    /// <summary>An index into <see cref="All"/>, as the journal has it; the number of steps once all are through.</summary>
    public int At { get; set; }

    public Step Current => _steps[At];

    public bool IsThrough => At >= _steps.Count;

    public IReadOnlyList<Step> All => _steps;

    public void Insert(int index, Step step) => _steps.Insert(index, step);

    /// <summary>The run itself has stopped the unit, or means to.</summary>
    public bool Stops(StartUnit start) => _steps.OfType<StopUnit>().Any(stopped => stopped.Unit == start.Unit);

    /// <summary>The unit is started by the plan anyway.</summary>
    public bool Starts(StartUnit start) => _steps.OfType<StartUnit>().Any(promised => promised.Unit == start.Unit);
}

using GpuTty.Host;

namespace GpuTty.Switching;

/// <summary>Why a step did not happen.</summary>
/// <param name="EndsPciWrites">The kernel is stuck or has crashed: nothing more may be written to PCI in this boot.</param>
internal sealed record StepFailure(string Problem, string Remedy, bool EndsPciWrites = false)
{
    public static StepFailure Of(HostException refusal) => new(refusal.Message, refusal.Remedy, refusal is StuckException);

    public static StepFailure Wished() => new("You asked to take everything back.", "Nothing more is needed.");

    public static StepFailure OutOfTime(TimeSpan limit, string missing) =>
        new($"It did not happen within {limit.TotalSeconds:0} seconds: {missing}.", "Look into the log, then try again.");

    /// <summary>The kernel's own state forbids another write; null when it does not.</summary>
    public static StepFailure? OfKernel(HostSnapshot host)
    {
        if (host.Stuck is { } stuck) return Of(new StuckException(stuck));
        return host.KernelHasDied == true
            ? new("The kernel has crashed (oops) while this was running.", "Save your work and restart the machine.", EndsPciWrites: true)
            : null;
    }
}

namespace GpuTty.Linux.State;

/// <summary>Where GpuTty keeps things. A reboot empties the first; the journal
/// outlives it, to tell what was going on when the power went.</summary>
/// <param name="Run">/run/gputty: lock, home.json, the write in flight, log.jsonl,
/// the request for the worker, the request for its run (<c>wish</c>).</param>
/// <param name="Lib">/var/lib/gputty: the journal.</param>
/// <param name="Log">/var/log/gputty: the log for people.</param>
internal sealed record StatePaths(StateDirectory Run, StateDirectory Lib, StateDirectory Log)
{
    public static StatePaths OfThisMachine { get; } = Below("");

    /// <param name="root">Empty on the real machine.</param>
    public static StatePaths Below(string root) =>
        new(
            new StateDirectory($"{root}/run/gputty"),
            new StateDirectory($"{root}/var/lib/gputty"),
            new StateDirectory($"{root}/var/log/gputty"));

    /// <summary>Before anything is changed: a state directory that is not ours stops everything.</summary>
    public void Ensure()
    {
        Run.Ensure();
        Lib.Ensure();
        Log.Ensure();
    }
}

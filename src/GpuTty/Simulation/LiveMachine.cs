using GpuTty.Host;
using GpuTty.Switching;

namespace GpuTty.Simulation;

/// <summary>A machine that lives on as the clock goes: what was due has happened whenever somebody looks.</summary>
internal sealed class LiveMachine
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly List<TaskCompletionSource> _waiting = [];
    private Machine _machine;

    public LiveMachine(Machine machine, TimeProvider clock)
    {
        this._clock = clock;
        var shift = clock.GetUtcNow() - machine.Now;
        this._machine = machine with
        {
            Now = machine.Now + shift,
            Agenda = [.. machine.Agenda.Select(later => later with { Due = later.Due + shift })],
            Log = [.. machine.Log.Select(line => line with { At = line.At + shift })],
        };
    }

    /// <summary>New lines of the machine's log, as they come.</summary>
    public event Action<LogLine>? Logged;

    public Machine Now => Update(m => m);

    public Machine Update(Func<Machine, Machine> change)
    {
        Machine before, after;
        TaskCompletionSource[] signals = [];
        lock (_gate)
        {
            before = _machine;
            after = _machine = change(_machine.At(_clock.GetUtcNow()));
            if (after with { Now = before.Now } != before) signals = [.. _waiting];
        }
        foreach (var signal in signals) signal.TrySetResult();
        foreach (var line in after.Log.Skip(before.Log.Count)) Logged?.Invoke(line);
        return after;
    }

    /// <summary>Until something happens on the machine, or the time is over.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancel)
    {
        var now = Now;
        var next = now.Agenda.Length == 0 ? atMost : now.Agenda.Min(later => later.Due) - now.Now;
        var signal = NewSignal();
        lock (_gate) _waiting.Add(signal);
        await using var timer =
            _clock.CreateTimer(_ => signal.TrySetResult(), null, next < atMost ? next : atMost, Timeout.InfiniteTimeSpan);
        await using var cancelled = cancel.Register(() => signal.TrySetCanceled(cancel));
        try
        {
            await signal.Task;
            _ = Now;
        }
        finally
        {
            lock (_gate) _waiting.Remove(signal);
        }
    }

    /// <summary>A change that takes its time. Who stops waiting for it does not stop it.</summary>
    /// <param name="meanwhile">What shows until it is done.</param>
    public async Task TakeAsync(TimeSpan takes, Func<Machine, Machine> change, Func<Machine, Machine>? meanwhile, CancellationToken cancel)
    {
        HostException? refusal = null;
        var done = false;
        Machine Effect(Machine m)
        {
            done = true;
            try { return change(m); }
            catch (HostException no) { refusal = no; return m; }
        }
        var wasBlocked = Now.Blocked is not null;
        Update(m => (meanwhile is null ? m : m.Change(meanwhile)).After(takes, Effect));
        for (_ = Now; !done; _ = Now)
        {
            await Task.Delay(takes, _clock, cancel);
            takes = TimeSpan.FromMilliseconds(1);
        }
        if (refusal is not null) throw refusal;
        if (!wasBlocked && Now.Blocked is { } blocked) await WatchAsync(blocked, cancel);
    }

    /// <summary>A blocked write is waited for; then it is given up, and may still finish later.</summary>
    public async Task WatchAsync(BlockedWrite write, CancellationToken cancel)
    {
        while (Now is { Blocked: not null } now && !write.IsGivenUp(now.Now))
            await WaitAsync(BlockedWrite.Watched - (now.Now - write.Write.Since), cancel);
        if (Now.Blocked is not null) throw new StuckException(write.Write.In(_clock.LocalTimeZone));
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

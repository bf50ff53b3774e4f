using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Steps;

namespace GpuTty.Switching;

/// <summary>Takes one step: looks, waits until it may be done, does it, and looks again until it is seen to have happened or its time is over.</summary>
/// <param name="card">The card that the run is about.</param>
internal sealed class StepRunner(IHostReader reader, IHostControls controls, TimeProvider clock, HostSnapshot before, PciAddress card)
{
    private static readonly TimeSpan ShortestLook = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestLook = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LastLook = TimeSpan.FromSeconds(15);
    private readonly HostSnapshot _planned = before;

    /// <summary>The machine as last seen; facts that no step asked for are as old as the plan.</summary>
    public HostSnapshot Seen { get; private set; } = before;

    /// <summary>On the way back a kernel that has crashed forbids writes to PCI only, for the desktop must come up again.</summary>
    public bool IsOnTheWayBack { get; set; }

    /// <param name="heed">Called between two looks, for the wishes of people; true when one of them is the proof that the step waits for.</param>
    /// <returns>Null when it was seen to happen.</returns>
    public async Task<StepFailure?> TakeAsync(Step step, Action<string> waiting, CancellationToken takeBack, Func<StepLimit, Task<bool>>? heed = null)
    {
        using var limit = new StepLimit(step.Limit(), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Over, takeBack);
        try
        {
            return await UntilItHappened(step, waiting, heed ?? (_ => Task.FromResult(false)), limit, either.Token);
        }
        catch (StuckException stuck)
        {
            // Whatever it looks like now: the kernel takes the driver's links away before it waits for the driver (drivers/base/dd.c).
            return StepFailure.Of(stuck);
        }
        catch (HostException refusal)
        {
            return await HappenedAllTheSame(step) ? null : StepFailure.OfGone(step, Seen) ?? OfBus(step) ?? StepFailure.Of(refusal);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            if (await HappenedAllTheSame(step)) return null;
            if (MustNot(step) is { } died) return died;
            return takeBack.IsCancellationRequested ? StepFailure.Wished() : StepFailure.OutOfTime(step, limit.Total, Seen);
        }
    }

    public async Task<HostSnapshot> LookAsync(Facts facts, CancellationToken cancel) => Seen = await reader.ReadAsync(facts, Seen, cancel);

    private async Task<StepFailure?> UntilItHappened(Step step, Action<string> waiting, Func<StepLimit, Task<bool>> heed, StepLimit limit, CancellationToken either)
    {
        var applied = false;
        var look = ShortestLook;
        while (true)
        {
            if (await LookAsync(step, either) is { } blind)
            {
                // The way back needs no look to stop or to start a service; nobody can see it happen then.
                if (!IsOnTheWayBack || step.TouchesPci()) throw blind;
                if (!applied) await step.ApplyAsync(controls, either);
                return StepFailure.Of(blind);
            }
            if (!IsOnTheWayBack && OfBus(step) is { } fallen) return fallen;
            // What is true of another card says nothing about this one.
            if (StepFailure.OfExchanged(step, card, _planned, Seen) is { } other) return other;
            if (step.HasHappened(Seen)) return null;
            if (StepFailure.OfGone(step, Seen) is { } gone) return gone;
            if (MustNot(step) is { } dead) return dead;
            if (!applied && NotYet(step) is { } notYet) waiting(notYet);
            else if (!applied)
            {
                try
                {
                    // A PCI write is never abandoned because somebody changed their mind: it is waited for, then taken back.
                    await step.ApplyAsync(controls, step.TouchesPci() ? limit.Over : either);
                    applied = true;
                    continue;
                }
                catch (HostException busy) when (busy.IsTransient)
                {
                    waiting(busy.Message);
                }
            }
            else waiting(step.Missing(Seen));
            if (await heed(limit)) return null;
            await reader.WaitForChangeAsync(look, either);
            look = look * 2 < LongestLook ? look * 2 : LongestLook;
        }
    }

    /// <summary>A kernel that is stuck or has crashed ends the way there, and every write to PCI on the way back.</summary>
    private StepFailure? MustNot(Step step) =>
        (step.TouchesPci() || (!IsOnTheWayBack && !step.IsHarmless()) ? StepFailure.OfKernel(Seen) : null) ?? (step.TouchesPci() ? OfBus(step) : null);

    /// <summary>The way back needs no look to stop or to start a service; what ends a session or a program needs one everywhere.</summary>
    private string? NotYet(Step step) => IsOnTheWayBack && !step.TouchesPci() && !step.IsFinal ? null : step.NotYet(Seen);

    private StepFailure? OfBus(Step step) => step.TouchesPci() || step.Needs() is not null ? StepFailure.OfBus(card, Seen) : null;

    /// <summary>A refusal or a time-out is no evidence either: only a look is. A machine that does not answer has shown nothing.</summary>
    private async Task<bool> HappenedAllTheSame(Step step)
    {
        using var limit = new CancellationTokenSource(LastLook, clock);
        try
        {
            return await LookAsync(step, limit.Token) is null && step.HasHappened(Seen);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <returns>Why the machine could not be looked at; null when it could.</returns>
    private async Task<HostException?> LookAsync(Step step, CancellationToken cancel)
    {
        try
        {
            await LookAsync(step.ProvenBy(Seen), cancel);
            return null;
        }
        catch (HostException blind)
        {
            return blind;
        }
    }
}

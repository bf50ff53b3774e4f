using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Steps;

namespace GpuTty.Switching;

/// <summary>Takes one step: looks, waits until it may be done, does it, and
/// looks again until it is seen to have happened or its time is over.</summary>
/// <param name="card">The card that the run is about.</param>
internal sealed class StepRunner(IHostReader reader, IHostControls controls, TimeProvider clock, HostSnapshot before, PciAddress card)
{
    private static readonly TimeSpan s_shortestLook = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_longestLook = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_lastLook = TimeSpan.FromSeconds(15);

    /// <summary>On the way back a step without a write to PCI waits for its first look this long, and is then done without one.</summary>
    private static readonly TimeSpan s_lateLook = TimeSpan.FromSeconds(2);
    private readonly HostSnapshot _planned = before;
    private int _looks;

    /// <summary>The machine as last seen; facts that no step asked for are as old as the plan.</summary>
    public HostSnapshot Seen { get; private set; } = before;

    /// <summary>On the way back a kernel that has crashed forbids writes to PCI only, for the desktop must come up again.</summary>
    public bool IsOnTheWayBack { get; set; }

    /// <param name="handleRequest">Called between two looks, for the requests of
    /// people; true when one of them is the proof that the step waits for.</param>
    /// <returns>Null when it was seen to happen.</returns>
    public async Task<StepFailure?> TakeAsync(
        Step step, Action<string> waiting, CancellationToken takeBack, Func<StepDeadline, Task<bool>>? handleRequest = null)
    {
        using var limit = new StepDeadline(step.Limit(), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Over, takeBack);
        var looksBefore = _looks;
        try
        {
            return await UntilItHappened(step, waiting, handleRequest ?? (_ => Task.FromResult(false)), limit, either.Token);
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
            return takeBack.IsCancellationRequested ? StepFailure.Requested()
                : _looks == looksBefore ? StepFailure.NotSeen(limit.Total)
                : StepFailure.OutOfTime(step, limit.Total, Seen);
        }
    }

    public async Task<HostSnapshot> LookAsync(SnapshotSections facts, CancellationToken cancel)
    {
        Seen = await reader.ReadAsync(facts, Seen, cancel);
        _looks++;
        return Seen;
    }

    private async Task<StepFailure?> UntilItHappened(
        Step step, Action<string> waiting, Func<StepDeadline, Task<bool>> handleRequest, StepDeadline limit, CancellationToken either)
    {
        var applied = false;
        var way = step;
        var look = s_shortestLook;
        while (true)
        {
            var began = clock.GetTimestamp();
            using var thisLook = CancellationTokenSource.CreateLinkedTokenSource(either);
            var looking = LookAsync(step, applied, thisLook.Token);
            if (!applied && NeedsNoLook(step) && await IsLateAsync(looking, either))
                applied = await TryApplyAsync(step, looking, thisLook, either);
            if (await looking is { } blind)
            {
                // Nobody can see it happen then.
                if (!NeedsNoLook(step)) throw blind;
                if (!applied) await step.ApplyAsync(controls, either);
                return StepFailure.Of(blind);
            }
            var took = clock.GetElapsedTime(began);
            if (!IsOnTheWayBack && OfBus(step) is { } fallen) return fallen;
            // What is true of another card says nothing about this one.
            if (StepFailure.OfExchanged(step, card, _planned, Seen) is { } other) return other;
            if (step.HasHappened(Seen) && (applied || !step.IsProvenByItsCommand())) return null;
            if (StepFailure.OfGone(step, Seen) is { } gone) return gone;
            if (MustNot(step) is { } dead) return dead;
            if (applied && way.Next(Seen) is { } next)
            {
                way = next;
                applied = false;
                waiting(way.Describe());
            }
            if (!applied && BlockedBy(step) is { } notYet) waiting(notYet);
            else if (!applied)
            {
                try
                {
                    // A PCI write is never abandoned because somebody changed their mind: it is waited for, then rolled back.
                    // Nor is it taken for stuck because what it had to wait for took most of the step's time.
                    using var ofWrite = new CancellationTokenSource(limit.Left > step.WriteLimit() ? limit.Left : step.WriteLimit(), clock);
                    await way.ApplyAsync(controls, step.TouchesPci() ? ofWrite.Token : either);
                    applied = true;
                    continue;
                }
                catch (HostException refused) when (refused is { IsTransient: false } and not StuckException && way.Next(Seen) is not null)
                {
                    // As nvidia's module, which does not load where no card is left for it.
                    applied = true;
                    continue;
                }
                catch (HostException busy) when (busy.IsTransient)
                {
                    waiting(busy.Message);
                }
            }
            else waiting(step.PendingReason(Seen));
            if (await handleRequest(limit)) return null;
            // Whoever makes looks long must not have the machine do nothing else; what is waited for needs the processor.
            await Task.Delay(took, clock, either);
            await reader.WaitForChangeAsync(look, either);
            look = look * 2 < s_longestLook ? look * 2 : s_longestLook;
        }
    }

    /// <summary>A machine that is slow to look at must not keep the desktop down.</summary>
    private async Task<bool> IsLateAsync(Task looking, CancellationToken cancel) =>
        !looking.IsCompleted
        && await Task.WhenAny(looking, Task.Delay(s_lateLook, clock, cancel)) != looking
        && !cancel.IsCancellationRequested;

    /// <summary>Does a step before it could be looked at.</summary>
    /// <returns>False when it was refused for now, and is tried again after the look.</returns>
    private async Task<bool> TryApplyAsync(Step step, Task looking, CancellationTokenSource thisLook, CancellationToken cancel)
    {
        try
        {
            await step.ApplyAsync(controls, cancel);
            return true;
        }
        catch (HostException busy) when (busy.IsTransient)
        {
            return false;
        }
        catch
        {
            // What is found out by a look that nobody waits for must not be taken for the newest.
            await thisLook.CancelAsync();
            await looking.ContinueWith(
                late => late.Exception,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            throw;
        }
    }

    /// <summary>A kernel that is stuck or has crashed ends the way there, and every write to PCI on the way back.</summary>
    private StepFailure? MustNot(Step step) =>
        (step.TouchesPci() || (!IsOnTheWayBack && !step.NeedsNoUndo()) ? StepFailure.OfKernel(Seen) : null)
        ?? (step.TouchesPci() ? OfBus(step) : null);

    /// <summary>The way back needs no look to stop or to start a service; what ends a session or a program needs one everywhere.</summary>
    private bool NeedsNoLook(Step step) => IsOnTheWayBack && !step.TouchesPci() && !step.IsIrreversible();

    private string? BlockedBy(Step step) => NeedsNoLook(step) ? null : step.BlockedBy(Seen);

    private StepFailure? OfBus(Step step) => step.TouchesPci() || step.RequiredDevice() is not null ? StepFailure.OfBus(card, Seen) : null;

    /// <summary>A refusal or a time-out is no evidence either: only a look is. A machine that does not answer has shown nothing.</summary>
    private async Task<bool> HappenedAllTheSame(Step step)
    {
        using var limit = new CancellationTokenSource(s_lastLook, clock);
        try
        {
            return !step.IsProvenByItsCommand() && await LookAsync(step, isDone: false, limit.Token) is null && step.HasHappened(Seen);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <returns>Why the machine could not be looked at; null when it could.</returns>
    private async Task<HostException?> LookAsync(Step step, bool isDone, CancellationToken cancel)
    {
        try
        {
            await LookAsync(step.SectionsToVerify(Seen, isDone), cancel);
            return null;
        }
        catch (HostException blind)
        {
            return blind;
        }
    }
}

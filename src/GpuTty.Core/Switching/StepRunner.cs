using GpuTty.Host;
using GpuTty.Steps;

namespace GpuTty.Switching;

/// <summary>Takes one step: looks, waits until it may be done, does it, and looks again until it is seen to have happened or its time is over.</summary>
internal sealed class StepRunner(IHostReader reader, IHostControls controls, TimeProvider clock, HostSnapshot before)
{
    private static readonly TimeSpan ShortestLook = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestLook = TimeSpan.FromMilliseconds(250);

    /// <summary>The machine as last seen; facts that no step asked for are as old as the plan.</summary>
    public HostSnapshot Seen { get; private set; } = before;

    /// <returns>Null when it was seen to happen.</returns>
    public async Task<StepFailure?> TakeAsync(Step step, Action<string> waiting, CancellationToken takeBack)
    {
        using var limit = new CancellationTokenSource(step.Limit(), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, takeBack);
        try
        {
            return await UntilItHappened(step, waiting, limit.Token, either.Token);
        }
        catch (HostException refusal)
        {
            return await HappenedAllTheSame(step) ? null : StepFailure.Of(refusal);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            if (await HappenedAllTheSame(step)) return null;
            if (step.TouchesPci() && StepFailure.OfKernel(Seen) is { } stuck) return stuck;
            return takeBack.IsCancellationRequested ? StepFailure.Wished() : StepFailure.OutOfTime(step.Limit(), step.NotYet(Seen) ?? step.Missing(Seen));
        }
    }

    private async Task<StepFailure?> UntilItHappened(Step step, Action<string> waiting, CancellationToken limit, CancellationToken either)
    {
        var applied = false;
        var look = ShortestLook;
        while (true)
        {
            await LookAsync(step, either);
            if (step.HasHappened(Seen)) return null;
            if (step.TouchesPci() && StepFailure.OfKernel(Seen) is { } dead) return dead;
            if (!applied && step.NotYet(Seen) is { } notYet) waiting(notYet);
            else if (!applied)
            {
                try
                {
                    // A PCI write is never abandoned because somebody changed their mind: it is waited for, then taken back.
                    await step.ApplyAsync(controls, step.TouchesPci() ? limit : either);
                    applied = true;
                    continue;
                }
                catch (HostException busy) when (busy.IsTransient)
                {
                    waiting(busy.Message);
                }
            }
            else waiting(step.Missing(Seen));
            await reader.WaitForChangeAsync(look, either);
            look = look * 2 < LongestLook ? look * 2 : LongestLook;
        }
    }

    /// <summary>A refusal or a time-out is no evidence either: only a look is.</summary>
    private async Task<bool> HappenedAllTheSame(Step step)
    {
        await LookAsync(step, CancellationToken.None);
        return step.HasHappened(Seen);
    }

    private async Task LookAsync(Step step, CancellationToken cancel) =>
        Seen = await reader.ReadAsync(step.TouchesPci() ? step.ProvenBy() | Facts.State : step.ProvenBy(), Seen, cancel);
}

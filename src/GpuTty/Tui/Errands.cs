using System.Runtime.ExceptionServices;
using GpuTty.Host;
using GpuTty.Switching;

namespace GpuTty.Tui;

/// <summary>Carries out effects and brings back news, each in a task of its own, so that nothing slow is ever waited for.</summary>
internal sealed class Errands(IHostReader reader, ISwitchDesk desk, TuiOptions options, Action<Msg> post)
{
    // A burst of events is one change to look at.
    private static readonly TimeSpan LeastBetweenLooks = TimeSpan.FromMilliseconds(200);
    private readonly Lock gate = new();
    private volatile int wanted = (int)Facts.All;
    private CancellationTokenSource? pause;
    private bool isWanted;
    private volatile ExceptionDispatchInfo? broken;
    private CancellationToken stop;

    public void Begin(bool isRunning, Facts facts, CancellationToken until)
    {
        stop = until;
        wanted = (int)facts;
        if (options.ListenToKernel is { } listen) Go(() => ListenAsync(listen));
        Go(LookAsync);
        if (isRunning) Go(FollowAsync);
    }

    /// <summary>An error nobody expected ends the program where it can be seen, and not a task where it cannot.</summary>
    public void ThrowIfBroken() => broken?.Throw();

    /// <summary>From now on each look finds out this; what was not wanted before is looked at now.</summary>
    public void Want(Facts facts)
    {
        var before = (Facts)wanted;
        if (before == facts) return;
        wanted = (int)facts;
        if ((facts & ~before) != 0) LookNow();
    }

    public void Perform(Effect effect)
    {
        switch (effect)
        {
            case Effect.ReadHost: LookNow(); break;
            case Effect.BeginRun begin: Go(() => BeginAsync(begin)); break;
            case Effect.TakeBack: Go(() => Telling(async () => { await desk.TakeBackAsync(stop); return ""; })); break;
            case Effect.Dismiss dismiss: Go(() => Telling(async () => { await desk.DismissAsync(dismiss.Run, stop); return "It is left as it is, and not offered any more."; })); break;
            case Effect.Ask ask: Go(() => Telling(async () => { await desk.WishAsync(ask.Wish, stop); return ""; })); break;
            case Effect.ShowTerminal show: Go(() => Telling(async () => { await options.ShowTerminal!(show.Vt, stop); return options.Demo is null ? "" : $"In the demo nothing is shown there; a real machine would show tty{show.Vt} now."; })); break;
            case Effect.OpenConsole open: Go(() => Telling(async () => $"GpuTty goes on at tty{await options.OpenConsole!(open.Card, stop)}; q there leads back here.")); break;
            case Effect.WriteReport: Go(() => Telling(async () => $"The report is in {await options.WriteReport!(stop)}")); break;
            case Effect.SaveLog save: Go(() => Telling(async () => $"The log is in {await options.SaveLog!(save.Lines, stop)}")); break;
        }
    }

    private async Task BeginAsync(Effect.BeginRun begin)
    {
        try
        {
            await desk.BeginAsync(begin.Plan, stop);
        }
        catch (HostException refused)
        {
            post(new Msg.RunRefused(refused.Message, refused.Remedy));
            return;
        }
        await FollowAsync();
    }

    private async Task FollowAsync()
    {
        await desk.FollowAsync(entry => post(new Msg.RunReported(entry)), line => post(new Msg.Logged(line)), stop);
        post(new Msg.RunLeft());
    }

    private async Task ListenAsync(Func<Action<LogLine>, CancellationToken, Task> listen)
    {
        await listen(line => post(new Msg.KernelSaid(line)), stop);
        post(new Msg.KernelSilent());
    }

    private async Task LookAsync()
    {
        HostSnapshot? last = null;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                last = await reader.ReadAsync((Facts)wanted, last, stop);
                post(new Msg.HostRead(last));
            }
            catch (HostException problem)
            {
                post(new Msg.HostUnreadable($"{problem.Message} {problem.Remedy}"));
            }
            await Task.Delay(LeastBetweenLooks, options.Clock, stop);
            await PauseAsync();
        }
    }

    private async Task PauseAsync()
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        lock (gate)
        {
            if (isWanted) ended.Cancel();
            isWanted = false;
            pause = ended;
        }
        try
        {
            await reader.WaitForChangeAsync(options.LookAtLeastEvery, ended.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // Somebody wants a look now.
        }
        lock (gate) pause = null;
    }

    private void LookNow()
    {
        lock (gate)
        {
            if (pause is null) isWanted = true;
            else pause.Cancel();
        }
    }

    private async Task Telling(Func<Task<string>> deed)
    {
        try
        {
            post(new Msg.Told(await deed()));
        }
        catch (HostException refused)
        {
            post(new Msg.Told($"{refused.Message} {refused.Remedy}", IsTrouble: true));
        }
    }

    private void Go(Func<Task> deed) => _ = Task.Run(async () =>
    {
        try
        {
            await deed();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The program is ending.
        }
        catch (Exception unexpected)
        {
            broken = ExceptionDispatchInfo.Capture(unexpected);
            post(new Msg.Told("", IsTrouble: true));
        }
    });
}
